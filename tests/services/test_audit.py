"""The trail, read: by whom, in which words, page by page, filtered, and taken out as a file that cannot run anything."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from models.access import Role
from models.ids import now
from ontrack_app.db import begin
from ontrack_app.errors import Forbidden, Invalid, NotFresh
from ontrack_app.integrations.csv_files import plain
from ontrack_app.schemas.leads import LeadBody, LeadMoveBody, LeadPatch
from ontrack_app.schemas.screens.audit import AuditFoot, AuditRow
from ontrack_app.schemas.screens.common import ListQuery
from ontrack_app.services import audit, audit_files, leads
from ontrack_app.services.audit import Asked
from ontrack_app.services.listing import Query
from ontrack_app.services.screens import audit as screen
from ontrack_app.services.screens import audit_words
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls
from tests.factories.companies import Company, Person

FORMULA = '=HYPERLINK("http://x.example","Click")'


def shown(person: Person, tab: str = "", **filters: str) -> tuple[list[AuditRow], AuditFoot]:
    """The screen's rows for an address."""
    with person.work() as work:
        rows, foot = screen.listing(work, ListQuery(tab=tab, q=filters.pop("q", ""), filters=filters))
    assert isinstance(foot, AuditFoot)
    return rows, foot


def a_story(company: Company) -> str:
    """A lead that came in, was changed and was lost; its id."""
    with company.office.work() as work:
        lead = leads.create(work, LeadBody(name="Ana Gagnon", need="Roof leaks"))
        leads.patch(work, lead.id, LeadPatch(need="Two roofs leak", assignee_id=company.admin.member_id))
        leads.move(work, lead.id, "lose", LeadMoveBody(reason="Too far away"))
    return str(lead.id)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_only_who_may_read_the_trail_reads_it(company: Company, role: Role) -> None:
    person = company.once(role)
    calls: list[Callable[[Any], Any]] = [
        lambda work: screen.listing(work, ListQuery()),
        lambda work: audit.list_page(work, Query(sort="-n")),
        lambda work: audit.events(work, Asked()),
        lambda work: audit_files.may_export(work, ListQuery()),
        lambda work: audit.note_export(work, "trail", {}),
    ]
    for call in calls:
        with pytest.raises(Forbidden), person.work() as work:
            call(work)


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT])
def test_the_database_gives_security_events_to_no_narrow_scope(company: Company, role: Role) -> None:
    asked = text("SELECT count(*) FROM auth.tenant_events(NULL, NULL, 100, NULL, NULL, NULL, NULL, NULL)")
    keys = text("SELECT count(*) FROM auth.tenant_keys(NULL, 100)")
    with company.once(role).work() as work:
        assert work.session.execute(asked).scalar_one() == 0
        assert work.session.execute(keys).scalar_one() == 0
    with company.admin.work() as work:
        assert work.session.execute(asked).scalar_one() > 0


def test_an_entry_says_who_did_what_from_what_to_what_and_why(company: Company) -> None:
    lead_id = a_story(company)
    rows, _ = shown(company.admin, row_id=lead_id)
    lost, changed, made = rows
    assert [row.text for row in rows] == ["gave the lead up", "changed the lead", "took the lead in"]
    assert lost.reason == "Too far away"
    assert "Stage: New → Lost" in lost.change_full
    assert "Need: Roof leaks → Two roofs leak" in changed.change_full
    assert re.search(r"Assigned to: nothing → Admin\d+|Owner: nothing → Admin\d+", changed.change_full), (
        changed.change_full
    )
    assert {row.on for row in rows} == {"Lead Ana Gagnon"}
    assert {row.href for row in rows} == {f"/leads/{lead_id}"}
    assert made.who.startswith("Office") and made.role == "Office"
    assert not re.search(
        r"[0-9a-f]{8}-[0-9a-f]{4}", " ".join(row.model_dump_json(exclude={"href"}) for row in rows)
    )


