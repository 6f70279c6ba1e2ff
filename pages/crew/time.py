"""A crew member's hours on the phone: what runs, today and the week by kind, each stretch with its standing."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.crew.frame import by_status, crew_page
from pages.crew.picture import CREW, do

HOURS: Any = CREW.hours
ICONS = (("travel", "truck"), ("work", "hammer"), ("break", "coffee"))


@rx.page(route="/crew/time", title="Time")
def time() -> rx.Component:
    """Today's and the week's hours."""
    return crew_page("time", ui.crew_head("Time"), by_status(CREW.rest_status, _full()))


def _full() -> rx.Component:
    nothing = ui.empty("No hours this week", "They begin with On my way or Start, or with a button above.")
    add = ui.text_button("Add hours", do("ask", "correct", {}))
    return rx.fragment(
        rx.cond(HOURS.clock, ui.note(HOURS.clock, "waiting", "clock"), rx.fragment()),
        rx.el.div(
            rx.el.span(
                rx.el.b(HOURS.running_words),
                rx.el.span(
                    HOURS.running_since,
                    rx.cond(HOURS.running_where, " · ", ""),
                    HOURS.running_where,
                    class_name="ot-quiet",
                ),
                class_name="ot-row ot-grow ot-wrap",
            ),
            class_name="ot-crew-clock",
        ),
        ui.thumbs(rx.foreach(HOURS.kinds, _kind)),
        _sums("Today", HOURS.today),
        _sums("This week", HOURS.week),
        rx.el.div(rx.el.h2("Stretches", class_name="ot-grow"), add, class_name="ot-row ot-crew-part"),
        rx.cond(HOURS.empty, nothing, rx.foreach(HOURS.days, _day)),
    )


def _kind(kind: Any) -> rx.Component:
    sign = rx.match(kind.id, *((name, ui.icon(icon, 24)) for name, icon in ICONS), rx.fragment())
    return rx.el.button(
        rx.cond(kind.on, ui.icon("square", 24), sign),
        rx.cond(kind.on, rx.el.span("Stop ", kind.label.lower()), rx.el.span(kind.label)),
        type="button",
        class_name="ot-button",
        custom_attrs={"data-kind": rx.cond(kind.on, "primary", "secondary")},
        on_click=do("time", kind.id),
        key=kind.id,
    )


def _sums(title: str, sums: Any) -> rx.Component:
    def one(sum_: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(sum_.label), rx.el.dd(sum_.text), key=sum_.id)

    return rx.el.section(
        rx.el.h2(title, class_name="ot-todo-head"), rx.el.dl(rx.foreach(sums, one), class_name="ot-crew-sums")
    )


def _day(day: Any) -> rx.Component:
    return ui.day_part(day.title, rx.el.ul(rx.foreach(day.rows, _stretch), class_name="ot-rows"), key=day.id)


def _stretch(one: Any) -> rx.Component:
    what = rx.el.span(one.hours, rx.cond(one.what, " · ", ""), one.what)
    badge = rx.cond(one.tells, ui.stage_badge(one.stage.word, one.stage.tint), rx.fragment())
    correct = ui.text_button("Correct", do("ask", "correct", {"entry_id": one.id}))
    title = rx.el.span(one.kind, " ", rx.el.b(one.span))
    return ui.crew_row(title, what, badge, rx.cond(one.can_correct, correct, rx.fragment()), key=one.id)
