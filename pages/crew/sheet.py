"""The only home of the sheet: what is asked over a page of the crew. Which fields it has is said by assets/crew/view/sheets.js."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.crew.picture import CREW, do

SHEET: Any = CREW.sheet


def sheet() -> rx.Component:
    """The sheet that is open, if one is."""
    shown = rx.cond(SHEET.shown, rx.el.pre(SHEET.shown, class_name="ot-crew-signed", tab_index=0))
    trouble = rx.el.div(
        rx.cond(SHEET.error, ui.note(SHEET.error, "bad", "circle-alert"), rx.fragment()), role="alert"
    )
    verb = rx.el.button(
        SHEET.verb,
        type="submit",
        disabled=SHEET.busy,
        class_name="ot-button",
        custom_attrs={"data-kind": rx.cond(SHEET.danger, "danger", "primary")},
    )
    form = ui.answers(
        shown,
        rx.foreach(SHEET.fields, _field),
        trouble,
        ui.dialog_actions(ui.button("Back", on_click=do("close")), verb),
        on_answers=do("submit", takes="data"),
        class_name="ot-form",
    )
    content = rx.dialog.content(
        rx.dialog.title(SHEET.title),
        rx.dialog.description(SHEET.text, class_name="ot-dialog-text"),
        form,
        class_name="ot-dialog ot-crew-sheet",
    )
    return rx.dialog.root(content, open=SHEET.open, on_open_change=do("close"))


def _field(field: Any) -> rx.Component:
    signature = ui.signature_field(label="Signature")
    return rx.el.div(
        rx.cond(field.kind == "signature", signature, _labelled(field)), key=SHEET.name + field.name
    )


def _labelled(field: Any) -> rx.Component:
    given = {"name": field.name, "default_value": field.value, "class_name": "ot-input"}
    must: dict[str, Any] = {"aria-required": rx.cond(field.required, "true", "false")}

    def plain(kind: str, **more: Any) -> rx.Component:
        return rx.el.input(type=kind, custom_attrs=must | more, **given)

    camera = rx.el.input(
        type="file",
        name=field.name,
        accept="image/*,.heic,.heif",
        class_name="ot-input ot-crew-file",
        custom_attrs={"capture": "environment"},
    )
    control = rx.match(
        field.kind,
        ("long", rx.el.textarea(rows=3, custom_attrs=must, **given)),
        ("number", plain("text", inputMode="decimal", autoComplete="off")),
        ("phone", plain("tel", autoComplete="off")),
        ("date", plain("date")),
        ("time", plain("time")),
        ("select", rx.el.select(rx.foreach(field.options, _option), **given)),
        ("camera", camera),
        plain("text", autoComplete="off", list=field.name + "-known"),
    )
    known = rx.cond(
        (field.kind == "text") & (field.options.length() > 0),
        rx.el.datalist(rx.foreach(field.options, _option), id=field.name + "-known"),
        rx.fragment(),
    )
    return rx.el.div(
        rx.el.label(rx.el.span(field.label, class_name="ot-label"), control),
        known,
        rx.cond(field.help, rx.el.span(field.help, class_name="ot-help"), rx.fragment()),
        class_name="ot-field",
    )


def _option(option: Any) -> rx.Component:
    return rx.el.option(option.label, value=option.value, key=option.value)
