"""The inbox: values that two people changed, and work that waits for a decision."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_screen
from pages.shell import live, office_page
from state.inbox import InboxState
from state.session import on_load

STATE: Any = InboxState


def _value(row: Any, value: Any) -> rx.Component:
    choose = ui.button(value.verb, on_click=STATE.choose(row.id, value.use))
    return ui.inbox_value(value.whose, value.text, value.note, rx.cond(value.verb, choose))


def _work(row: Any) -> rx.Component:
    """What was written down, why it waits, and what may be done with it."""
    take = ui.button("Take in", on_click=STATE.take_in(row.id))
    discard = ui.button("Discard", "quiet", on_click=STATE.ask_why(row.id))
    acts = rx.el.div(rx.cond(row.may_take, take), discard, class_name="ot-inbox-acts")
    return rx.fragment(
        rx.cond(row.text, rx.el.blockquote(ui.prose(row.text), class_name="ot-quoted")),
        rx.cond(row.why, ui.quiet(row.why)),
        rx.cond(row.may_discard, acts),
    )


def _item(row: Any) -> rx.Component:
    facts = (
        ui.inbox_fact("By", row.who),
        ui.inbox_fact("on", row.phone),
        ui.inbox_fact("Phone’s clock", row.phone_time),
        ui.inbox_fact("which was", row.clock),
        ui.inbox_fact("Came in", row.came, row.came_full),
    )
    values = ui.inbox_values(rx.foreach(row.sides, lambda value: _value(row, value)))
    return ui.inbox_item(
        row.title,
        row.href,
        ui.stage_badge(row.badge.word, row.badge.tint),
        facts,
        rx.cond(row.sides.length() > 0, values, _work(row)),
        rx.cond(row.decided, ui.quiet(ui.hint(row.decided, row.decided_full))),
    )


def _items(rows: Any) -> rx.Component:
    drawn: rx.Component = rx.el.div(rx.foreach(rows, _item), class_name="ot-inbox")
    return drawn


def _all() -> rx.Component:
    """Takes in all that is shown, after saying what that is."""
    trigger = ui.button("Take in all shown", size="small")
    several = (STATE.foot.tab == "waiting") & (STATE.rows.length() > 1)
    ask = ui.confirm(
        "Take in all that is shown?",
        "Each piece is done in the name of whoever did it on the phone, in the order in which it came. What cannot be taken in waits on.",
        "Take in all",
        STATE.take_in_all,
        trigger=trigger,
    )
    drawn: rx.Component = rx.cond(several, ask)
    return drawn


def _why() -> rx.Component:
    """The dialog that asks why work is discarded."""
    reason = ui.field(
        "Reason, kept in the record",
        ui.text_area("reason", required=True, rows=2, max_length=1000),
        error=STATE.reason_trouble,
    )
    foot = ui.dialog_actions(
        ui.button("Keep it", on_click=STATE.set_open(False)), ui.button("Discard", "danger", type="submit")
    )
    return ui.dialog(
        "Discard this work?",
        rx.el.form(reason, foot, on_submit=STATE.discard, class_name="ot-form"),
        open=STATE.discarding != "",
        on_open_change=STATE.set_open,
        text=STATE.discarding_title,
    )


SCREEN = ListScreen(
    title="Inbox",
    columns=(),
    cells=lambda row: [row.title],
    href=lambda row: row.href,
    empty_title="Nothing to decide",
    empty_text="When a crew without a signal and somebody else change the same thing, both values stand here, and you choose. "
    "So does work that a phone brought and that could not be taken.",
    search="Person",
    right=(_all(),),
    draw=_items,
)


@rx.page(route="/conflicts", title="Inbox", on_load=on_load(InboxState.load))
def inbox_page() -> rx.Component:
    """The inbox."""
    return office_page("conflicts", list_screen(InboxState, SCREEN), _why(), live(InboxState.load))
