"""Second factors: no code counts twice, not even at once; nobody else's session is let in; nothing secret lies about in clear."""

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from models.access import Role
from models.ids import now
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import Conflict, Gone, NotFresh, SignedOut, TooMany
from ontrack_app.services import factors, proofs, seals
from ontrack_app.services.factors import Passed, Standing
from ontrack_app.services.sign_in import Opened
from ontrack_app.sessions import hash_secret
from tests.factories.companies import Company, Person
from tests.factories.factors import STEP, App, caller, enrol, events, make_stale, signed_in_by_mail, sql

Found = TypeVar("Found")


def standing(secret: str) -> Standing:
    with begin(None) as doorway:
        return factors.standing(doorway, hash_secret(secret))


def prove(secret: str, typed: str) -> Passed | None:
    with begin(None) as doorway:
        return factors.prove(doorway, caller(secret), typed)


def is_in(secret: str) -> bool:
    try:
        with begin(SessionCredential(hash_secret(secret))):
            return True
    except SignedOut:
        return False


def at_once(times: int, one: Callable[[int], Found]) -> list[Found]:
    """Runs the function in that many threads, which start together."""
    found: list[Found] = []
    gate = threading.Barrier(times)

    def run(number: int) -> None:
        gate.wait()
        found.append(one(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == times
    return found


@pytest.fixture
def person(company: Company) -> Person:
    return company.office


@pytest.fixture
def app(person: Person) -> App:
    return enrol(person)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Moves the time that codes go by to so many steps after now."""
    moment = now()
    return lambda steps: monkeypatch.setattr(factors, "now", lambda: moment + steps * STEP)


def test_a_factor_counts_once_a_code_of_it_was_given(person: Person) -> None:
    before = person.cookie
    with begin(None) as doorway:
        draft = factors.begin(doorway, hash_secret(before))
    assert not standing(before).has_factor
    with begin(None) as doorway:
        assert factors.confirm(doorway, caller(before), "000000x") is None
    app = enrol(person)
    assert draft.seed != app.seed
    assert standing(person.cookie).has_factor
    assert len(set(app.codes)) == standing(person.cookie).codes_left == 10
    assert is_in(person.cookie) and not is_in(before), "the session goes on under another secret"
    assert events(person.email)[-2:] == ["factor.refused", "factor.confirmed"]


def test_what_is_shown_can_be_scanned_and_typed(person: Person) -> None:
    with begin(None) as doorway:
        draft = factors.begin(doorway, hash_secret(person.cookie))
    assert draft.uri.startswith("otpauth://totp/OnTrack:") and f"secret={draft.seed}" in draft.uri
    assert draft.typed.replace(" ", "") == draft.seed and len(draft.seed) == 32
    assert draft.qr.startswith("<svg") and '"#fff"' in draft.qr and '"#000"' in draft.qr
    assert draft.seed not in repr(draft)


def test_after_setting_up_the_other_browsers_are_signed_out(person: Person) -> None:
    elsewhere = signed_in_by_mail(person)
    assert is_in(elsewhere)
    enrol(person)
    assert not is_in(elsewhere)


def test_only_the_session_that_was_shown_the_seed_confirms_it(person: Person) -> None:
    other = signed_in_by_mail(person)
    with begin(None) as doorway:
        app = App(factors.begin(doorway, hash_secret(person.cookie)).seed)
    with pytest.raises(Gone), begin(None) as doorway:
        factors.confirm(doorway, caller(other), app.code())
    sql("UPDATE auth.factors SET begun_at = now() - interval '11 minutes' WHERE user_id = %s", person.user_id)
    with pytest.raises(Gone), begin(None) as doorway:
        factors.confirm(doorway, caller(person.cookie), app.code())


def test_setting_up_needs_a_fresh_proof(person: Person) -> None:
    make_stale(person.cookie)
    with pytest.raises(NotFresh), begin(None) as doorway:
        factors.begin(doorway, hash_secret(person.cookie))


def test_a_pending_session_enters_nothing_until_the_code_is_given(person: Person, app: App) -> None:
    secret = signed_in_by_mail(person)
    assert standing(secret).pending == "factor" and not is_in(secret)
    assert prove(secret, "123 45") is None
    passed = prove(secret, f" {app.code()[:3]} {app.code()[3:]} ")
    assert passed and passed.codes_left is None
    assert is_in(passed.opened.secret) and not is_in(secret)
    with begin(SessionCredential(hash_secret(passed.opened.secret))) as work:
        work.actor.require_fresh(work.at)
    row = sql("SELECT pending, factor_at IS NOT NULL, ends_at > now() + interval '1 day' FROM auth.sessions WHERE hash = %s",
              hash_secret(passed.opened.secret))  # fmt: skip
    assert row == [("", True, True)]
    assert events(person.email)[-1] == "factor.passed"


def test_a_pending_session_lives_ten_minutes(person: Person, app: App) -> None:
    secret = signed_in_by_mail(person)
    asked = "SELECT ends_at <= now() + interval '10 minutes' FROM auth.sessions WHERE hash = %s"
    assert sql(asked, hash_secret(secret)) == [(True,)]
    sql("UPDATE auth.sessions SET ends_at = now() WHERE hash = %s", hash_secret(secret))
    with pytest.raises(SignedOut):
        prove(secret, app.code())


@pytest.mark.parametrize("steps, counts", [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_one_step_before_and_after(
    person: Person, app: App, clock: Callable[[int], None], steps: int, counts: bool
) -> None:
    clock(10)
    code = app.code(steps)
    clock(10)
    assert (prove(signed_in_by_mail(person), code) is not None) is counts


def test_no_code_counts_twice_nor_one_before_it(
    person: Person, app: App, clock: Callable[[int], None]
) -> None:
    clock(10)
    before, code, after = app.code(-1), app.code(0), app.code(1)
    assert prove(signed_in_by_mail(person), code)
    assert prove(signed_in_by_mail(person), code) is None
    assert prove(signed_in_by_mail(person), before) is None
    assert prove(signed_in_by_mail(person), after)


def test_the_code_that_set_it_up_does_not_sign_in(person: Person) -> None:
    app = enrol(person)
    assert prove(signed_in_by_mail(person), app.first) is None


def test_of_fifty_tries_at_once_one_succeeds(person: Person, app: App, clock: Callable[[int], None]) -> None:
    clock(10)
    sessions = [signed_in_by_mail(person) for _ in range(50)]
    code = app.code()
    found = at_once(50, lambda number: prove(sessions[number], code))
    assert len([one for one in found if one]) == 1
    assert [is_in(one.opened.secret) for one in found if one] == [True]


def test_a_recovery_code_works_once_also_of_many_at_once(person: Person, app: App) -> None:
    sessions = [signed_in_by_mail(person) for _ in range(12)]
    found = at_once(12, lambda number: prove(sessions[number], app.codes[0].upper()))
    assert [one.codes_left for one in found if one] == [9]
    assert prove(signed_in_by_mail(person), app.codes[0]) is None
    assert "factor.recovery_used" in events(person.email)


def test_at_the_last_three_there_is_a_hint_and_new_ones_replace_the_old(person: Person, app: App) -> None:
    for code in app.codes[:6]:
        assert prove(signed_in_by_mail(person), code)
    assert not standing(person.cookie).runs_out
    assert prove(signed_in_by_mail(person), app.codes[6])
    assert standing(person.cookie).runs_out
    with begin(None) as doorway:
        codes = factors.renew_codes(doorway, caller(person.cookie))
    assert not set(codes) & set(app.codes) and standing(person.cookie).codes_left == 10
    assert prove(signed_in_by_mail(person), app.codes[9]) is None
    assert prove(signed_in_by_mail(person), codes[0])
    make_stale(person.cookie)
    with pytest.raises(NotFresh), begin(None) as doorway:
        factors.renew_codes(doorway, caller(person.cookie))


def test_somebody_elses_codes_do_not_count(
    company: Company, other: Company, app: App, person: Person
) -> None:
    theirs = enrol(other.office)
    assert prove(signed_in_by_mail(person), theirs.code()) is None
    assert prove(signed_in_by_mail(person), theirs.codes[0]) is None


def test_a_sealed_seed_opens_nothing_in_another_persons_row(person: Person, app: App, other: Company) -> None:
    enrol(other.office)
    sql("UPDATE auth.factors SET sealed = (SELECT sealed FROM auth.factors WHERE user_id = %s) WHERE user_id = %s",
        person.user_id, other.office.user_id)  # fmt: skip
    with pytest.raises(Conflict):
        prove(signed_in_by_mail(other.office), app.code())


def test_nothing_is_kept_in_clear(person: Person, app: App) -> None:
    assert prove(signed_in_by_mail(person), app.codes[0])
    assert prove(signed_in_by_mail(person), app.code())
    kept = str(sql("SELECT f::text, (SELECT array_agg(c::text) FROM auth.recovery_codes c WHERE c.user_id = f.user_id), "
                   "(SELECT array_agg(e::text) FROM auth.security_events e WHERE e.email = %s) "
                   "FROM auth.factors f WHERE f.user_id = %s", person.email, person.user_id))  # fmt: skip
    for secret in (app.seed, *app.codes, *(code.replace("-", "") for code in app.codes), app.code()):
        assert secret not in kept
    for code in app.codes:
        assert seals.hash_recovery_code(person.user_id, factors.plain(code)) in kept


def counts(secret: str, ip: str) -> bool:
    """Whether one more try is let through, counted as the pages count it."""
    with begin(None) as doorway:
        try:
            factors.count_try(doorway, caller(secret, ip=ip))
        except TooMany:
            return False
    return True


def test_tries_are_counted_by_person_whatever_follows_and_a_right_one_forgives(
    person: Person, app: App
) -> None:
    secret, ip = signed_in_by_mail(person), str(person.user_id)
    for _ in range(7):
        assert counts(secret, ip)
        assert prove(secret, "000000x") is None
    assert counts(secret, ip)
    assert prove(secret, app.code())
    again = signed_in_by_mail(person)
    assert [counts(again, ip) for _ in range(11)] == [True] * 8 + [False] * 3
    assert not counts(signed_in_by_mail(person), f"another {ip}")
    assert events(person.email).count("factor.limited") == 1


def test_tries_are_counted_by_network_too(company: Company) -> None:
    people = [company.person(Role.CREW) for _ in range(8)]
    found = [counts(each.cookie, f"net {company.slug}") for each in people for _ in range(8)]
    assert found == [True] * 60 + [False] * 4
    assert counts(company.person(Role.CREW).cookie, f"elsewhere {company.slug}")


def test_removing_needs_a_fresh_proof_and_ends_the_other_sessions(person: Person, app: App) -> None:
    elsewhere = prove(signed_in_by_mail(person), app.code())
    assert elsewhere
    make_stale(person.cookie)
    with pytest.raises(NotFresh), begin(None) as doorway:
        factors.remove(doorway, caller(person.cookie))
    confirmed = prove(person.cookie, app.code(1))
    assert confirmed
    with begin(None) as doorway:
        removed = factors.remove(doorway, caller(confirmed.opened.secret))
    assert is_in(removed.secret) and not is_in(elsewhere.opened.secret) and not is_in(confirmed.opened.secret)
    assert not standing(removed.secret).has_factor
    assert standing(signed_in_by_mail(person)).pending == ""
    assert sql("SELECT factor_at FROM auth.sessions WHERE hash = %s", hash_secret(removed.secret)) == [
        (None,)
    ]
    assert events(person.email)[-2:] == ["factor.removed", "session.opened"]


def test_another_phone_counts_once_it_has_shown_a_code_and_the_old_one_until_then(
    person: Person, app: App, clock: Callable[[int], None]
) -> None:
    clock(10)
    with begin(None) as doorway:
        newer = App(factors.begin(doorway, hash_secret(person.cookie)).seed)
    assert prove(signed_in_by_mail(person), app.code())
    with begin(None) as doorway:
        assert factors.confirm(doorway, caller(person.cookie), newer.code(-1))
    clock(20)
    assert prove(signed_in_by_mail(person), app.code()) is None
    assert prove(signed_in_by_mail(person), newer.code())


def test_stepping_up_keeps_the_end_of_the_session_and_changes_its_secret(person: Person, app: App) -> None:
    sql(
        "UPDATE auth.sessions SET ends_at = now() + interval '1 hour' WHERE hash = %s",
        hash_secret(person.cookie),
    )
    make_stale(person.cookie)
    with pytest.raises(NotFresh), begin(SessionCredential(hash_secret(person.cookie))) as work:
        work.actor.require_fresh(work.at)
    passed = prove(person.cookie, app.code())
    assert passed and not is_in(person.cookie)
    with begin(SessionCredential(hash_secret(passed.opened.secret))) as work:
        work.actor.require_fresh(work.at)
    asked = "SELECT ends_at < now() + interval '61 minutes' FROM auth.sessions WHERE hash = %s"
    assert sql(asked, hash_secret(passed.opened.secret)) == [(True,)]
    assert events(person.email)[-1] == "session.confirmed"


def mailed_code(person: Person, secret: str) -> str:
    with begin(None) as doorway:
        assert proofs.mail_code(doorway, hash_secret(secret)) == person.email
    (body,), *_ = sql(
        "SELECT body_text FROM auth.mails WHERE recipient = %s ORDER BY id DESC LIMIT 1", person.email
    )
    return str(body).split("Code: ")[1].split("\n", maxsplit=1)[0]


def by_mail(secret: str, typed: str) -> Opened | None:
    with begin(None) as doorway:
        return proofs.prove(doorway, caller(secret), typed)


def test_without_a_factor_a_mailed_code_proves_it_once_in_that_session(person: Person) -> None:
    elsewhere = signed_in_by_mail(person)
    make_stale(person.cookie)
    first, code = mailed_code(person, person.cookie), mailed_code(person, person.cookie)
    assert by_mail(elsewhere, code) is None
    assert first == code or by_mail(person.cookie, first) is None
    opened = by_mail(person.cookie, code)
    assert opened and not is_in(person.cookie)
    assert by_mail(opened.secret, code) is None
    with begin(SessionCredential(hash_secret(opened.secret))) as work:
        work.actor.require_fresh(work.at)


def test_a_mailed_code_is_worth_nothing_after_five_wrong_ones_or_ten_minutes(person: Person) -> None:
    code = mailed_code(person, person.cookie)
    for _ in range(5):
        assert by_mail(person.cookie, "no code") is None
    assert by_mail(person.cookie, code) is None
    code = mailed_code(person, person.cookie)
    sql("UPDATE auth.proof_codes SET expires_at = now() WHERE hash = %s",
        seals.hash_mailed_code(hash_secret(person.cookie), factors.plain(code)))  # fmt: skip
    assert by_mail(person.cookie, code) is None


def test_who_has_a_factor_cannot_go_round_it_by_mail(person: Person, app: App) -> None:
    for secret in (person.cookie, signed_in_by_mail(person)):
        with pytest.raises(Conflict), begin(None) as doorway:
            proofs.mail_code(doorway, hash_secret(secret))
        assert by_mail(secret, "123456") is None


def test_mails_with_codes_are_limited(person: Person) -> None:
    for _ in range(5):
        with begin(None) as doorway:
            proofs.count_mail(doorway, hash_secret(person.cookie))
    with pytest.raises(TooMany), begin(None) as doorway:
        proofs.count_mail(doorway, hash_secret(person.cookie))


@pytest.mark.parametrize("kind", ["nobody", "document", "revoked", "raw secret"])
def test_only_a_members_live_session_reaches_any_of_it(company: Company, person: Person, kind: str) -> None:
    session = {"nobody": "", "raw secret": person.cookie}.get(kind, hash_secret(f"{kind} {company.slug}"))
    if kind == "document":
        sql("INSERT INTO auth.sessions (hash, tenant_id, scope, how, document_noun, document_id, idle, ends_at) "
            "VALUES (%s, %s, 'document', 'document', 'estimates', uuidv7(), '1 hour', now() + interval '1 hour')",
            session, company.id)  # fmt: skip
    if kind == "revoked":
        session = hash_secret(person.cookie)
        sql("UPDATE auth.sessions SET revoked_at = now() WHERE hash = %s", session)
    for asked in (factors.begin, factors.standing, factors.draft, proofs.mail_code, proofs.count_mail):
        with pytest.raises(SignedOut), begin(None) as doorway:
            asked(doorway, session)
    with begin(None) as doorway:
        assert doorway.value("SELECT auth.session_pending(:hash)", hash=session) is None
        assert doorway.value("SELECT auth.factor_seed(:hash)", hash=session) is None
        assert not doorway.value("SELECT auth.begin_factor(:hash, 'x')", hash=session)
        assert not doorway.value("SELECT auth.count_factor_try(:hash, '')", hash=session)


def test_what_only_others_of_its_kind_call_is_not_the_applications(database: object) -> None:
    inner = sql("SELECT proname FROM pg_proc WHERE pronamespace = 'auth'::regnamespace AND proname = ANY (%s) "
                "AND has_function_privilege('ontrack_app', oid, 'EXECUTE')",
                ["limit_pending", "session_at", "hold_session", "has_factor", "is_fresh", "factor_required_by", "codes_left",
                 "replace_codes", "rotate_session", "end_other_sessions", "note_factor", "forgive_tries"])  # fmt: skip
    assert inner == []
