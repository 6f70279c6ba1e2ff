"""The only home of galleries: photos and documents as tiles, with words on those that cannot be looked at yet."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from ontrack_app.ui.badge import stage_badge
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Handler, Items, Text
from ontrack_app.ui.native import hidden, native_form
from ontrack_app.ui.widgets import UploadBox
from ontrack_app.ui.words import nav_link

ACCEPTED = "image/jpeg,image/png,image/heic,image/heif,image/webp,image/gif,.heic,.heif,application/pdf"


def gallery(groups: Items, acts: Callable[[Any], rx.Component] | None = None) -> rx.Component:
    """Groups (`.title .note .tiles`) of tiles (`.name .quiet .href .thumb .badge .note .is_visible`); `acts(tile)` is what
    may be done with one, such as a menu."""

    def one(tile: Any) -> rx.Component:
        return _tile(tile, acts(tile) if acts is not None else rx.fragment())

    def group(found: Any) -> rx.Component:
        head = rx.el.h3(
            found.title, rx.cond(found.note, rx.el.span(found.note, class_name="ot-quiet"), rx.fragment())
        )
        return rx.el.div(
            head,
            rx.el.ul(rx.foreach(found.tiles, one), class_name="ot-photos"),
            class_name="ot-photo-group",
        )

    return rx.el.div(rx.foreach(groups, group), class_name="ot-gallery")


def _tile(tile: Any, acts: rx.Component) -> rx.Component:
    picture = rx.el.img(src=tile.thumb, alt=tile.name, loading="lazy")
    paper = rx.el.span(icon("file-text", 24), class_name="ot-photo-paper")
    opened = nav_link(
        tile.href,
        rx.cond(tile.thumb, picture, paper),
        external=True,
        target="_blank",
        rel="noopener",
        aria_label=tile.name,
        class_name="ot-photo-look",
    )
    waiting = rx.el.span(icon("image", 24), class_name="ot-photo-look ot-photo-paper")
    shown = rx.cond(
        tile.is_visible,
        rx.el.span(
            icon("eye", 14),
            title="Customers see it",
            role="img",
            aria_label="Customers see it",
            class_name="ot-quiet",
        ),
    )
    words = rx.el.div(
        rx.el.b(tile.name, title=tile.name),
        rx.el.span(tile.quiet, class_name="ot-small ot-quiet"),
        rx.cond(tile.badge.word, stage_badge(tile.badge.word, tile.badge.tint)),
        rx.cond(tile.note, rx.el.span(tile.note, class_name="ot-small ot-quiet")),
        class_name="ot-photo-words",
    )
    foot = rx.el.div(words, rx.el.span(shown, acts, class_name="ot-photo-acts"), class_name="ot-photo-foot")
    return rx.el.li(rx.cond(tile.href, opened, waiting), foot, class_name="ot-photo")


def upload_form(
    action: Text, *, token: Text, given: dict[str, Text], on_added: Handler | None = None
) -> rx.Component:
    """A control for files, which moment they show, and a button. The browser itself can carry it out; where our script runs,
    files go piece by piece with their progress, may be dropped here, and go on where they stopped. `given` (noun, row_id)
    travels along; `on_added` hears of each file that was sent."""
    files = rx.el.input(
        type="file",
        name="files",
        multiple=True,
        accept=ACCEPTED,
        required=True,
        aria_label="Files",
        class_name="ot-input ot-file",
    )
    phases = rx.el.select(
        rx.el.option("No moment", value=""),
        rx.el.option("Before", value="before"),
        rx.el.option("During", value="during"),
        rx.el.option("After", value="after"),
        name="phase",
        aria_label="Which moment the photos show",
        class_name="ot-input",
    )
    send = rx.el.button("Add", type="submit", class_name="ot-button")
    hint = rx.el.p(
        "Choose photos or PDF, or drop them here: at most 25 MB each, 20 at a time. They are checked before anybody can open them.",
        class_name="ot-help",
    )
    form = native_form(
        action,
        *(hidden(name, value) for name, value in given.items()),
        rx.el.div(files, phases, send, class_name="ot-upload-row"),
        hint,
        token=token,
        enc_type="multipart/form-data",
        class_name="ot-upload",
    )
    heard: dict[str, Any] = {} if on_added is None else {"on_added": on_added}
    return UploadBox.create(form, noun=given["noun"], row=given["row_id"], **heard)
