"""Members in the settings: the list with who is invited, and a member's page."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_parts
from pages.places import place_dialog
from pages.records import badges, record_screen
from pages.shell import MAY, office_page, settings_page
from state.members import MembersState, MemberState, PlaceState
from state.session import on_load

LIST: Any = MembersState
COLUMNS = (
    ui.Column("name", "Name", sort=True, phone="title"),
    ui.Column("role", "Role", width="152", phone="line"),
    ui.Column("client", "Client", width="200", spare=True),
    ui.Column("factor", "Second step", width="104"),
    ui.Column("created_at", "Joined", sort=True, num=True, width="104", spare=True),
    ui.Column("stage", "State", width="120", phone="side"),
)
INVITED = (
    ui.Column("email", "E-mail", phone="title"),
    ui.Column("line", "", phone="line"),
    ui.Column("stage", "State", width="96", phone="side"),
    ui.Column("acts", "", width="208", phone="line"),
)
AHEAD = (ui.Column("title", "Visit", phone="title"), ui.Column("window", "When", phone="line"))
MANAGES: Any = MAY.contains("members:manage")


def _cells(row: Any) -> list[Any]:
    return [
        ui.lead_name(row.name, row.email),
        row.role,
        ui.hint(row.client),
        row.factor,
        ui.quiet(ui.hint(row.since, row.since_full)),
        ui.stage_badge(row.stage.word, row.stage.tint),
    ]


def _invited_cells(row: Any) -> list[Any]:
    withdraw = ui.confirm(
        "Withdraw this invitation?",
        "The link in the mail stops working. You can invite the same person again.",
        "Withdraw invitation",
        LIST.withdraw(row.id),
        trigger=ui.button("Withdraw", "quiet", size="small"),
    )
    return [
        ui.lead_name(row.email, row.name),
        ui.quiet(ui.hint(row.line)),
        ui.stage_badge(row.stage.word, row.stage.tint),
        ui.row(ui.button("Send again", "quiet", size="small", on_click=LIST.resend(row.id)), withdraw, gap=4),
    ]


SCREEN = ListScreen(
    title="Members",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: "/settings/members/" + row.id,
    empty_title="Nobody yet",
    empty_text="The people who work here, and the customers who can sign in, stand here.",
    search="Name or e-mail",
)


@rx.page(route="/settings/members", title="Members", on_load=on_load(MembersState.load))
def members_page() -> rx.Component:
    """The list of members."""
    invite = rx.cond(
        MANAGES, ui.button("Invite somebody", "primary", "user-plus", on_click=PlaceState.invite)
    )
    waiting = ui.section(
        "Invited",
        ui.data_table(INVITED, LIST.invited, _invited_cells, None),
        note=LIST.invited.length().to_string(),
    )
    return settings_page(
        "members",
        rx.cond(LIST.invited.length() > 0, ui.body(waiting)),
        list_parts(MembersState, SCREEN),
        place_dialog(),
        actions=(invite,),
    )


@rx.page(route="/settings/members/[member_id]", title="Member", on_load=on_load(MemberState.load))
def member_page() -> rx.Component:
    """One member."""
    return office_page(
        "settings",
        record_screen(MemberState, _record(MemberState.record), noun="member", back="/settings/members"),
        place_dialog(),
    )


def _record(record: Any) -> rx.Component:
    may_place = record.may_manage & ~record.is_self
    head = ui.detail_header(
        record.title,
        ("Members", "/settings/members", record.name),
        badges(record),
        record.quiet,
        actions=[
            rx.cond(may_place, ui.button("Change role", on_click=PlaceState.other_role)),
            ui.moves(record.moves, MemberState.move),
        ],
    )
    name = rx.cond(
        record.may_manage,
        ui.text_input("name", record.name, on_commit=MemberState.rename, aria_label="Name", max_length=200),
        record.name,
    )
    ahead = ui.data_table(
        AHEAD,
        record.ahead,
        lambda visit: [ui.lead_name(visit.title), ui.quiet(visit.window)],
        lambda visit: visit.href,
    )
    visits = ui.section("Visits ahead", ahead, note=record.ahead_note)
    main = ui.stack(
        rx.cond(record.is_self, ui.note("This is you. Another admin changes your role.")),
        ui.section("Facts", ui.facts_from(record.facts, ("Name", name))),
        rx.cond(record.ahead.length() > 0, visits),
        gap=0,
    )
    aside = ui.section("Timeline", ui.timeline(record.timeline))
    return rx.fragment(head, ui.two_columns(main, rx.cond(record.may_manage, aside)))
