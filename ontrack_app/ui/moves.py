"""The only home of the buttons that move a record: drawn from the moves it has now, with the questions some of them ask first."""

from typing import Any

import reflex as rx
from reflex.experimental.client_state import ClientStateVar

from ontrack_app.ui.button import button
from ontrack_app.ui.control import text_area
from ontrack_app.ui.dialog import dialog_actions
from ontrack_app.ui.form import field
from ontrack_app.ui.kinds import Handler, Items
from ontrack_app.ui.menu import menu
from ontrack_app.ui.native import hidden

_asked = ClientStateVar.create("ontrackAskedMove", default="")


def _asks(move: Any) -> Any:
    """Whether a move asks before it happens."""
    return move.needs_reason | move.danger | (move.confirm_title != "")


def _act(move: Any, on_move: Handler, draw: Any) -> rx.Component:
    """A button or item that moves at once, or opens the question."""
    return rx.cond(_asks(move), draw(_asked.set_value(move.name)), draw(on_move(move.name, "")))


def _primary(move: Any, on_move: Handler) -> rx.Component:
    """The record's next move, filled."""
    drawn = _act(move, on_move, lambda act: button(move.label, "primary", on_click=act))
    return rx.cond(move.primary, drawn, rx.fragment())


def _second(move: Any, on_move: Handler) -> rx.Component:
    """Another move, outlined; dangerous ones only leave a mark that the menu is needed."""
    drawn = _act(
        move, on_move, lambda act: button(move.label, on_click=act, custom_attrs={"data-second": "true"})
    )
    mark = rx.el.i(hidden=True, custom_attrs={"data-in-menu": "true"})
    phone_mark = rx.el.i(hidden=True, custom_attrs={"data-in-menu-phone": "true"})
    return rx.cond(move.primary, rx.fragment(), rx.cond(move.danger, mark, rx.fragment(drawn, phone_mark)))


def _item(move: Any, on_move: Handler) -> rx.Component:
    """A move in the menu: dangerous ones everywhere, others on phones only."""

    def draw(act: Any) -> rx.Component:
        """The item, red when dangerous."""
        attrs = {"data-danger": move.danger}
        place = rx.cond(move.danger, "", "ot-phone")
        return rx.dropdown_menu.item(move.label, on_select=act, custom_attrs=attrs, class_name=place)

    return rx.cond(move.primary, rx.fragment(), _act(move, on_move, draw))


def _question(move: Any) -> rx.Component:
    """What stands in the dialog for one move: what it does, a reason where one is kept, and the verb."""
    reason = field("Reason, kept in the record", text_area("reason", required=True, rows=2, max_length=1000))
    verb = rx.cond(
        move.danger, button(move.label, "danger", type="submit"), button(move.label, "primary", type="submit")
    )
    return rx.fragment(
        rx.alert_dialog.title(rx.cond(move.confirm_title, move.confirm_title, move.label)),
        rx.alert_dialog.description(move.confirm_text, class_name="ot-dialog-text"),
        hidden("move", move.name),
        rx.cond(move.needs_reason, reason, hidden("reason", "")),
        dialog_actions(rx.alert_dialog.cancel(button("Keep it as it is")), verb),
    )


def _dialog(moves: Items, on_move: Handler) -> rx.Component:
    """The one dialog of a page's moves; its form stands outside the loop, for a submit handler cannot see a loop's value."""

    def send(data: Any) -> Any:
        """The chosen move and its reason, as submitted."""
        sent = data.to(dict[str, str])
        return on_move(sent["move"], sent["reason"])

    asked = rx.foreach(moves, lambda move: rx.cond(_asked.value == move.name, _question(move), rx.fragment()))
    form = rx.el.form(asked, on_submit=[send, lambda _: _asked.set_value("")])
    content = rx.alert_dialog.content(form, class_name="ot-dialog")
    return rx.alert_dialog.root(
        content, open=_asked.value != "", on_open_change=lambda _: _asked.set_value("")
    )


def moves(moves: Items, on_move: Handler, extra: list[rx.Component] | None = None) -> rx.Component:
    """The moves a record has now (name, label, primary, danger, needs_reason, confirm_title, confirm_text); `on_move(name, reason)`.

    Primary is filled, others outlined, dangerous ones stand in the … menu together with `extra` items; one `moves` a page.
    """
    items = [*(extra or []), rx.foreach(moves, lambda move: _item(move, on_move))]
    mark = rx.el.i(hidden=True, custom_attrs={"data-in-menu": "true"}) if extra else rx.fragment()
    return rx.el.div(
        _asked,
        mark,
        rx.foreach(moves, lambda move: _second(move, on_move)),
        rx.el.span(menu(*items), class_name="ot-moves-menu"),
        rx.el.span(rx.foreach(moves, lambda move: _primary(move, on_move)), class_name="ot-prime"),
        _dialog(moves, on_move),
        class_name="ot-moves",
    )
