"""Estimates: the list, one estimate (a grid while it is a draft, paper from then on), and the page that starts one."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages import papers
from pages.lists import ListScreen, list_screen
from pages.record_payment import choose_client
from pages.records import badges, history, record_screen
from pages.shell import fresh, office_page
from state.estimates import EstimatesState, EstimateState, NewEstimateState
from state.session import on_load

State, Form = EstimateState, NewEstimateState
COLUMNS = (
    ui.Column("title", "Estimate", phone="title"),
    ui.Column("number", "Number", sort=True, width="152px", phone="line"),
    ui.Column("stage", "Stage", sort=True, width="248px", phone="side"),
    ui.Column("sent", "Sent", width="104px"),
    ui.Column("expires_on", "Expires", sort=True, width="112px"),
    ui.Column("total", "Total", sort=True, num=True, width="120px", phone="side"),
)


def _cells(row: Any) -> list[Any]:
    fact = rx.cond(row.fact.word, ui.fact_badge(row.fact.word, row.fact.tint))
    return [
        ui.lead_name(row.title, row.client),
        row.number,
        rx.el.span(ui.stage_badge(row.stage.word, row.stage.tint), " ", fact),
        ui.quiet(row.sent),
        row.expires,
        ui.money(row.total),
    ]


@rx.page(route="/estimates", title="Estimates", on_load=on_load(EstimatesState.load))
def estimates_page() -> rx.Component:
    """The list of estimates."""
    screen = ListScreen(
        title="Estimates",
        columns=COLUMNS,
        cells=_cells,
        href=lambda row: "/estimates/" + row.id,
        empty_title="No estimates yet",
        empty_text="An estimate says what work would cost. Start one from a lead or for a client, send it, and its answer appears here.",
        actions=[ui.link_button("New estimate", "/estimates/new", "primary", "plus")],
        empty_action=ui.link_button("New estimate", "/estimates/new", icon_name="plus"),
        search="Number, title or client",
    )
    return office_page("estimates", list_screen(EstimatesState, screen))


@rx.page(route="/estimates/[estimate_id]", title="Estimate", on_load=on_load(State.load))
def estimate_page() -> rx.Component:
    """One estimate."""
    full = rx.fragment(
        _header(), ui.track(State.record.track), ui.two_columns(_main(), _aside()), _answer_dialog()
    )
    return office_page("estimates", record_screen(State, full, noun="estimate", back="/estimates"))


def _header() -> rx.Component:
    record = State.record
    answers = rx.cond(
        record.can_answer,
        rx.fragment(
            ui.menu_item(
                "Client asks for a change", "message-square", on_select=State.ask_for("request_changes")
            ),
            ui.menu_item("Client declined", "circle-x", on_select=State.ask_for("decline")),
        ),
    )
    paper = rx.cond(State.paper.lines, ui.link_button("PDF", record.pdf, icon_name="download", external=True))
    job = rx.cond(record.job_href, ui.link_button("Open the job", record.job_href, "primary", "briefcase"))
    return ui.detail_header(
        record.title,
        ("Estimates", "/estimates", record.number),
        badges(record),
        record.quiet,
        [paper, ui.moves(State.paper.moves, State.move, extra=[answers]), job],
    )


def _main() -> rx.Component:
    return rx.el.div(_asked(), rx.cond(State.record.editable, _draft(), _paper()))


def _asked() -> rx.Component:
    """What the client wants changed, before everything else."""
    record = State.record
    return rx.cond(
        record.changes_asked,
        ui.section("Changes asked", papers.words_in_a_well(record.changes_asked, record.changes_by)),
    )


def _draft() -> rx.Component:
    note = ui.text_area(
        "note_to_client",
        State.record.note,
        aria_label="Note to the client",
        on_commit=lambda text: State.set_fact("note_to_client", text),
        max_length=4000,
    )
    return rx.fragment(
        ui.section("Lines", papers.grid(State), note="totals are worked out by the server, to the cent"),
        ui.section(
            "Note to the client",
            ui.field("", note, error=State.errors["note_to_client"]),
            note="printed above the lines",
        ),
        ui.section("Details", _details()),
    )


def _details() -> rx.Component:
    record = State.record

    def kept(name: str) -> Any:
        return lambda text: State.set_fact(name, text)

    title = ui.text_input("title", record.title_text, on_commit=kept("title"), max_length=200)
    until = ui.date_input("expires_on", record.expires_on, on_commit=kept("expires_on"))
    who = ui.select_input("contact_id", record.contacts, record.contact_id, on_change=kept("contact_id"))
    where = ui.select_input(
        "property_id", record.properties, record.property_id, on_change=kept("property_id")
    )
    return ui.fields(
        ui.field("Title", title, error=State.errors["title"]),
        ui.field("Open until", until, "The client can approve until the end of that day.", State.errors["expires_on"]),
        ui.field("Send to", who, error=State.errors["contact_id"]),
        ui.field("Property", where, error=State.errors["property_id"]),
    )  # fmt: skip


def _paper() -> rx.Component:
    record = State.record
    return rx.fragment(
        rx.cond(record.note, ui.section("Note to the client", rx.el.p(record.note, class_name="ot-pre"))),
        ui.section("Lines", ui.line_table(State.paper.lines), rx.el.div(papers.totals(State.paper), class_name="ot-foot-totals")),
        rx.cond(record.terms, ui.section("Terms", rx.el.p(record.terms, class_name="ot-pre ot-soft"))),
    )  # fmt: skip


def _aside() -> rx.Component:
    record, paper = State.record, State.paper
    signed = ui.section(
        "Approved",
        rx.el.p(rx.el.b(record.signed.name)),
        rx.el.p(record.signed.how, class_name="ot-quiet"),
        papers.words_in_a_well(record.signed.evidence),
    )
    live = ui.section("Total", papers.totals(paper), action=papers.currency_word())
    return rx.fragment(
        rx.cond(record.editable, live),
        rx.cond(record.waiting, ui.section(record.waiting)),
        rx.cond(record.signed.name, signed),
        rx.cond(paper.margin.percent, rx.el.section(papers.margin(paper), class_name="ot-section")),
        rx.cond(~record.editable, ui.section("About it", ui.facts_from(record.facts))),
        rx.cond(record.revisions, ui.section("As it was sent", _revisions())),
        history(record, State.add_note),
    )


def _revisions() -> rx.Component:
    def one(revision: Any) -> rx.Component:
        return rx.el.li(
            rx.el.div(
                ui.link(revision.label, revision.href, external=True),
                rx.el.p(revision.when, class_name="ot-quiet"),
            ),
            ui.money(revision.total),
        )

    return rx.el.ul(rx.foreach(State.record.revisions, one), class_name="ot-entries")


def _answer_dialog() -> rx.Component:
    typed, errors = State.typed, State.errors
    asked = rx.match(
        State.asking,
        ("approve", rx.fragment(
            ui.field("Who agreed", ui.text_input("name", typed["name"], max_length=200), error=errors["name"]),
            ui.field("How you know", ui.text_area("evidence", typed["evidence"]), "Kept with the signature, such as: signed on paper, scan in the mail of June 3.", errors["evidence"]),
        )),
        ("request_changes", ui.field("What should change", ui.text_area("reason", typed["reason"]), error=errors["reason"])),
        ui.field("Why, in the client's words", ui.text_area("reason", typed["reason"]), error=errors["reason"], optional=True),
    )  # fmt: skip
    title = rx.match(
        State.asking,
        ("approve", "Record the approval of " + State.record.number),
        ("request_changes", "Record the change that the client asks for"),
        "Record that the client declined",
    )
    verb = rx.match(
        State.asking,
        ("approve", "Record approval"),
        ("request_changes", "Record the change"),
        "Record the answer",
    )
    return ui.dialog(
        title,
        ui.form(asked, ui.dialog_actions(_cancel(), ui.button(verb, "primary", type="submit")), on_submit=State.answer),
        open=State.asking != "",
        on_open_change=State.set_open,
        text="For answers that came by phone, on paper or in person.",
    )  # fmt: skip


def _cancel() -> rx.Component:
    return ui.button("Cancel", on_click=State.set_open(False))


@rx.page(route="/estimates/new", title="New estimate", on_load=on_load(Form.load))
def new_estimate_page() -> rx.Component:
    """For whom, and where; then the draft opens."""
    form = rx.cond(Form.form.client_id, _start(), _choose())
    head = ui.detail_header("New estimate", ("Estimates", "/estimates", "New"), [])
    return office_page("estimates", ui.by_status(fresh(Form.status), full=rx.fragment(head, ui.body(form))))


def _choose() -> rx.Component:
    return ui.section("Who is it for?", choose_client(Form.q, Form.form.found, Form.find, Form.choose))


def _start() -> rx.Component:
    form, errors = Form.form, Form.errors
    who = rx.el.p(
        rx.el.b(form.client),
        rx.cond(form.lead, ui.quiet(" for the lead of " + form.lead)),
        " ",
        ui.text_button("Choose another", Form.choose("")),
        class_name="ot-chosen",
    )
    where = ui.select_input("property_id", form.properties, form.property_id)
    fields = ui.fields(
        ui.field("What is it about", ui.text_input("title", form.title, max_length=200, auto_focus=True), "The first thing the client reads, such as Roof replacement.", errors["title"], optional=True),
        ui.field("Property", where, error=errors["property_id"], optional=True),
    )  # fmt: skip
    return ui.section(
        "Who is it for?",
        who,
        rx.cond(
            form.stopped,
            ui.note(form.stopped, "waiting", "circle-alert"),
            ui.form(fields, ui.save_bar("Start the estimate", ui.link_button("Cancel", "/estimates")), on_submit=Form.start),
        ),
    )  # fmt: skip
