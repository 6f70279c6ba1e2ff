"""The only home of a record's gallery in the office: photos by the moment that they show, and the control that adds some."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from state.files import FilesState
from state.session import SessionState

STATE: Any = FilesState
GALLERY: Any = FilesState.gallery
PHASES = (("before", "Before"), ("during", "During"), ("after", "After"), ("", "No moment"))


def gallery_section() -> rx.Component:
    """Photos and files of the record at this address."""
    none = ui.empty(
        "No photos or files yet", "What crews send from their phones stands here, and what you add."
    )
    full = rx.cond(GALLERY.groups, ui.gallery(GALLERY.groups, _acts), none)
    section = ui.section("Photos and files", rx.cond(GALLERY.can_add, _add()), full, note=GALLERY.count)
    drawn: rx.Component = rx.cond(GALLERY.shown, rx.el.div(section, id="files"))
    return drawn


def _add() -> rx.Component:
    given = {"noun": GALLERY.noun, "row_id": GALLERY.row_id}
    return ui.fold(
        "Add photos or files",
        ui.upload_form("/files/add", token=SessionState.form_token, given=given, on_added=FilesState.added),
    )


def _acts(tile: Any) -> rx.Component:
    show = rx.cond(
        tile.is_visible,
        ui.menu_item("Hide from customers", "eye-off", on_select=STATE.show(tile.id, False)),
        ui.menu_item("Show to customers", "eye", on_select=STATE.show(tile.id, True)),
    )
    sort = [
        rx.cond(
            tile.is_photo & (tile.phase != key),
            ui.menu_item(f"Sort under {label.lower()}", on_select=STATE.sort(tile.id, key)),
        )
        for key, label in PHASES
    ]
    save = rx.cond(tile.save_href, ui.menu_item("Download", "download", href=tile.save_href))
    remove = rx.cond(
        GALLERY.can_remove,
        ui.menu_item("Put away", "archive", danger=True, on_select=STATE.remove(tile.id)),
    )
    changes = rx.cond(GALLERY.can_change, rx.fragment(show, *sort))
    return ui.menu(save, changes, remove, label=rx.Var.create("More about ") + tile.name)
