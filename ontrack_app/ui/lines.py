"""The only home of lines as on paper: read, not edited."""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Flag, Items


def line_table(lines: Items, prices: Flag = True) -> rx.Component:
    """Lines as on paper: they cannot be edited; without `prices` only what and how much."""

    def price(part: rx.Component) -> rx.Component:
        """A cell that stands only where prices are shown."""
        nothing = rx.fragment()
        if isinstance(prices, rx.Var):
            return rx.cond(prices, part, nothing)
        return part if prices else nothing

    def one(line: Any) -> rx.Component:
        """One line; on phones quantity and price stand under the words."""
        return rx.el.tr(
            rx.el.td(line.description),
            rx.el.td(line.quantity, class_name="num ot-desk"),
            rx.el.td(line.unit, class_name="ot-desk"),
            price(rx.el.td(line.price, class_name="num ot-desk")),
            rx.el.td(
                line.quantity,
                " ",
                line.unit,
                price(rx.el.span(" at ", line.price)),
                class_name="ot-line-more ot-phone",
            ),
            price(rx.el.td(line.amount, class_name="num amount")),
        )

    head = rx.el.tr(
        rx.el.th("Line", scope="col"),
        rx.el.th("Qty", scope="col", class_name="num", custom_attrs={"width": "72px"}),
        rx.el.th("Unit", scope="col", custom_attrs={"width": "56px"}),
        price(rx.el.th("Price", scope="col", class_name="num", custom_attrs={"width": "104px"})),
        rx.el.th(class_name="ot-phone"),
        price(rx.el.th("Amount", scope="col", class_name="num", custom_attrs={"width": "112px"})),
    )
    return rx.el.table(
        rx.el.thead(head), rx.el.tbody(rx.foreach(lines, one)), class_name="ot-table ot-lines ot-paper"
    )
