"""The only home of the matrix of rights: nouns and actions down, roles across, a cell that ticks or says why it is locked."""

from typing import Any

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Handler, Items
from ontrack_app.ui.words import hint


def rights_matrix(roles: Items, groups: Items, on_change: Handler, act: Any) -> rx.Component:
    """`roles` with .label .reaches .people, `groups` of .title and .rows (.action, .cells); `on_change(role, permission,
    granted)`; `act(role)` stands under a role's name."""

    def column(role: Any) -> rx.Component:
        """The head of a role."""
        return rx.el.th(
            rx.el.b(role.label),
            rx.el.span(role.people),
            act(role),
            scope="col",
            title=role.reaches,
        )

    def row(one: Any) -> rx.Component:
        """One action."""
        cells = rx.foreach(one.cells, lambda cell: rx.el.td(_cell(cell, on_change)))
        return rx.el.tr(rx.el.th(one.action, scope="row"), cells)

    def group(one: Any) -> rx.Component:
        """One noun."""
        span = {"colSpan": "6"}
        head = rx.el.tr(rx.el.th(one.title, scope="rowgroup", custom_attrs=span), class_name="ot-matrix-noun")
        return rx.el.tbody(head, rx.foreach(one.rows, row))

    head = rx.el.thead(
        rx.el.tr(
            rx.el.th(rx.el.span("Action", class_name="ot-unseen"), scope="col"), rx.foreach(roles, column)
        )
    )
    table = rx.el.table(head, rx.foreach(groups, group), class_name="ot-matrix")
    return rx.el.div(
        table, class_name="ot-matrix-box", tab_index=0, role="region", aria_label="Roles and rights"
    )


def _cell(cell: Any, on_change: Handler) -> rx.Component:
    """A box to tick, or what is locked with the reason."""
    mark = rx.cond(cell.granted, icon("check", 14), rx.fragment())
    box = rx.el.button(
        mark,
        type="button",
        role="checkbox",
        aria_label=cell.label,
        title=cell.hint,
        class_name="ot-cell",
        on_click=on_change(cell.role, cell.permission, ~cell.granted),
        custom_attrs={"aria-checked": rx.cond(cell.granted, "true", "false"), "data-changed": cell.changed},
    )
    kept = rx.cond(cell.granted, icon("check", 14), icon("minus", 14))
    word = rx.cond(cell.granted, "Yes, always. ", "No, never. ")
    still = rx.el.span(
        kept,
        rx.el.span(word, cell.hint, class_name="ot-unseen"),
        title=cell.hint,
        class_name="ot-cell-locked",
    )
    drawn: rx.Component = rx.cond(cell.locked, still, box)
    return drawn


def scope_list(roles: Items) -> rx.Component:
    """Which rows each role reaches, in words."""

    def one(role: Any) -> rx.Component:
        """One role."""
        return rx.el.div(rx.el.dt(role.label), rx.el.dd(hint(role.reaches)))

    return rx.el.dl(rx.foreach(roles, one), class_name="ot-facts ot-facts-narrow")
