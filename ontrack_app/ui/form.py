"""The only home of forms: labels, help, errors, the bar that sends, and forms drawn from field lists."""

from typing import Any

import reflex as rx

from ontrack_app.ui import control
from ontrack_app.ui.button import button
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Flag, Handler, Text, when


def form(*children: Child, on_submit: Handler, **props: Any) -> rx.Component:
    """A form whose handler gets one dict of texts by field name; Enter in a field sends it."""
    return rx.el.form(*children, on_submit=on_submit, class_name="ot-form", **props)


def _error(text: Text) -> rx.Component:
    """What to type instead, in the place of the help."""
    return when(text, rx.el.span(icon("circle-alert", 14), text, class_name="ot-error", role="alert"))


def field(
    label: Text,
    entry: rx.Component,
    help: Text = "",  # noqa: A002
    error: Text = "",
    optional: Flag = False,
) -> rx.Component:
    """A label over a control, with help or an error under it; a filled error also paints the control's edge."""
    mark = rx.cond(optional, rx.el.small(" optional"), rx.fragment())
    below = rx.cond(error, _error(error), when(help, rx.el.span(help, class_name="ot-help")))
    return rx.el.div(
        rx.el.label(rx.el.span(label, mark, class_name="ot-label"), entry), below, class_name="ot-field"
    )


def field_group(label: Text, *controls: Child, help: Text = "", error: Text = "") -> rx.Component:  # noqa: A002
    """Several ticks that answer one question, under one label."""
    below = rx.cond(error, _error(error), when(help, rx.el.span(help, class_name="ot-help")))
    legend = rx.el.legend(label, class_name="ot-label")
    return rx.el.fieldset(legend, rx.el.div(*controls, class_name="ot-ticks"), below, class_name="ot-field")


def locked_field(label: Text, value: Text, why: Text) -> rx.Component:
    """A value that cannot be changed here, and why."""
    shown = rx.el.span(icon("lock"), rx.el.span(value, class_name="ot-cut"), class_name="ot-locked")
    return rx.el.div(
        rx.el.span(label, class_name="ot-label"),
        shown,
        rx.el.span(why, class_name="ot-help"),
        class_name="ot-field",
    )


def fields(*children: Child, columns: int = 2) -> rx.Component:
    """Fields side by side, at most two columns; one on phones."""
    return rx.el.div(*children, class_name="ot-fields", custom_attrs={"style": {"--columns": str(columns)}})


def save_bar(verb: Text, cancel: rx.Component | None = None, busy: Flag = False) -> rx.Component:
    """The foot of a form: one filled button that says what it does, and a way out."""
    send = button(verb, "primary", type="submit", loading=busy, disabled=busy)
    return rx.el.div(cancel or rx.fragment(), send, class_name="ot-save-bar")


def _control(spec: Any, value: Any, on_commit: Handler | None) -> rx.Component:
    """The control for one field of a field list, by its kind."""
    props: dict[str, Any] = {"required": spec.required}
    if on_commit is not None:
        props["on_commit"] = lambda text: on_commit(spec.name, text)
    choose = {} if on_commit is None else {"on_change": lambda text: on_commit(spec.name, text)}
    plain = ("email", "phone", "number", "money", "date", "time", "url")
    kinds = {kind: control.BY_KIND[kind](spec.name, value, **props) for kind in plain}
    cases = [
        ("long", control.text_area(spec.name, value, **props)),
        ("select", control.select_input(spec.name, spec.options, value, required=spec.required, **choose)),
        *kinds.items(),
    ]
    return rx.match(spec.kind, *cases, control.text_input(spec.name, value, **props))


def _bool_row(spec: Any, value: Any, on_commit: Handler | None) -> rx.Component:
    """A yes-or-no field: the label stands beside the box."""
    change = {}
    if on_commit is not None:
        change["on_change"] = lambda on: on_commit(spec.name, rx.cond(on, "true", "false"))
    return rx.el.div(
        control.check_input(spec.name, spec.label, value == "true", **change),
        when(spec.help, rx.el.span(spec.help, class_name="ot-help")),
        class_name="ot-field",
    )


def field_list_form(specs: Any, values: Any, errors: Any, on_commit: Handler | None = None) -> rx.Component:
    """Every field of a field list with its value and error, two columns, long ones over both; stands inside `form`."""

    def one(spec: Any) -> rx.Component:
        """One field of the list."""
        value, error = values[spec.name], errors[spec.name]
        usual = field(spec.label, _control(spec, value, on_commit), spec.help, error, ~spec.required)
        drawn = rx.cond(spec.kind == "bool", _bool_row(spec, value, on_commit), usual)
        return rx.el.div(drawn, custom_attrs={"data-wide": spec.kind == "long"}, key=spec.name)

    return rx.el.div(
        rx.foreach(specs, one), class_name="ot-fields", custom_attrs={"style": {"--columns": "2"}}
    )
