"""The only home of hours as they are drawn, on the list of hours and on a visit's page: rows, and the form of some."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from state.time_entries import TimeFormState

FORM: Any = TimeFormState
COLUMNS = (
    ui.Column("kind", "Kind", width="104px", phone="title"),
    ui.Column("window", "Time", width="184px", phone="line"),
    ui.Column("length", "Length", num=True, width="88px", phone="side"),
    ui.Column("visit", "Visit", phone="line"),
    ui.Column("stage", "Stage", width="152px", phone="side"),
    ui.Column("acts", "", width="56px", num=True, phone="side"),
)

ON_VISIT = tuple(ui.Column("who", "Who", phone="line") if one.key == "visit" else one for one in COLUMNS)


def cells(row: Any, acts: rx.Component, *, on_visit: bool = False) -> list[Any]:
    """One stretch, or under it what it was corrected from; with what is to be known of its clock. On a visit's own page it
    says who and on which day instead of on which visit."""
    off = rx.cond(row.off, ui.fact_badge(row.off, "waiting"))
    said = rx.cond(row.said, rx.el.span(row.said, class_name="ot-small ot-quiet"))
    note = rx.cond(row.note, rx.el.span(row.note, class_name="ot-small ot-quiet"))
    where = rx.cond(row.visit, ui.link(row.visit, row.visit_href), ui.quiet("No visit"))
    visit = rx.el.span(row.who, ", ", row.day) if on_visit else where
    window = rx.cond(row.old, rx.el.s(row.window), rx.el.span(row.window))
    return [
        rx.cond(row.old, ui.quiet(row.kind), rx.el.b(row.kind)),
        rx.cond(row.old, ui.quiet(window), window),
        rx.cond(row.old, ui.quiet(rx.el.s(row.lasted)), row.lasted),
        rx.el.div(visit, off, said, note, class_name="ot-hour-words"),
        rx.cond(row.old, ui.quiet("Was corrected"), ui.stage_badge(row.stage.word, row.stage.tint)),
        acts,
    ]


def time_dialog(reload: Any) -> rx.Component:
    """The form of hours; `reload` is the handler that reads the page behind it again."""
    form, errors = FORM.form, FORM.errors

    def kept(name: str) -> Any:
        return lambda text: FORM.set_part(name, text)

    who = rx.cond(
        form.member != "",
        ui.field("Who", rx.el.span(ui.icon("user"), form.member, class_name="ot-locked")),
        ui.field("Who", ui.select_input("member_id", form.members, form.member_id, on_change=kept("member_id")), error=errors["member_id"]),
    )  # fmt: skip
    kind = ui.field("Kind", ui.select_input("kind", form.kinds, form.kind, on_change=kept("kind")))
    visit = ui.select_input(
        "visit_id", form.visits, form.visit_id, on_change=kept("visit_id"), first="No visit"
    )
    times = ui.fields(
        ui.field("Day", ui.date_input("day", form.day, on_commit=kept("day")), error=errors["day"]),
        ui.fields(
            ui.field("From", ui.time_input("start", form.start, on_commit=kept("start")), form.zone, errors["start"]),
            ui.field("To", ui.time_input("end", form.end, on_commit=kept("end")), error=errors["end"]),
        ),
    )  # fmt: skip
    reason = ui.text_area("reason", form.reason, rows=2, on_commit=kept("reason"), max_length=1000)
    inside = ui.form(
        rx.cond(FORM.trouble, ui.note(FORM.trouble, "bad", "circle-alert")),
        rx.cond(form.was, ui.note(rx.el.span("It says now: ", form.was))),
        ui.fields(who, kind),
        times,
        rx.cond(~form.fixed_visit, ui.field("Visit", visit, error=errors["visit_id"], optional=True)),
        ui.field("Reason, kept in the record", reason, error=errors["reason"]),
        ui.save_bar(form.verb, ui.button("Cancel", "quiet", on_click=FORM.set_open(False))),
        on_submit=[FORM.keep, reload],
    )
    return ui.dialog(form.heading, inside, open=FORM.open, on_open_change=FORM.set_open, wide=True)
