"""Jobs: the list, and one job with its visits, money and what is still needed before it is done."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.galleries import gallery_section
from pages.lists import ListScreen, list_screen
from pages.plans import plan_dialog
from pages.records import badges, history, record_screen
from pages.shell import live, office_page
from state.files import FilesState
from state.jobs import JobsState, JobState
from state.session import on_load
from state.visits import PlanState

State = JobState
COLUMNS = (
    ui.Column("title", "Job", sort=True, phone="title"),
    ui.Column("number", "Number", sort=True, width="136px", phone="line"),
    ui.Column("stage", "Stage", sort=True, width="240px", phone="side"),
    ui.Column("visits", "Visits", width="96px"),
    ui.Column("next", "Next visit", width="176px"),
    ui.Column("contract", "Contract", num=True, width="112px", phone="side"),
)
VISITS = (
    ui.Column("title", "Visit", phone="title"),
    ui.Column("day", "Day", width="104px", phone="line"),
    ui.Column("window", "Time", width="176px", phone="line"),
    ui.Column("crew", "Crew", width="152px", spare=True),
    ui.Column("stage", "Stage", width="112px", phone="side"),
    ui.Column("plan", "", num=True, width="104px", phone="side"),
)


def _cells(row: Any) -> list[Any]:
    fact = rx.cond(row.fact.word, ui.fact_badge(row.fact.word, row.fact.tint))
    return [
        ui.lead_name(row.title, row.client),
        row.number,
        rx.el.span(ui.stage_badge(row.stage.word, row.stage.tint), " ", fact),
        row.visits,
        ui.quiet(row.next),
        ui.money(row.contract),
    ]


@rx.page(route="/jobs", title="Jobs", on_load=on_load(JobsState.load))
def jobs_page() -> rx.Component:
    """The list of jobs."""
    screen = ListScreen(
        title="Jobs",
        columns=COLUMNS,
        cells=_cells,
        href=lambda row: "/jobs/" + row.id,
        empty_title="No jobs yet",
        empty_text="A job is made from an estimate that a client has approved.",
        empty_action=ui.link_button("To the estimates", "/estimates", icon_name="file-text"),
        search="Number, title or client",
    )
    return office_page("jobs", list_screen(JobsState, screen))


@rx.page(route="/jobs/[job_id]", title="Job", on_load=on_load(State.load, FilesState.load_job))
def job_page() -> rx.Component:
    """One job."""
    full = rx.fragment(
        _header(),
        ui.track(State.record.track),
        ui.two_columns(_main(), history(State.record, State.add_note)),
    )
    screen = record_screen(State, full, noun="job", back="/jobs")
    return office_page("jobs", screen, plan_dialog(State.load), live(State.load, FilesState.load_job))


def _header() -> rx.Component:
    record = State.record
    bill = rx.cond(
        record.invoice_href,
        rx.el.span(
            ui.link_button(record.invoice_label, record.invoice_href, icon_name="receipt"),
            class_name="ot-desk",
        ),
    )
    edit = rx.cond(record.editable, ui.menu_item("Edit the job", "pencil", on_select=State.set_editing(True)))
    return ui.detail_header(
        record.title,
        ("Jobs", "/jobs", record.number),
        badges(record),
        record.quiet,
        [bill, ui.moves(record.moves, State.move, extra=[edit])],
    )


def _main() -> rx.Component:
    record = State.record
    add = rx.cond(
        record.can_plan,
        ui.button("Visit", "quiet", "plus", size="small", on_click=PlanState.plan_new(record.id)),
    )
    none = ui.empty(
        "No visits yet", "A visit is a trip to this job, with a day, a time and the people who go."
    )
    table = ui.data_table(VISITS, record.visits, _visit, lambda row: "/visits/" + row.id)
    return rx.el.div(
        rx.cond(State.editing, _fields(), _about()),
        ui.section("Visits", rx.cond(record.visits, table, none), note=record.visits_note, action=add),
        rx.cond(record.money, ui.section("Money", ui.money_strip(record.money))),
        rx.cond(record.needs, ui.section("Still needed before this job can be completed", _needs())),
        gallery_section(),
    )


def _about() -> rx.Component:
    record = State.record
    return ui.section(
        "About it",
        ui.facts_from(record.facts),
        rx.cond(record.po_number, rx.el.p(ui.quiet("PO number "), record.po_number)),
        rx.cond(record.instructions, ui.note(record.instructions)),
    )


def _fields() -> rx.Component:
    record, errors = State.record, State.errors

    def kept(name: str) -> Any:
        return lambda text: State.set_fact(name, text)

    title = ui.text_input("title", record.title_text, on_commit=kept("title"), max_length=200)
    number = ui.text_input("po_number", record.po_number, on_commit=kept("po_number"), max_length=60)
    notes = ui.text_area("instructions", record.instructions, on_commit=kept("instructions"), max_length=4000)
    done = ui.button("Done", size="small", on_click=State.set_editing(False))
    return ui.section(
        "Edit the job",
        ui.fields(ui.field("Title", title, error=errors["title"]), ui.field("PO number", number, error=errors["po_number"], optional=True)),
        ui.field("Instructions", notes, "Crews see them. Kept when you leave the field.", errors["instructions"], optional=True),
        action=done,
    )  # fmt: skip


def _visit(row: Any) -> list[Any]:
    act = ui.button(row.plan, "quiet", size="small", on_click=PlanState.plan_visit(row.id))
    clash = rx.cond(row.fact.word, ui.icon("circle-alert", 14))
    return [
        ui.lead_name(row.title),
        rx.cond(row.window, row.day, ui.quiet(row.day)),
        rx.el.span(row.window, clash, class_name="ot-row", title=row.fact.word),
        rx.cond(row.crew == "Nobody", ui.quiet(row.crew), ui.hint(row.crew)),
        ui.stage_badge(row.stage.word, row.stage.tint),
        rx.cond(row.plan, act, ui.quiet(row.hours)),
    ]


def _needs() -> rx.Component:
    def one(need: Any) -> rx.Component:
        act = rx.cond(need.plan, ui.text_button(need.label, PlanState.plan_visit(need.plan)), rx.fragment())
        return rx.el.li(rx.el.i(), rx.el.b(need.text), ui.quiet(need.more), rx.el.span(act))

    return rx.el.ul(rx.foreach(State.record.needs, one), class_name="ot-needs")
