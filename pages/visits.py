"""The schedule: visits by day, and one visit's page."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.asked import task_dialog
from pages.asking import question_dialog
from pages.galleries import gallery_section
from pages.hours import time_dialog
from pages.lists import ListScreen, list_screen
from pages.plans import plan_dialog
from pages.records import badges, history, record_screen
from pages.shell import live, office_page
from pages.visit_work import work_sections
from state.files import FilesState
from state.session import on_load
from state.visit_work import VisitWorkState
from state.visits import PlanState, VisitsState, VisitState

State = VisitState
COLUMNS = (
    ui.Column("title", "Visit", phone="title"),
    ui.Column("window", "Time", width="160px", phone="line"),
    ui.Column("crew", "Crew", width="152px", phone="line"),
    ui.Column("place", "Property", width="240px", spare=True),
    ui.Column("stage", "Stage", width="208px", phone="side"),
    ui.Column("plan", "", width="104px"),
)


def cells(row: Any) -> list[Any]:
    """One visit as a row of the schedule."""
    act = ui.button(row.plan, "quiet", size="small", on_click=PlanState.plan_visit(row.id))
    fact = rx.cond(row.fact.word, ui.fact_badge(row.fact.word, row.fact.tint))
    return [
        ui.lead_name(row.title, row.client),
        rx.cond(row.window, row.window, ui.quiet(row.day)),
        rx.cond(row.crew == "Nobody", ui.quiet(row.crew), ui.hint(row.crew)),
        ui.hint(row.place),
        rx.el.span(ui.stage_badge(row.stage.word, row.stage.tint), " ", fact),
        rx.cond(row.plan, act),
    ]


def _days(days: Any) -> rx.Component:
    def one(day: Any) -> rx.Component:
        table = ui.data_table(COLUMNS, day.rows, cells, lambda row: "/visits/" + row.id)
        return ui.section(day.title, table, note=day.note)

    return rx.el.div(rx.foreach(days, one), class_name="ot-days")


@rx.page(route="/visits", title="Schedule", on_load=on_load(VisitsState.load))
def visits_page() -> rx.Component:
    """The schedule."""
    screen = ListScreen(
        title="Schedule",
        columns=COLUMNS,
        cells=cells,
        href=lambda row: "/visits/" + row.id,
        empty_title="No visits yet",
        empty_text="A visit is a trip to a job. Plan one on the job's page, and it stands here on its day.",
        empty_action=ui.link_button("To the jobs", "/jobs", icon_name="briefcase"),
        search="Visit, job number or title",
        draw=_days,
    )
    return office_page("visits", list_screen(VisitsState, screen), plan_dialog(VisitsState.load))


@rx.page(
    route="/visits/[visit_id]",
    title="Visit",
    on_load=on_load(State.load, VisitWorkState.load, FilesState.load_visit),
)
def visit_page() -> rx.Component:
    """One visit."""
    full = rx.fragment(
        _header(),
        rx.cond(State.record.bands.length() > 0, _bands(State.record.bands)),
        ui.track(State.record.track),
        ui.two_columns(_main(), history(State.record, State.add_note)),
    )
    screen = record_screen(State, full, noun="visit", back="/visits")
    return office_page(
        "visits",
        screen,
        plan_dialog(State.load),
        time_dialog(VisitWorkState.load),
        task_dialog(VisitWorkState.load),
        question_dialog(VisitWorkState),
        live(State.load, VisitWorkState.load, FilesState.load_visit),
    )


def _header() -> rx.Component:
    record = State.record
    by_crew = rx.foreach(
        record.by_crew, lambda move: ui.menu_item(move.label, on_select=State.move(move.name, ""))
    )
    return ui.detail_header(
        record.title,
        ("Schedule", "/visits", record.number),
        badges(record),
        record.quiet,
        [ui.moves(record.moves, State.move, extra=[by_crew])],
    )


def _bands(bands: Any) -> rx.Component:
    """What about the visit waits in the inbox."""

    def one(band: Any) -> rx.Component:
        words = rx.el.span(band.label, ". ", ui.nav_link(band.href, band.value))
        return ui.note(words, "waiting", "inbox")

    drawn: rx.Component = rx.el.div(ui.stack(rx.foreach(bands, one)), class_name="ot-band")
    return drawn


def _main() -> rx.Component:
    record = State.record
    return rx.el.div(
        ui.section("About it", ui.facts_from(record.facts)),
        rx.cond(record.instructions, ui.section("For the crew", ui.prose(record.instructions))),
        work_sections(),
        gallery_section(),
    )
