"""Estimates in the portal: the list, and the page where one is read, signed, sent back or declined."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from portal.lists import PortalList, portal_list
from portal.shell import WHO, paper, pdf_link, portal_load, portal_page, record_page, terms
from state.portal_estimates import PortalEstimatesState, PortalEstimateState

STATE: Any = PortalEstimateState
LIST = PortalList(
    title="Estimates",
    columns=(
        ui.Column("title", "Work", phone="title"),
        ui.Column("number", "Number", width="136"),
        ui.Column("place", "Property", phone="line"),
        ui.Column("when", "When", width="152"),
        ui.Column("stage", "", width="120", phone="side"),
        ui.Column("total", "Total", num=True, width="112", phone="side"),
    ),
    cells=lambda row: [
        ui.lead_name(row.title),
        row.number,
        ui.hint(row.place),
        row.when,
        ui.stage_badge(row.stage.word, row.stage.tint),
        ui.money(row.total),
    ],
    href=lambda row: "/portal/estimates/" + row.id,
    empty_title="No estimates yet",
    empty_text="Each price that is sent to you stands here, with your answer.",
)


@rx.page(route="/portal/estimates", title="Estimates", on_load=portal_load(PortalEstimatesState.load))
def estimates() -> rx.Component:
    """The list of estimates."""
    return portal_page("/portal/estimates", portal_list(PortalEstimatesState, LIST))


@rx.page(route="/portal/estimates/[estimate_id]", title="Estimate", on_load=portal_load(STATE.load))
def estimate() -> rx.Component:
    """One estimate."""
    missing = (
        "This estimate is not open now",
        WHO.name
        + " may be working on a new revision; it comes with a link of its own. Or the address is not complete.",
    )
    page = record_page(
        STATE, _full(STATE.record), missing=missing, back=("All estimates", "/portal/estimates")
    )
    return portal_page("/portal/estimates", page, _change_dialog(), _decline_dialog())


def _full(record: Any) -> rx.Component:
    intro = ui.portal_intro(record.above, record.title, record.note)
    place = rx.cond(record.place, rx.el.p(ui.icon("map-pin"), record.place, class_name="ot-row ot-quiet"))
    main = rx.fragment(rx.el.div(intro, place), _lines(record), terms(record))
    side = rx.cond(record.kind == "open", _approve(record), _answered(record))
    return ui.portal_columns(main, side, side_first=record.kind != "open")


def _lines(record: Any) -> rx.Component:
    """In full on desks; one row that opens on phones."""
    inside = (ui.line_table(record.lines), ui.totals(record.rows, record.total_label, record.total))
    folded = ui.panel(
        ui.fold(record.lines_words, *inside, side=record.total),
        title="What is in it",
        action=pdf_link(record),
    )
    return rx.fragment(
        rx.el.div(paper(record, "What is in it"), class_name="ot-desk"),
        rx.el.div(folded, class_name="ot-phone"),
    )


def _approve(record: Any) -> rx.Component:
    name = rx.el.p(record.signer, rx.el.br(), record.today, class_name="ot-small ot-quiet")
    agree = rx.cond(
        record.terms,
        "By approving you agree to this price and to the terms on this page.",
        "By approving you agree to this price.",
    )
    form = ui.form(
        ui.signature_field(record.signer),
        name,
        _trouble(""),
        ui.button("Approve " + record.total, "primary", type="submit", wide=True),
        rx.el.p(agree, class_name="ot-small ot-quiet"),
        on_submit=STATE.approve,
        key=record.id,
    )
    others = rx.el.div(
        ui.button("Ask for a change", on_click=STATE.open_dialog("change")),
        ui.button("Decline", "quiet", on_click=STATE.open_dialog("decline")),
        class_name="ot-two",
    )
    return ui.panel(
        ui.totals([], record.total_label, record.total), form, others, title="Approve this estimate"
    )


def _trouble(dialog: str) -> rx.Component:
    """What was wrong with the answer, where it was given."""
    here = (STATE.trouble != "") & (STATE.asking == dialog)
    return rx.cond(here, ui.note(STATE.trouble, "bad", "circle-alert"))


def _answered(record: Any) -> rx.Component:
    visits = rx.cond(
        record.visits.length() > 0,
        ui.stack(
            rx.el.b("Planned"),
            rx.foreach(record.visits, lambda words: rx.el.p(ui.icon("calendar"), words, class_name="ot-row")),
        ),
    )
    call = rx.cond(
        WHO.phone,
        ui.nav_link(
            "tel:" + WHO.phone,
            ui.icon("phone"),
            "Call " + WHO.name,
            external=True,
            class_name="ot-link ot-row",
        ),
    )
    return ui.panel(
        ui.stack(
            ui.row(ui.stage_badge(record.stage.word, record.stage.tint)),
            rx.el.p(record.answer),
            rx.cond(record.quoted, rx.el.blockquote(ui.prose(record.quoted), class_name="ot-quoted")),
            visits,
            call,
            rx.cond(
                record.may_decline,
                ui.row(ui.button("Decline instead", "quiet", on_click=STATE.open_dialog("decline"))),
            ),
            gap=12,
        ),
        title=record.answer_title,
    )


def _change_dialog() -> rx.Component:
    words = ui.text_area("reason", rows=4, max_length=4000, required=True)
    form = ui.form(
        ui.field("What should be different?", words),
        _trouble("change"),
        _acts(ui.button("Send", "primary", type="submit")),
        on_submit=STATE.request_changes,
    )
    return _dialog(
        "Ask for a change",
        WHO.name + " reads it, changes the estimate and sends you a new revision.",
        form,
        "change",
    )


def _decline_dialog() -> rx.Component:
    words = ui.text_area("reason", rows=3, max_length=4000)
    form = ui.form(
        ui.field("Why?", words, optional=True),
        _trouble("decline"),
        _acts(ui.button("Decline", "danger", type="submit")),
        on_submit=STATE.decline,
    )
    return _dialog(
        "Decline this estimate",
        WHO.name + " is told. To get another price later, ask them for it.",
        form,
        "decline",
    )


def _dialog(title: str, text: Any, form: rx.Component, name: str) -> rx.Component:
    opened = STATE.asking == name
    return ui.dialog(
        title, form, text=text, open=opened, on_open_change=STATE.open_dialog(""), tokens=WHO.tokens
    )


def _acts(send: rx.Component) -> rx.Component:
    return ui.dialog_actions(ui.button("Not now", on_click=STATE.open_dialog("")), send)