def test_another_company_sees_nothing_of_it(company: Company, other: Company) -> None:
    lead_id = a_story(company)
    assert shown(other.admin, row_id=lead_id)[0] == []
    theirs = {row.who for row in shown(other.admin, tab=screen.SECURITY)[0]}
    assert not any(person.email in theirs for person in company.people.values())


def test_pages_by_number_neither_repeat_nor_lose_an_entry(company: Company) -> None:
    with company.office.work() as work:
        for at in range(60):
            leads.create(work, LeadBody(name=f"Lead {at}", need="x"))
    seen: list[int] = []
    filters: dict[str, str] = {}
    while True:
        rows, foot = shown(company.admin, **filters)
        seen += [int(row.n) for row in rows]
        assert foot.has_prev == bool(filters)
        with company.office.work() as work:  # the trail goes on while somebody reads it
            leads.create(work, LeadBody(name="Meanwhile", need="x"))
        if not foot.has_next:
            break
        filters = {"before": foot.older}
    assert seen == sorted(set(seen), reverse=True)
    assert seen[-1] == 1 and len(seen) == seen[0]
    back, foot = shown(company.admin, after=str(seen[-1]))
    assert [int(row.n) for row in back] == list(range(26, 1, -1)) and foot.has_prev and foot.has_next


def test_filters_narrow_by_person_word_noun_words_and_period(
    company: Company, database: DatabaseUrls
) -> None:
    a_story(company)
    office, admin = str(company.office.member_id), company.admin
    assert {row.who for row in shown(admin, actor_id=office)[0]} == {shown(admin, noun="leads")[0][0].who}
    assert {row.who for row in shown(admin, actor_id="none")[0]} == {"tests"}
    assert [row.text for row in shown(admin, word="leads.lose")[0]] == ["gave the lead up"]
    assert {row.on for row in shown(admin, noun="leads,tax_codes")[0]} >= {"Lead Ana Gagnon", "Tax code GST"}
    assert len(shown(admin, q="two ROOFS")[0]) == 1 and shown(admin, q="100%_")[0] == []
    today = now().astimezone().date()
    assert shown(admin, until=(today - timedelta(days=3)).isoformat())[0] == []
    assert len(shown(admin, since=(now() - timedelta(hours=1)).isoformat(), noun="leads")[0]) == 3
    assert len(shown(admin, period="7", noun="leads")[0]) == 3


@pytest.mark.parametrize(
    "filters",
    [{"period": "5"}, {"before": "x"}, {"since": "soon"}, {"until": "9999-12-31"}, {"actor_id": "me"}, {"hash": "x"}, {"noun": "a\x00"}],
)  # fmt: skip
def test_what_is_no_filter_is_refused_in_words(company: Company, filters: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        shown(company.admin, **filters)


def test_security_events_stand_beside_it_in_words(company: Company) -> None:
    rows, foot = shown(company.admin, tab=screen.SECURITY)
    assert {"signed in", "made an API key"} <= {row.text for row in rows}
    email = next(row for row in rows if row.text == "signed in")
    assert shown(company.admin, tab=screen.SECURITY, q="NOT THERE")[0] == []
    assert len(shown(company.admin, tab=screen.SECURITY, q=company.admin.email.upper())[0]) == 2
    assert email.who.startswith("Admin") and foot.tab == screen.SECURITY
    assert {row.text for row in shown(company.admin, tab=screen.SECURITY, word="session.opened")[0]} == {
        "signed in"
    }


def test_every_word_that_the_code_records_has_a_sentence() -> None:
    said = set()
    for path in (PROJECT_ROOT / "ontrack_app").rglob("*.py"):
        said |= set(re.findall(r"(?:record\(\s*|word=|WORD = )\"([a-z_]+\.[a-z_]+)\"", path.read_text()))
    untold = {word for word in said if ": " in audit_words.sentence(word)}
    assert untold == set(), "give these a sentence in services/screens/audit_words.py"


def test_every_security_event_that_the_database_notes_has_a_sentence() -> None:
    texts = [path.read_text() for path in (PROJECT_ROOT / "alembic" / "sql").glob("*.sql")]
    texts += [path.read_text() for path in (PROJECT_ROOT / "ontrack_app").rglob("*.py")]
    noted = {
        word
        for text in texts
        for word in re.findall(r"(?:note_security\(\s*|note_factor\([^']*)'([a-z_]+\.[a-z_]+)'", text)
    }
    assert noted - set(audit_words.EVENTS) == set(), (
        "give these a sentence in services/screens/audit_words.py"
    )


def test_a_word_that_nobody_told_of_still_reads_as_words() -> None:
    assert audit_words.sentence("tax_codes.turned_round") == "tax code: turned round"
    assert audit_words.event_sentence("door.kicked_in") == "door: kicked in"


def running(credential: Any) -> audit_files.Run:
    def run(service: Callable[..., Any], *given: Any) -> Any:
        with begin(credential) as work:
            return service(work, *given)

    return run


def read(pieces: Iterator[str]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(pieces).removeprefix("\ufeff"))))


