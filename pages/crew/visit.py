"""One visit on a crew's phone: clock, steps, photos, signature, what was used, and what is asked of the office."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.crew.frame import by_status, crew_page
from pages.crew.picture import CREW, do
from pages.crew.today import access, links, warning

VISIT: Any = CREW.visit
STOP: Any = VISIT.stop
ABOUT: dict[str, Any] = {"visit_id": STOP.id}


@rx.page(route="/crew/visit", title="Visit")
def visit() -> rx.Component:
    """The visit that the address names by `id`."""
    head = ui.crew_head(
        rx.cond(STOP.title, STOP.title, "Visit"),
        rx.cond(STOP.id, _menu(), rx.fragment()),
        sub=STOP.place,
        back="/crew",
    )
    gone = ui.empty(
        "This visit is not on this phone",
        "The office moved it, or gave it to somebody else. What you did there is kept.",
        ui.link_button("Back to today", "/crew"),
    )
    return crew_page("today", head, by_status(CREW.visit_status, _full(), nothing=gone), foot=_foot())


def _menu() -> rx.Component:
    def asks(label: str, icon: str, name: str, about: dict[str, Any]) -> rx.Component:
        return ui.menu_item(label, icon, on_select=do("ask", name, about))

    skip = asks("Nobody home, no access", "door-closed", "no_access", ABOUT)
    opener = rx.el.button(ui.icon("ellipsis", 20), type="button", class_name="ot-tap", aria_label="More")
    return ui.menu(
        asks("Extra work, ask the office", "circle-plus", "extra_work", ABOUT),
        asks("Ask for another visit", "calendar-plus", "follow_up", ABOUT),
        asks("Ask for another time", "calendar-clock", "ask_time", ABOUT),
        rx.cond(
            STOP.property_id,
            asks("Change how to get in", "key-round", "access", {"property_id": STOP.property_id}),
            rx.fragment(),
        ),
        rx.cond(
            STOP.contact_id,
            asks("Correct the phone number", "phone", "phone", {"contact_id": STOP.contact_id}),
            rx.fragment(),
        ),
        rx.cond(STOP.can_skip, skip, rx.fragment()),
        trigger=opener,
    )


def _full() -> rx.Component:
    begun = VISIT.timer.begun
    return rx.fragment(
        _clock(),
        rx.cond(begun, rx.fragment(), _where()),
        _steps(),
        _photos(),
        _signature(),
        _used(),
        _notes(),
        _asked(),
        rx.cond(begun, _where(), rx.fragment()),
    )


def _clock() -> rx.Component:
    pause = ui.button("Pause", on_click=do("move", STOP.id, "pause"))
    words = rx.el.span(
        ui.stage_badge(STOP.stage.word, STOP.stage.tint),
        rx.cond(
            VISIT.timer.begun, rx.el.b(VISIT.timer.text), rx.el.span(STOP.window, class_name="ot-strong")
        ),
        rx.el.span(VISIT.timer.since, class_name="ot-quiet"),
        class_name="ot-row ot-grow ot-wrap",
    )
    return rx.el.div(
        words,
        rx.cond(STOP.can_pause, pause, rx.fragment()),
        class_name="ot-crew-clock",
    )


def _where() -> rx.Component:
    change = ui.text_button("Change", do("ask", "access", {"property_id": STOP.property_id}))
    return ui.crew_section(
        "How to get there",
        rx.el.p(STOP.window, rx.cond(STOP.client, " · ", ""), STOP.client, class_name="ot-quiet"),
        rx.cond(STOP.company, rx.el.p(STOP.company, class_name="ot-quiet"), rx.fragment()),
        warning(STOP),
        rx.foreach(STOP.instructions, lambda text: rx.el.div(ui.prose(text), key=text)),
        access(STOP),
        links(STOP),
        action=rx.cond(STOP.property_id, change, rx.fragment()),
    )


def _steps() -> rx.Component:
    rows = rx.el.ul(rx.foreach(VISIT.steps.rows, _step), class_name="ot-crew-steps")
    part = ui.crew_section("Steps", rows, side=VISIT.steps.progress)
    return rx.cond(VISIT.steps.rows.length() > 0, part, rx.fragment())


def _step(step: Any) -> rx.Component:
    about = {"item_id": step.id}
    ask = do("ask", "step", about)
    box = rx.el.span(ui.icon("check", 20), class_name="ot-crew-box", custom_attrs={"data-stage": step.stage})
    tick = rx.el.button(
        box,
        type="button",
        class_name="ot-tap",
        aria_label=step.said,
        on_click=rx.cond((step.stage == "open") & (step.kind == "check"), do("check", STOP.id, step.id), ask),
    )
    camera = ui.camera(
        step.said, box, on_files=do("photos", STOP.id, step.id, takes="files"), class_name="ot-tap"
    )
    side = rx.el.span(
        rx.cond(step.camera, ui.icon("camera", 16), rx.fragment()),
        step.side,
        class_name="ot-crew-step-side",
        custom_attrs={"data-required": rx.cond(step.required, "true", "false")},
    )
    words = rx.el.button(
        rx.el.span(step.label, class_name="ot-grow"),
        side,
        type="button",
        class_name="ot-crew-step",
        on_click=ask,
    )
    return rx.el.li(rx.cond(step.camera, camera, tick), words, key=step.id)


def _photos() -> rx.Component:
    add = do("photos", STOP.id, "", takes="files")
    tile = ui.camera("Take a photo", ui.icon("camera", 24), "Add", on_files=add, class_name="ot-crew-add")
    album = ui.camera(
        "Choose photos of this phone", "From this phone", on_files=add, album=True, class_name="ot-link"
    )
    return ui.crew_section(
        "Photos",
        rx.el.ul(
            rx.foreach(VISIT.photos, _photo),
            rx.el.li(tile),
            class_name="ot-crew-photos",
        ),
        side=rx.cond(VISIT.photos.length() > 0, VISIT.photos.length().to_string(), ""),
        action=album,
    )


def _photo(photo: Any) -> rx.Component:
    picture = rx.cond(
        photo.picture,
        rx.el.img(src=photo.picture, alt=photo.said),
        rx.el.span(ui.icon("image", 24), class_name="ot-crew-blank", role="img", aria_label=photo.said),
    )
    label = rx.el.span(photo.label, custom_attrs={"data-refused": rx.cond(photo.refused, "true", "false")})
    return rx.el.li(picture, label, key=photo.id)


def _signature() -> rx.Component:
    sign = do("sign", STOP.id, VISIT.signature.item_id, STOP.client)
    pad = rx.el.button(
        ui.icon("pen-line", 20), VISIT.signature.hint, type="button", class_name="ot-crew-pad", on_click=sign
    )
    given = rx.el.ul(
        rx.foreach(
            VISIT.signature.rows,
            lambda one: ui.crew_row(one.name, one.when, ui.icon("check", 20), key=one.id),
        ),
        class_name="ot-rows",
    )
    must = rx.el.span("Required", class_name="ot-crew-step-side", custom_attrs={"data-required": "true"})
    return ui.crew_section(
        "Customer signature",
        given,
        rx.cond((VISIT.signature.rows.length() > 0) & (VISIT.signature.item_id == ""), rx.fragment(), pad),
        action=rx.cond(VISIT.signature.required, must, rx.fragment()),
    )


def _add(label: str, name: str) -> rx.Component:
    return ui.text_button(label, do("ask", name, ABOUT))


def _used() -> rx.Component:
    def material(one: Any) -> rx.Component:
        change = ui.text_button("More or less", do("ask", "adjust", {"material_id": one.id}))
        return ui.crew_row(one.name, one.quantity, change, key=one.id)

    def expense(one: Any) -> rx.Component:
        badge = ui.stage_badge(one.stage.word, one.stage.tint)
        return ui.crew_row(one.title, one.receipt, badge, key=one.id)

    return rx.fragment(
        ui.crew_section(
            "Materials",
            rx.el.ul(rx.foreach(VISIT.materials, material), class_name="ot-rows"),
            action=_add("Add material", "material"),
        ),
        ui.crew_section(
            "Expenses",
            rx.el.ul(rx.foreach(VISIT.expenses, expense), class_name="ot-rows"),
            action=_add("Add expense", "expense"),
        ),
    )


def _notes() -> rx.Component:
    def one(note: Any) -> rx.Component:
        who = rx.el.span(note.who, rx.cond(note.when, " · ", ""), note.when)
        return ui.crew_row(ui.prose(note.text), who, key=note.id)

    rows = rx.el.ul(rx.foreach(VISIT.notes, one), class_name="ot-rows")
    return ui.crew_section("Notes", rows, action=_add("Add note", "note"))


def _asked() -> rx.Component:
    def one(ask: Any) -> rx.Component:
        return ui.crew_row(ask.kind, ask.text, ui.stage_badge(ask.stage.word, ask.stage.tint), key=ask.id)

    rows = rx.el.ul(rx.foreach(VISIT.asks, one), class_name="ot-rows")
    return ui.crew_section("Asked of the office", rows, action=_add("Extra work", "extra_work"))


ICONS = {
    "play": "play",
    "truck": "truck",
    "flag": "flag",
    "camera": "camera",
    "pen": "pen-line",
    "check": "check",
}


def _foot() -> rx.Component:
    words = rx.cond(VISIT.foot.words, rx.el.p(VISIT.foot.words), rx.fragment())
    acts = rx.el.div(
        _act(VISIT.foot.first, "primary"),
        rx.cond(VISIT.foot.second.kind, _act(VISIT.foot.second, "secondary"), rx.fragment()),
        class_name="ot-crew-acts",
    )
    bar = rx.el.footer(words, acts, class_name="ot-crew-foot")
    return rx.cond(VISIT.foot.shown, bar, rx.fragment())


def _act(act: Any, kind: str) -> rx.Component:
    """A button of the foot: the camera is a label, all else a button."""
    face = (
        rx.match(act.icon, *((name, ui.icon(icon, 20)) for name, icon in ICONS.items()), rx.fragment()),
        act.label,
    )
    attrs = {"data-kind": kind, "data-act": act.kind}
    take = ui.camera(
        act.label,
        *face,
        on_files=do("photos", STOP.id, act.arg, takes="files"),
        class_name="ot-button",
        custom_attrs=attrs,
    )
    press = rx.el.button(
        *face,
        type="button",
        class_name="ot-button",
        custom_attrs=attrs,
        on_click=do("next", STOP.id, act.kind, act.arg, STOP.client),
    )
    return rx.cond(act.kind == "camera", take, press)
