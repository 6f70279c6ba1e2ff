"""What is on this phone alone, in words: conflicts with both values, what a person must decide, what is sent by itself."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.crew.frame import crew_page
from pages.crew.picture import CREW, do

WAITS: Any = CREW.waits


@rx.page(route="/crew/unsent", title="Not sent")
def unsent() -> rx.Component:
    """Everything that the office does not have yet."""
    send = ui.icon_button("Send now", "refresh-cw", on_click=do("syncNow"))
    none = ui.empty("All is sent", "What you do without a signal stands here until the office has it.")
    page = rx.cond(WAITS.empty, none, _full())
    return crew_page(
        "unsent",
        ui.crew_head("Not sent", send),
        rx.cond(CREW.status == "loading", ui.skeleton_rows(4), page),
    )


def _full() -> rx.Component:
    return rx.fragment(
        rx.foreach(WAITS.conflicts, _conflict),
        rx.foreach(WAITS.attention, _attention),
        ui.day_part(
            "Waiting to be sent",
            rx.el.p(WAITS.words, class_name="ot-quiet"),
            rx.el.ul(
                rx.foreach(WAITS.rows, lambda row: ui.crew_row(row.text, row.where, key=row.id)),
                class_name="ot-rows",
            ),
            shown_if=WAITS.rows.length() > 0,
        ),
    )


def _conflict(one: Any) -> rx.Component:
    def value(label: str, text: Any, verb: str, use: bool) -> rx.Component:
        return rx.el.div(
            rx.el.span(label, class_name="ot-quiet"),
            ui.prose(text),
            ui.button(verb, wide=True, on_click=do("decide", one.id, use)),
            class_name="ot-crew-value",
        )

    return rx.el.article(
        rx.el.h2(one.title),
        rx.el.p("Somebody else changed it meanwhile. Which is to stand?", class_name="ot-quiet"),
        rx.el.div(
            value("Yours", one.mine, "Use mine", True),
            value("Theirs", one.theirs, "Keep theirs", False),
            class_name="ot-crew-values",
        ),
        class_name="ot-stop",
        key=one.id,
    )


def _attention(one: Any) -> rx.Component:
    retry = ui.button("Send again", on_click=do("retry", one.seq, one.file_id))
    edit = ui.button("Edit", on_click=do("ask", "edit", {"seq": one.seq}))
    away = ui.button(one.away, "quiet", on_click=do("away", one.seq, one.file_id, one.text, one.parked))
    return rx.el.article(
        rx.el.h2(one.text),
        ui.note(one.why, "waiting", "circle-alert"),
        rx.el.div(
            rx.cond(one.can_edit, edit, rx.fragment()),
            rx.cond(one.can_retry, retry, rx.fragment()),
            away,
            class_name="ot-row ot-wrap",
        ),
        class_name="ot-stop",
        key=one.id,
    )
