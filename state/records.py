"""The only home of how a record's page is read: what it shows, and what it says when there is nothing at the address."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

import reflex as rx

from ontrack_app.errors import Forbidden, NotFound
from ontrack_app.work import Work
from state.lists import row_id
from state.session import ask

Given = ParamSpec("Given")
Result = TypeVar("Result")


class RecordState(rx.State, mixin=True):
    """What every record's page remembers besides the record: loading, full, missing or error."""

    status: str = "loading"

    async def _recorded(
        self,
        service: Callable[Concatenate[Work, UUID, Given], Result],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Result | None:
        """What the service shows of the record at this address; None where there is none that the person may know."""
        try:
            found = await ask(self, service, row_id(self), *args, **kwargs)
        except (NotFound, Forbidden):
            self.status = "missing"
            return None
        except Exception:
            self.status = "error"
            raise
        self.status = "full"
        return found
