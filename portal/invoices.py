"""Invoices in the portal: the list, and the page where one is read and paid."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from portal.lists import PortalList, portal_list
from portal.shell import WHO, paper, portal_load, portal_page, record_page, terms
from state.portal_invoices import PortalInvoicesState, PortalInvoiceState

STATE: Any = PortalInvoiceState
LIST = PortalList(
    title="Invoices",
    columns=(
        ui.Column("title", "Work", phone="title"),
        ui.Column("number", "Number", width="136"),
        ui.Column("place", "Property", phone="line"),
        ui.Column("when", "When", width="144", phone="line"),
        ui.Column("stage", "", width="104", phone="side"),
        ui.Column("total", "Total", num=True, width="112", phone="side"),
        ui.Column("owed", "To pay", num=True, width="112"),
    ),
    cells=lambda row: [
        ui.lead_name(row.title),
        row.number,
        ui.hint(row.place),
        row.when,
        ui.stage_badge(row.stage.word, row.stage.tint),
        ui.money(row.total),
        ui.money(row.owed),
    ],
    href=lambda row: "/portal/invoices/" + row.id,
    empty_title="No invoices yet",
    empty_text="Each invoice that is sent to you stands here, with what was paid.",
)


@rx.page(route="/portal/invoices", title="Invoices", on_load=portal_load(PortalInvoicesState.load))
def invoices() -> rx.Component:
    """The list of invoices."""
    return portal_page("/portal/invoices", portal_list(PortalInvoicesState, LIST))


@rx.page(route="/portal/invoices/[invoice_id]", title="Invoice", on_load=portal_load(STATE.load))
def invoice() -> rx.Component:
    """One invoice."""
    missing = (
        "There is no invoice at this address",
        "The address is not complete, or the invoice is another client's.",
    )
    page = record_page(STATE, _full(STATE.record), missing=missing, back=("All invoices", "/portal/invoices"))
    return portal_page("/portal/invoices", page)


def _full(record: Any) -> rx.Component:
    intro = ui.portal_intro(record.above, record.title, record.note)
    facts = rx.foreach(record.facts, lambda fact: ui.fact_badge(fact.word, fact.tint))
    place = rx.cond(record.place, rx.el.span(ui.icon("map-pin"), record.place, class_name="ot-row ot-quiet"))
    head = rx.el.div(intro, rx.el.div(facts, place, class_name="ot-row ot-wrap"))
    main = rx.fragment(head, paper(record, "What was done", record.issued), _payments(record), terms(record))
    side = rx.cond(record.kind == "due", _pay(record), _settled(record))
    return ui.portal_columns(main, side, side_first=True)


def _pay(record: Any) -> rx.Component:
    button = ui.button(
        "Pay " + record.owed,
        "primary",
        wide=True,
        on_click=STATE.pay,
        loading=STATE.leaving,
        disabled=STATE.leaving,
    )
    waiting = rx.el.p(
        ui.icon("loader-circle"),
        "Asking whether your payment has come in",
        class_name="ot-row",
        role="status",
    )
    offered = rx.fragment(
        rx.cond(record.trouble, ui.note(record.trouble, "bad", "circle-alert")),
        rx.cond(record.pending, ui.note(record.pending, "waiting", "clock")),
        button,
        rx.cond(record.is_test, ui.note("TEST: no real money moves.", "waiting", "flask-conical")),
    )
    by_hand = ui.note("Online payment is not set up. Ask " + WHO.name + " how to pay.")
    return ui.panel(
        ui.stack(
            ui.big_sum(record.owed_label, record.owed),
            rx.cond(record.summary.length() > 0, _summary(record.summary)),
            rx.cond(record.can_pay, rx.cond(STATE.checking, waiting, offered), by_hand),
            _pdf_button(record),
            gap=12,
        )
    )


def _summary(rows: Any) -> rx.Component:
    def one(row: Any) -> rx.Component:
        return rx.el.div(rx.el.dt(row.label), rx.el.dd(row.amount))

    return rx.el.dl(rx.foreach(rows, one), class_name="ot-totals")


def _settled(record: Any) -> rx.Component:
    paid = record.kind == "paid"
    badge = rx.cond(paid, ui.stage_badge("Paid", "good"), ui.stage_badge("Void", "idle"))
    return ui.panel(
        ui.stack(ui.row(badge), rx.el.p(record.answer), _pdf_button(record), gap=12),
        title=rx.cond(paid, "This invoice is paid", "This invoice is void"),
    )


def _pdf_button(record: Any) -> rx.Component:
    return ui.link_button("PDF", record.pdf, icon_name="download", external=True, wide=True)


def _payments(record: Any) -> rx.Component:
    def one(row: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(
                row.label, " ", rx.el.small(row.when), " ", ui.fact_badge(row.stage.word, row.stage.tint)
            ),
            rx.el.dd(row.amount),
        )

    listed = rx.el.dl(rx.foreach(record.payments, one), class_name="ot-totals")
    return rx.cond(record.payments.length() > 0, ui.panel(listed, title="Payments"))
