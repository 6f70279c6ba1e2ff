"""The only home of what a record's page is made of around its own parts: its states, its notes, its forms."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import fresh


def record_screen(state: Any, full: rx.Component, *, noun: str, back: str) -> rx.Component:
    """A record whose State is a `RecordState` with `load`; `noun` in words, `back` the address of its list."""
    missing = ui.empty(
        f"There is no {noun} at this address",
        "It may have been put away, or the address is not complete.",
        ui.link_button("Back to the list", back, icon_name="arrow-left"),
    )
    trouble = ui.error_panel(f"This {noun} could not be read", "Nothing is lost.", state.load)
    return ui.by_status(
        fresh(state.status),
        full=full,
        loading=ui.skeleton_record(),
        missing=ui.body(missing),
        error=ui.body(trouble),
    )


def badges(record: Any) -> list[rx.Component]:
    """The stage of a record and the facts beside it."""
    return [
        ui.stage_badge(record.stage.word, record.stage.tint),
        rx.foreach(record.badges, lambda badge: ui.fact_badge(badge.word, badge.tint)),
    ]


def fact_badges(record: Any) -> list[rx.Component]:
    """What stands beside the title of a record that has no stage."""
    return [rx.foreach(record.badges, lambda badge: ui.fact_badge(badge.word, badge.tint))]


PAPERS = (
    ui.Column("title", "Title", phone="title"),
    ui.Column("number", "Number", width="152", phone="line"),
    ui.Column("when", "Made", width="112", spare=True),
    ui.Column("stage", "Stage", width="136", phone="side"),
    ui.Column("amount", "Amount", num=True, width="112", phone="side"),
)


def papers(record: Any) -> rx.Component:
    """The latest estimates, jobs and invoices of a client or property, a section each that has any."""

    def cells(row: Any) -> list[Any]:
        return [
            ui.lead_name(row.title),
            row.number,
            ui.quiet(row.when),
            ui.stage_badge(row.stage.word, row.stage.tint),
            ui.money(row.amount),
        ]

    def one(kind: Any) -> rx.Component:
        table = ui.data_table(PAPERS, kind.rows, cells, lambda row: row.href)
        section = ui.section(kind.title, table, action=rx.cond(kind.all_href, ui.link("All", kind.all_href)))
        drawn: rx.Component = rx.cond(kind.rows.length() > 0, section)
        return drawn

    return rx.fragment(rx.foreach(record.papers, one))


def history(record: Any, on_note: Any) -> rx.Component:
    """The timeline of a record, with the field for a note first."""
    return ui.section("Timeline", ui.note_box(on_note), ui.timeline(record.timeline))


def form_fields(state: Any) -> rx.Component:
    """What a `FormState` shows: why nothing was saved, if so, and the fields."""
    return rx.fragment(
        rx.cond(state.trouble, ui.note(state.trouble, "bad", "circle-alert")),
        ui.field_list_form(state.specs, state.values, state.errors),
    )


def form_dialog(state: Any, title: Any, verb: Any, on_submit: Any) -> rx.Component:
    """A `FormState` in a dialog over its record."""
    cancel = ui.button("Cancel", "quiet", on_click=state.set_open(False))
    inside = ui.form(form_fields(state), ui.save_bar(verb, cancel), on_submit=on_submit)
    return ui.dialog(title, inside, open=state.open, on_open_change=state.set_open, wide=True)


def form_page(state: Any, verb: Any, back: str, on_submit: Any) -> rx.Component:
    """A `FormState` on a page of its own."""
    cancel = ui.link_button("Cancel", back, kind="quiet")
    inside = ui.form(form_fields(state), ui.save_bar(verb, cancel), on_submit=on_submit)
    return ui.body(ui.by_status(fresh("full"), full=inside))
