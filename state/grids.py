"""The only home of what grids of lines share in States: one change per cell, refusals that stay where they were typed.

class InvoiceState(GridState, rx.State):
    def _drafts(self) -> Drafts:
        return invoice_drafts
"""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid, NotFound
from ontrack_app.schemas.screens.papers import Found, Paper
from ontrack_app.services.screens import papers
from ontrack_app.work import Work
from state.guarding import guarded
from state.lists import row_id
from state.session import ask


class Drafts(Protocol):
    """The services of one noun's draft; each decides itself whether the actor may."""

    def change_fact(self, work: Work, row_id: UUID, name: str, typed: str, version: int, /) -> object:
        """Changes one fact of the draft."""

    def change_cell(self, work: Work, row_id: UUID, line_id: UUID, cell: str, typed: str, /) -> Paper:
        """Puts what was typed into one cell."""

    def add_from_book(self, work: Work, row_id: UUID, item_id: UUID, /) -> Paper:
        """Adds an entry of the price book."""

    def add_own(self, work: Work, row_id: UUID, description: str, /) -> Paper:
        """Adds a line that the price book does not have."""

    def remove_line(self, work: Work, row_id: UUID, line_id: UUID, /) -> Paper:
        """Takes a line off."""


class GridState(rx.State, mixin=True):
    """The lines of a draft as they are typed; the services refuse whoever may not."""

    paper: Paper = Paper()
    version: int = 0
    errors: dict[str, str] = {}
    query: str = ""
    found: list[Found] = []
    _cell_errors: dict[str, str] = {}

    def _drafts(self) -> Drafts:
        raise NotImplementedError

    async def _again(self) -> None:
        """Reads the page again: the trail of a change is written when its transaction ends."""
        raise NotImplementedError

    async def _keep_fact(self, name: str, text: str) -> None:
        """Keeps what was typed into one field; what is refused stays there with the reason under it."""
        self.errors = {field: words for field, words in self.errors.items() if field != name}
        try:
            await ask(self, self._drafts().change_fact, row_id(self), name, text, self.version)
            await self._again()
        except Invalid as error:
            self.errors = {**self.errors, name: refused(error)}

    def _fresh_grid(self) -> None:
        self.query, self.found, self.errors, self._cell_errors = "", [], {}, {}

    def _print(self, paper: Paper) -> None:
        self.paper, self.version = with_errors(paper, self._cell_errors), paper.version

    @rx.event
    @guarded.any_member
    async def commit(self, line_id: str, cell: str, text: str) -> None:
        """Keep what was typed into a cell; what is refused stays there with the reason under it."""
        place = f"{line_id} {cell}"
        try:
            paper = await ask(self, self._drafts().change_cell, row_id(self), an_id(line_id), cell, text)
        except Invalid as error:
            self._cell_errors = {**self._cell_errors, place: refused(error)}
            self.paper = with_errors(self.paper, self._cell_errors)
            return
        self._cell_errors = {at: words for at, words in self._cell_errors.items() if at != place}
        self._print(paper)

    @rx.event
    @guarded.any_member
    async def remove(self, line_id: str) -> None:
        """Take a line off."""
        self._print(await ask(self, self._drafts().remove_line, row_id(self), an_id(line_id)))

    @rx.event
    @guarded(Permission.PRICE_ITEMS_READ)
    async def find(self, text: str) -> None:
        """Search the price book."""
        self.query = text
        self.found = await ask(self, papers.search, text)

    @rx.event
    @guarded.any_member
    async def pick(self, item_id: str) -> None:
        """Add an entry of the price book."""
        self._print(await ask(self, self._drafts().add_from_book, row_id(self), an_id(item_id)))
        self.query, self.found = "", []

    @rx.event
    @guarded.any_member
    async def write(self, text: str) -> None:
        """Add a line that the price book does not have."""
        self._print(await ask(self, self._drafts().add_own, row_id(self), text))
        self.query, self.found = "", []


def with_errors(paper: Paper, errors: Mapping[str, str]) -> Paper:
    """The paper with what was refused in each line; errors are by "line cell"."""
    lines = [
        line.model_copy(
            update={"error": " ".join(words for at, words in errors.items() if at.startswith(f"{line.id} "))}
        )
        for line in paper.lines
    ]
    return paper.model_copy(update={"lines": lines})


def refused(error: Invalid) -> str:
    """What to type instead, in the error's own words."""
    return error.errors[0].message if error.errors else error.detail


def an_id(text: str) -> UUID:
    """The id that a button or a choice carries.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is nothing with this id.") from None
