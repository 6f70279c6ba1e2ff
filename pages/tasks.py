"""Tasks in the office: what crews asked from their visits, until somebody has seen to it."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages import asked
from pages.asking import question_dialog
from pages.lists import ListScreen, list_screen
from pages.plans import plan_dialog
from pages.shell import live, office_page
from state.session import on_load
from state.tasks import TasksState

STATE: Any = TasksState


@rx.page(route="/tasks", title="Crews ask", on_load=on_load(TasksState.load))
def tasks_page() -> rx.Component:
    """The list of tasks."""
    screen = ListScreen(
        title="Crews ask",
        columns=asked.COLUMNS,
        cells=_cells,
        href=lambda row: row.visit_href,
        empty_title="Nobody has asked for anything",
        empty_text="When a crew finds more work, needs another visit or another time, or a check fails, it stands here.",
        search="Visit",
        draw=_table,
    )
    return office_page(
        "tasks",
        list_screen(TasksState, screen),
        plan_dialog(TasksState.load),
        asked.task_dialog(TasksState.load),
        question_dialog(TasksState),
        live(TasksState.load),
    )


def _table(rows: Any) -> rx.Component:
    sort = ui.Sort(STATE.sort_by, STATE.descending, STATE.sort_rows)
    return ui.data_table(asked.COLUMNS, rows, _cells, href=None, sort=sort)


def _cells(row: Any) -> list[Any]:
    return asked.cells(row, STATE.move)
