"""The only home of forms in a State: what they show, which field was refused, and that nothing typed is lost.

class LeadFormState(FormState, rx.State):
    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def save(self, data: dict[str, str]) -> Any:
        saved = await self._sent(data, leads.save, row_id(self), self.version)
        return None if saved is None else rx.redirect(...)
"""

from collections.abc import Callable, Mapping
from typing import Concatenate, ParamSpec, TypeVar

import reflex as rx

from ontrack_app.errors import Invalid, Stale
from ontrack_app.schemas.screens.common import Form, Spec
from ontrack_app.services.screens.forms import flat
from ontrack_app.work import Work
from state.guarding import guarded
from state.session import ask

Given = ParamSpec("Given")
Result = TypeVar("Result")


class FormState(rx.State, mixin=True):
    """One form, in a dialog or on a page of its own."""

    open: bool = False
    specs: list[Spec] = []
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    trouble: str = ""
    version: int = 0

    def _show(self, form: Form) -> None:
        """Take over a form and open it."""
        self.specs, self.values, self.version = form.specs, form.values, form.version
        self.errors, self.trouble, self.open = {}, "", True

    async def _sent(
        self,
        data: Mapping[str, str],
        service: Callable[Concatenate[Work, Mapping[str, str], Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result | None:
        """What the service made of the typed texts; None when it refused them, which then stands at the fields."""
        self.errors, self.trouble = {}, ""
        try:
            result = await ask(self, service, data, *args, **kwargs)
        except Invalid as error:
            self._refuse(data, flat(error), str(error))
            return None
        except Stale as error:
            self._refuse(data, {}, f"{error} What you typed stays here until you leave.")
            return None
        self.open = False
        return result

    def _refuse(self, data: Mapping[str, str], errors: dict[str, str], words: str) -> None:
        known = {spec.name for spec in self.specs}
        self.values = {**self.values, **{name: text for name, text in data.items() if name in known}}
        self.errors = errors
        self.trouble = "" if errors and set(errors) <= known else words

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the form without saving; opening it needs the noun's own handler."""
        if not is_open:
            self.open = False