def test_the_file_holds_what_the_filters_find_and_runs_nothing(company: Company) -> None:
    with company.office.work() as work:
        leads.create(work, LeadBody(name="Ana", need=FORMULA))
        leads.create(work, LeadBody(name="Berta", need="@SUM(1)"))
    session = company.admin.session
    rows = read(audit_files.export(running(session), ListQuery(filters={"noun": "leads"})))
    assert len(rows) == 2 and {row["What"] for row in rows} == {"took the lead in"}
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values()), row
    with company.office.work() as work:
        lead = leads.create(work, LeadBody(name="Cora", need="x"))
        leads.move(work, lead.id, "lose", LeadMoveBody(reason=FORMULA))
    row = read(audit_files.export(running(session), ListQuery(filters={"word": "leads.lose"})))[0]
    assert row["Reason"] == f"'{FORMULA}" and plain(row["Reason"]) == FORMULA


def test_an_export_is_in_the_trail_and_among_the_security_events(company: Company) -> None:
    list(audit_files.export(running(company.admin.session), ListQuery(filters={"noun": "leads"})))
    row = shown(company.admin, word="trail.exported")[0][0]
    assert row.text == "exported the audit trail" and "Noun: leads" in row.change_full
    assert shown(company.admin, tab=screen.SECURITY, word="trail.exported")[0][0].who == row.who
    list(audit_files.export(running(company.admin.session), ListQuery(tab=screen.SECURITY)))
    assert "What: security events" in shown(company.admin, word="trail.exported")[0][0].change_full


def test_a_browser_must_have_proven_lately_who_it_is(company: Company, database: DatabaseUrls) -> None:
    stale(company.admin, database)
    with pytest.raises(NotFresh):
        audit_files.export(running(company.admin.session), ListQuery())
    assert shown(company.admin, word="trail.exported")[0] == []


def stale(person: Person, database: DatabaseUrls) -> None:
    """Makes the proof of a person's session six minutes old."""
    with psycopg.connect(database.owner.replace("+psycopg", "")) as connection:
        connection.execute(
            "UPDATE auth.sessions SET proven_at = now() - interval '6 minutes' WHERE hash = %s",
            [person.session.hash],
        )


