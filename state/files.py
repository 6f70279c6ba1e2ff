"""The gallery of a record's page as a screen remembers it; it looks again while a file is being checked."""

import asyncio
from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Forbidden, NotFound
from ontrack_app.schemas.screens.files import Gallery
from ontrack_app.services.screens import files as screens
from state.grids import an_id
from state.guarding import guarded
from state.lists import row_id
from state.session import ask

LOOKS = (0.6, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)  # seconds between looks at a file that is being checked


class FilesState(rx.State):
    """The files of the job, visit or lead whose page is open."""

    gallery: Gallery = Gallery()

    async def _read(self, noun: str) -> bool:
        """Whether one of them is being checked; a record that is not there is told by its own page."""
        try:
            self.gallery = await ask(self, screens.gallery, noun, row_id(self))
        except (NotFound, Forbidden):
            self.gallery = Gallery()
        return self.gallery.waiting

    @rx.event
    @guarded.any_member
    async def load_job(self) -> Any:
        """Show the files of the job at this address."""
        return FilesState.watch if await self._read("jobs") else None

    @rx.event
    @guarded.any_member
    async def load_visit(self) -> Any:
        """Show the files of the visit at this address."""
        return FilesState.watch if await self._read("visits") else None

    @rx.event
    @guarded.any_member
    async def load_lead(self) -> Any:
        """Show the files of the lead at this address."""
        return FilesState.watch if await self._read("leads") else None

    @rx.event(background=True)
    @guarded.any_member
    async def watch(self) -> None:
        """Look again and again, for less than half a minute, whether what is being checked is ready."""
        for pause in LOOKS:
            await asyncio.sleep(pause)
            async with self:
                noun = self.gallery.noun
                if not noun or self.gallery.row_id != str(row_id(self)) or not await self._read(noun):
                    return

    @rx.event
    @guarded(Permission.FILES_WRITE)
    async def added(self) -> Any:
        """Show a file that was just sent, and go on looking until it is checked."""
        noun = self.gallery.noun
        return FilesState.watch if noun and await self._read(noun) else None

    @rx.event
    @guarded(Permission.FILES_WRITE)
    async def show(self, file_id: str, is_visible: bool) -> None:
        """Show a file to customers, or not any more."""
        await ask(self, screens.show, an_id(file_id), is_visible)
        await self._again()

    @rx.event
    @guarded(Permission.FILES_WRITE)
    async def sort(self, file_id: str, phase: str) -> None:
        """Say which moment of the work a photo shows."""
        await ask(self, screens.sort, an_id(file_id), phase)
        await self._again()

    @rx.event
    @guarded(Permission.FILES_DELETE)
    async def remove(self, file_id: str) -> None:
        """Put a file away."""
        await ask(self, screens.remove, an_id(file_id))
        await self._again()

    async def _again(self) -> None:
        if self.gallery.noun:
            await self._read(self.gallery.noun)
