"""Today on a crew's phone: the next stop on top with its three buttons, the rest of the day, and two weeks. No price anywhere."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.crew.frame import by_status, crew_page
from pages.crew.picture import CREW, do

DAY: Any = CREW.day


@rx.page(route="/crew", title="Today")
def today() -> rx.Component:
    """The day of the crew member whose phone this is."""
    ahead = ui.nav_link(
        "#coming",
        ui.icon("calendar", 20),
        class_name="ot-tap",
        aria_label="The next two weeks",
        external=True,
    )
    head = ui.crew_head(
        rx.cond(DAY.title, DAY.title, "Today"),
        rx.cond(DAY.days.length() > 0, ahead, rx.fragment()),
        side=DAY.progress,
    )
    empty = ui.empty(
        "Nothing is planned for you", "Visits that the office gives you stand here, two weeks ahead."
    )
    return crew_page("today", head, by_status(CREW.status, _full(), empty=empty))


def _full() -> rx.Component:
    nothing = ui.empty("Nothing more today", "What comes next stands below.")
    return rx.fragment(
        rx.cond(DAY.has_next, _stop(DAY.next), nothing),
        ui.day_part("Then", rx.foreach(DAY.then, _row), shown_if=DAY.then.length() > 0),
        ui.day_part(
            "Not finished on earlier days", rx.foreach(DAY.left, _row), shown_if=DAY.left.length() > 0
        ),
        ui.day_part("Done today", rx.foreach(DAY.over, _row), shown_if=DAY.over.length() > 0),
        rx.el.div(rx.foreach(DAY.days, _day), id="coming"),
    )


def _day(day: Any) -> rx.Component:
    return ui.day_part(day.title, rx.foreach(day.rows, _row), key=day.id)


def _stop(stop: Any) -> rx.Component:
    when = rx.el.span(
        rx.el.span(stop.when, class_name="ot-next"),
        rx.el.span("·", class_name="ot-quiet"),
        rx.el.span(stop.window, class_name="ot-strong ot-cut"),
        class_name="ot-row ot-grow",
    )
    return ui.stop(
        when,
        ui.stage_badge(stop.stage.word, stop.stage.tint),
        stop.place,
        rx.el.p(stop.title, class_name="ot-second"),
        rx.cond(stop.client, rx.el.p(stop.client, class_name="ot-quiet")),
        rx.cond(stop.company, rx.el.p(stop.company, class_name="ot-quiet")),
        warning(stop),
        access(stop),
        links(stop),
        ui.thumbs(
            ui.thumb("On my way", "truck", stop.depart, do("moveOrShow", stop.id, "depart", stop.href)),
            ui.thumb("Start", "play", stop.arrive, do("moveOrShow", stop.id, "arrive", stop.href)),
            ui.thumb("Finish", "flag", stop.finish, do("moveOrShow", stop.id, "finish", stop.href)),
        ),
        _others(stop),
    )


def warning(stop: Any) -> rx.Component:
    """What the office marked the client with."""
    return rx.cond(stop.warning, ui.note(stop.warning, "bad", "circle-alert"), rx.fragment())


def access(stop: Any) -> rx.Component:
    """How to get in."""
    return rx.cond(stop.access, ui.note(ui.prose(stop.access), "waiting", "key-round"), rx.fragment())


def links(stop: Any) -> rx.Component:
    """Maps, call and text."""
    return ui.quick_row(
        ui.quick("Maps", "navigation", stop.maps, away=True),
        ui.quick("Call", "phone", stop.tel),
        ui.quick("Text", "message-square", stop.sms),
    )


def _others(stop: Any) -> rx.Component:
    """What is not of every day: the page of the visit, a break, a door that stays shut."""
    skip = ui.button(
        "Nobody home, no access",
        "quiet",
        "door-closed",
        wide=True,
        on_click=do("ask", "no_access", {"visit_id": stop.id}),
    )
    opened = ui.link_button("Steps and photos", stop.href, icon_name="list-checks")
    return rx.fragment(
        rx.el.div(
            opened,
            rx.cond(stop.can_pause, _move("Pause", "pause", stop), rx.fragment()),
            rx.cond(stop.can_resume, _move("Resume", "play", stop, "resume"), rx.fragment()),
            class_name="ot-two",
        ),
        rx.cond(stop.can_skip, skip, rx.fragment()),
    )


def _move(label: str, icon: str, stop: Any, name: str = "pause") -> rx.Component:
    return ui.button(label, icon_name=icon, on_click=do("move", stop.id, name))


def _row(row: Any) -> rx.Component:
    badge = rx.cond(row.tells, ui.stage_badge(row.stage.word, row.stage.tint), rx.fragment())
    return ui.stop_row(row.time, row.title, row.place, badge, row.href, key=row.id)