def test_who_loses_the_right_loses_the_rest_of_the_file(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with company.office.work() as work:
        for at in range(30):
            leads.create(work, LeadBody(name=f"Lead {at}", need="x"))
    monkeypatch.setattr(audit_files, "PIECE", 10)
    pieces = audit_files.export(running(company.admin.session), ListQuery())
    assert next(pieces) and next(pieces)
    with begin(None) as doorway:
        doorway.value("SELECT auth.end_session(:hash)", hash=company.admin.session.hash)
    with pytest.raises(Exception, match="signed out"):
        next(pieces)


@pytest.mark.nightly
def test_a_long_trail_is_taken_out_in_bounded_memory(company: Company, database: DatabaseUrls) -> None:
    measured_export(company, database, 100_000)


def test_a_file_is_made_of_small_pieces(company: Company, database: DatabaseUrls) -> None:
    measured_export(company, database, 3_000)


def measured_export(company: Company, database: DatabaseUrls, entries: int) -> None:
    """No piece holds more than its thousand rows, however long the trail is."""
    with company.work() as work:
        work.session.execute(
            text(
                "SELECT app.seal((SELECT jsonb_agg(jsonb_build_object('actor_name', 'x', 'actor_role', 'office', 'word', "
                "'leads.created', 'noun', 'leads', 'ip', '', 'after', jsonb_build_object('need', 'Leak ' || g))) "
                "FROM generate_series(1, :many) g), '[]')"
            ),
            {"many": entries},
        )
    rows, longest = 0, 0
    for piece in audit_files.export(running(company.admin.session), ListQuery(filters={"noun": "leads"})):
        longest = max(longest, len(piece))
        rows += piece.count("\r\n")
    assert rows == entries + 1
    assert longest < 200 * audit_files.PIECE


def test_entries_carry_the_values_that_lists_may_not_name(company: Company) -> None:
    """The REST shape is the entry itself; the screen's is words."""
    a_story(company)
    with company.admin.work() as work:
        page = audit.list_page(work, Query(limit=2, sort="-n", filters={"noun": "leads"}))
        further = audit.list_page(
            work, Query(limit=2, sort="-n", cursor=page.next_cursor, filters={"noun": "leads"})
        )
        rising = audit.list_page(work, Query(limit=200, sort="n", filters={"noun": "leads"}))
    numbers = [card.n for card in (*page.items, *further.items)]
    assert numbers == sorted(numbers, reverse=True) and len(numbers) == 3 and further.next_cursor is None
    assert [card.n for card in rising.items] == numbers[::-1]
    assert page.items[0].reason == "Too far away" and (page.items[0].after or {})["stage"] == "lost"
    with pytest.raises(Invalid), company.admin.work() as work:
        audit.list_page(work, Query(sort="at"))
    with pytest.raises(Invalid), company.admin.work() as work:
        audit.list_page(work, Query(sort="n", cursor="nonsense"))


def test_over_http_it_is_read_and_never_written(calling: Any, company: Company) -> None:
    a_story(company)
    call = calling(company.admin)
    found = call.ok("GET", "/audit-entries?noun=leads&limit=2")
    assert [item["word"] for item in found["items"]] == ["leads.lose", "leads.changed"] and found[
        "next_cursor"
    ]
    assert calling(company.office)("GET", "/audit-entries").status_code == 403
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        assert call(method, "/audit-entries").status_code == 405
    answer = call("POST", "/audit-entries/export?noun=leads")
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment")
    assert len(read(iter([answer.text]))) == 3
    assert calling(company.office)("POST", "/audit-entries/export").status_code == 403


def test_a_browsers_export_over_rest_asks_for_our_header_and_a_fresh_proof(http: Any, company: Company, database: DatabaseUrls) -> None:  # fmt: skip
    from_elsewhere = {"Cookie": f"ontrack_8000={company.admin.cookie}"}
    assert http.post("/api/v1/audit-entries/export", headers=from_elsewhere).status_code == 403
    ours = {**from_elsewhere, "X-OnTrack-Request": "1"}
    assert http.post("/api/v1/audit-entries/export", headers=ours).status_code == 200
    stale(company.admin, database)
    refused = http.post("/api/v1/audit-entries/export", headers=ours)
    assert refused.status_code == 403 and refused.json()["title"] == "Confirm that it is you"
