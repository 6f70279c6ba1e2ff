"""The only home of single controls: text, number, money, date, choice, tick. Typed text stays in the browser until it is left."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Flag, Options, Text
from ontrack_app.ui.widgets import Choice, Tick, entry


def _typed(name: Text, value: Text, **props: Any) -> rx.Component:
    """One line of text."""
    return entry(value, name=name, class_name="ot-input", **props)


def text_input(name: Text, value: Text = "", **props: Any) -> rx.Component:
    """One line of words; `on_commit(text)` when it is left or on Enter."""
    return _typed(name, value, **{"type": "text", "auto_complete": "off", **props})


def email_input(name: Text, value: Text = "", **props: Any) -> rx.Component:
    """An e-mail address, with the phone's keyboard for it."""
    return _typed(name, value, **{"type": "email", "auto_complete": "off", **props})


def phone_input(name: Text, value: Text = "", **props: Any) -> rx.Component:
    """A telephone number, with the phone's keyboard for it."""
    return _typed(name, value, **{"type": "tel", "auto_complete": "off", **props})


def url_input(name: Text, value: Text = "", **props: Any) -> rx.Component:
    """A web address."""
    return _typed(name, value, **{"type": "url", "auto_complete": "off", **props})


def number_input(name: Text, value: Text = "", **props: Any) -> rx.Component:
    """A number as text, so that the server alone decides what a number is."""
    return _typed(name, value, **{"type": "text", "input_mode": "decimal", "auto_complete": "off", **props})


def money_input(name: Text, value: Text = "", currency: Text = "", **props: Any) -> rx.Component:
    """An amount, right-aligned, with its currency behind it."""
    return rx.el.span(
        number_input(name, value, **props), rx.el.span(currency, class_name="ot-unit"), class_name="ot-boxed"
    )


def date_input(name: Text, value: Text = "", **props: Any) -> rx.Component:
    """A day as YYYY-MM-DD, picked the way the device does it."""
    return _typed(name, value, **{"type": "date", **props})


def time_input(name: Text, value: Text = "", **props: Any) -> rx.Component:
    """A time of day as HH:MM."""
    return _typed(name, value, **{"type": "time", **props})


def text_area(name: Text, value: Text = "", rows: int = 3, **props: Any) -> rx.Component:
    """Several lines of words; grows with them."""
    return entry(value, name=name, area=True, rows=rows, class_name="ot-input", **props)


def options_of(options: Options) -> list[rx.Component]:
    """The option elements of a choice, from pairs or from a Var of objects with value and label."""
    if isinstance(options, list):
        return [rx.el.option(label, value=value) for value, label in options]
    return [rx.foreach(options, lambda one: rx.el.option(one.label, value=one.value, key=one.value))]


def select_input(name: Text, options: Options, value: Text = "", **props: Any) -> rx.Component:
    """A choice of one; `on_change(value)` at once; `first` names the empty choice."""
    told = props.pop("on_change", None)
    listed = [rx.el.option(props.pop("first", "Choose"), value=""), *options_of(options)]
    given = {"name": name, "class_name": "ot-input"} | props
    if told is None:
        return rx.el.select(*listed, default_value=value, **given)
    return Choice.create(*listed, value=value, on_choose=told, **given)


def check_input(name: Text, label: Text, checked: Flag = False, **props: Any) -> rx.Component:
    """A yes or no with its words beside it; `on_change(bool)`; in a form a ticked box submits "true"."""
    told = props.pop("on_change", None)
    if told is None:
        box = rx.el.input(type="checkbox", name=name, value="true", default_checked=checked, **props)
    else:
        box = Tick.create(name=name, value="true", checked=checked, on_tick=told, **props)
    return rx.el.label(box, rx.el.span(label), class_name="ot-check")


def search_box(value: Text, on_search: Any, placeholder: str = "Filter by words") -> rx.Component:
    """Words that narrow a list: told 250 ms after the last key, on Enter, and when left."""
    box = entry(
        value,
        type="search",
        delay=250,
        on_commit=on_search,
        placeholder=placeholder,
        aria_label=placeholder,
        class_name="ot-input",
    )
    return rx.el.span(icon("search"), box, class_name="ot-boxed ot-search")


BY_KIND: dict[str, Callable[..., rx.Component]] = {
    "text": text_input,
    "email": email_input,
    "phone": phone_input,
    "url": url_input,
    "number": number_input,
    "money": money_input,
    "date": date_input,
    "time": time_input,
}
