"""Expenses as screens remember them: the list, and the form in which one is approved."""

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.expenses import ExpenseForm, ExpenseRow
from ontrack_app.services.screens import expenses as screens
from state.asking import AskingState
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState
from state.session import ask, say

PARTS = ("amount", "reason")
REJECT = MoveCard(name="reject", label="Reject", needs_reason=True)


class ExpensesState(ListState, AskingState, rx.State):
    """The list of claims, and the decision on one."""

    rows: list[ExpenseRow] = []
    form: ExpenseForm = ExpenseForm()
    open: bool = False
    errors: dict[str, str] = {}
    refused: str = ""

    @rx.event
    @guarded(Permission.EXPENSES_READ)
    async def load(self) -> None:
        """Show the claims that the address asks for."""
        self.rows = await self._listed(screens.listing)

    @rx.event
    @guarded(Permission.EXPENSES_APPROVE)
    async def approve(self, expense_id: str) -> None:
        """Open the form in which the claim is approved."""
        self.form = await ask(self, screens.form, an_id(expense_id))
        self.errors, self.refused, self.open = {}, "", True

    @rx.event
    @guarded(Permission.EXPENSES_APPROVE)
    async def keep(self, data: dict[str, str]) -> None:
        """Approve the amount that was typed."""
        typed = {name: data[name] for name in PARTS if name in data}
        self.form, self.errors, self.refused = self.form.model_copy(update=typed), {}, ""
        an_id(self.form.id)
        try:
            words = await ask(self, screens.approve, self.form)
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
            self.refused = "" if set(self.errors) & set(PARTS) else str(error)
            return
        self.open = False
        await say(self, words)
        self.rows = await self._listed(screens.listing)

    @rx.event
    @guarded(Permission.EXPENSES_APPROVE)
    async def reject(self, expense_id: str) -> None:
        """Ask why the claim is rejected."""
        title = next((row.title for row in self.rows if row.id == expense_id), "")
        self._asks(expense_id, REJECT.model_copy(update={"confirm_title": f"Reject “{title}”"}))

    @rx.event
    @guarded(Permission.EXPENSES_APPROVE)
    async def answer(self, data: dict[str, str]) -> None:
        """Reject the claim with the reason that was given."""
        try:
            await ask(self, screens.reject, an_id(self.question.about), data.get("reason", ""))
        except Invalid as error:
            self._asked(error)
            return
        self._asked()
        self.rows = await self._listed(screens.listing)

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the form without deciding."""
        if not is_open:
            self.open = False
