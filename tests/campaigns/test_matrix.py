"""Every role and every kind of session × every event handler, REST route, server-rendered page and front-end page.

What is expected comes from one place: the right that a handler or route declares, and `models.access.rights_of`. What happens
is seen through the real doors. A handler or route without a declaration fails here.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from models.access import PEOPLE_ROLES, Role
from ontrack_app.api.tus import PART_TYPE
from ontrack_app.errors import NotFresh
from ontrack_app.web.areas import facts_for
from ontrack_app.web.guard import PROBES
from ontrack_app.web.pages import PageRoute, Who
from state import guarding
from state.shell import SessionState
from tests.campaigns import bodies, surfaces
from tests.campaigns.callers import (
    Someone,
    by_document,
    changed_session,
    fresh_session,
    keys,
    nobodies,
    people,
    proven_long_ago,
)
from tests.campaigns.ground import Side, rehearsal
from tests.campaigns.surfaces import Call, Front, Handler, Operation
from tests.state.support import Screen
from tests.state.test_rights import sample

NOTHING = "00000000-0000-7000-8000-000000000000"
TOLD = {"toasts_rx_state_", "leave_to_rx_state_"}


class Admissions:
    """Stands at the guard's door and counts whom the real guard lets through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        admit = guarding._admit

        async def watched(*given: Any) -> Any:
            arguments = await admit(*given)
            self.count += 1
            return arguments

        monkeypatch.setattr(guarding, "_admit", watched)


@pytest.fixture
def admissions(monkeypatch: pytest.MonkeyPatch) -> Admissions:
    return Admissions(monkeypatch)


@pytest.fixture(scope="module")
def everybody(sides: dict[str, Side]) -> list[Someone]:
    """Every caller with a browser, and what the policy source says of it."""
    usual = sides["usual"]
    return [*people(sides), by_document(usual), *nobodies(usual)]


@pytest.fixture(scope="module")
def programs(sides: dict[str, Side], everybody: list[Someone]) -> list[Someone]:
    """Every caller of REST: each role by its key, and each session by its cookie."""
    by_key = [Someone(one.label, one.side, one.rights, one.role, key=one.key) for one in people(sides)]
    office = [one for one in everybody if one.label == "usual office"]
    cookies = [
        Someone("usual office by cookie", one.side, one.rights, one.role, one.cookie) for one in office
    ]
    others = [one for one in everybody if not one.key]
    return [*by_key, *cookies, *others, *keys(sides["usual"])]


def payload(handler: Handler) -> dict[str, Any]:
    """The least that the handler takes."""
    fields = handler.policy.arguments.model_fields
    return {name: sample(field.annotation) for name, field in fields.items() if field.is_required()}


def test_nothing_is_outside_of_the_matrix() -> None:
    assert surfaces.unguarded() == []
    assert [one.label for one in surfaces.operations() if one.rights is None] == [], "say it with needs(…)"
    assert surfaces.undeclared() == [], "say it with who=…"
    assert (
        len(surfaces.handlers()) > 200
        and len(surfaces.operations()) > 80
        and len(surfaces.front_end_pages()) > 30
    )


def test_every_handler_for_everybody(everybody: list[Someone], admissions: Admissions) -> None:
    wrong = []
    with rehearsal():
        for someone in everybody:
            screen = Screen(someone.hash, path=f"/jobs/{someone.side.rows['jobs']}")
            for handler in surfaces.handlers():
                wrong += handler_cell(screen, someone, handler, admissions)
            screen.close()
    assert wrong == []


def handler_cell(screen: Screen, someone: Someone, handler: Handler, admissions: Admissions) -> Iterator[str]:
    """What is wrong with one cell: a yes that should be a no, a no that should be a yes, or a no that did something."""
    expected = someone.rights is not None and (handler.right is None or handler.right in someone.rights)
    before = admissions.count
    screen.events.clear()
    screen.deltas.clear()
    screen.send_named(handler.name, payload(handler), session=bool(someone.hash))
    admitted = admissions.count > before
    if admitted != expected:
        yield f"{someone.label} × {handler.label}: {'ran' if admitted else 'refused'}"
    if screen.failures:
        yield f"{someone.label} × {handler.label}: {screen.failures.pop()!r}"
    if not expected:
        changed = {
            (state, name) for delta in screen.deltas for state, values in delta.items() for name in values
        }
        allowed = {(SessionState.get_full_name(), name) for name in TOLD}
        changed = {(state, name) for state, name in changed - allowed if not name.startswith("rx_router_")}
        if screen.events or changed:
            yield f"{someone.label} × {handler.label}: refused, and yet {screen.events or changed}"


def call(someone: Someone, operation: Operation, *, full: bool = False) -> Call:
    """The least call of an operation, about the caller's own rows; `full` names every field."""
    ids = own_ids(someone.side, operation.noun)
    path = bodies.path_of(operation, ids)
    schema = bodies.schema_of(operation)
    full = full or "/moves/" in path
    more = frozenset((schema or {}).get("properties", ())) if full else frozenset[str]()
    given = {"json": bodies.least(schema, ids, more=more)} if schema is not None else {}
    given |= bodies.content_of(operation)
    headers = bodies.headers_of(operation, ids) | ({"Content-Type": PART_TYPE} if "content" in given else {})
    if asked := bodies.query_of(operation, ids):
        path = f"{path}?{urlencode(asked)}"
    return Call(operation.method, path, someone.headers | headers, given)


def own_ids(side: Side, noun: str) -> bodies.Ids:
    """Ids of the side's own rows, by the name under which they are asked for."""
    return lambda name: side.rows.get(bodies.noun_of_id(name, noun), NOTHING)


def test_every_rest_route_for_everybody(front: Front, programs: list[Someone]) -> None:
    wrong, worked, asked = [], set(), surfaces.operations()
    with rehearsal():
        for someone in programs:
            answers = front.all([call(someone, operation) for operation in asked])
            for operation, answer in zip(asked, answers, strict=True):
                if words := rest_cell(someone, operation, answer):
                    wrong.append(f"{someone.label} × {operation.label}: {words}")
                if answer.status_code in (200, 201, 204, 418, 409) or is_stale(answer):
                    worked.add(operation)
    assert wrong == []
    silent = sorted(one.label for one in surfaces.operations() if one not in worked and not one.hidden)
    assert silent == [], "nobody's call of these routes got as far as its service: its sample body is no good"


def is_stale(answer: Any) -> bool:
    """Whether the caller has the right, and is asked to prove first who it is."""
    return answer.status_code == 403 and answer.json()["title"] == NotFresh.title


def rest_cell(someone: Someone, operation: Operation, answer: Any) -> str:
    """What is wrong with one cell; empty where nothing is."""
    status = answer.status_code
    if someone.rights is None:
        return "" if status == 401 else f"{status}, not 401: {answer.text[:120]}"
    # A side's rows that are somebody's own are its crew's.
    own = operation.own in someone.rights and someone.role is Role.CREW
    expected = own or (operation.rights or frozenset()) <= someone.rights
    if expected and is_stale(answer):
        return "" if someone.key or someone.stale else "asked again who it is"
    if expected:
        return f"refused: {answer.text[:160]}" if status in (401, 403) or status >= 500 else ""
    # Which row it is, is asked before the last right: a row that may not be known is no row.
    narrow = someone.role not in (Role.ADMIN, Role.OFFICE)
    return "" if status == 403 or (status == 404 and narrow) else f"{status}, not 403: {answer.text[:160]}"


def test_every_front_end_page_for_everybody(front: Front, everybody: list[Someone]) -> None:
    wrong = []
    for someone in everybody:
        home = f"/portal/estimates/{someone.side.rows['estimates']}" if not someone.whole else ""
        facts = facts_for(someone.role, home=home)
        for page in surfaces.front_end_pages():
            path = "/".join(NOTHING if part.startswith("[") else part for part in page.split("/"))
            answer = front("GET", path, someone.headers)
            seen = answer.status_code == 200 and answer.text == surfaces.PAGE
            expected = someone.rights is not None and facts.may_visit(path)
            to = "/auth/sign-in" if someone.rights is None else facts.home
            if seen != expected or (not seen and not answer.headers.get("location", "").startswith(to)):
                wrong.append(
                    f"{someone.label} × {page}: {answer.status_code} {answer.headers.get('location', '')}"
                )
    assert wrong == []


def web_visitors(side: Side) -> Iterator[tuple[str, str, bool, bool]]:
    """Label, cookie, whether it is a whole session of a person, whether it is on its way in; a new session for each."""
    for role in PEOPLE_ROLES:
        yield role.value, fresh_session(side, role), True, True
    yield "document link", by_document(side).cookie, False, False
    for owed in ("factor", "enrol"):
        yield f"pending {owed}", changed_session(side, f"pending = '{owed}'"), False, True
    yield "revoked", changed_session(side, "revoked_at = now()"), False, False
    yield "none", "", False, False


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_every_server_rendered_page_for_everybody(front: Front, sides: dict[str, Side], method: str) -> None:
    """Whom a page is not for is sent to sign in or turned down; whom it is for is not. What is sent is no form of ours."""
    wrong, side = [], sides["usual"]
    for route in surfaces.web_routes():
        path = route.path.replace("{rest:path}", "nothing").replace("{slug}", side.company.slug)
        path = (
            path.replace("{email}", "nobody@x.example")
            .replace("{secret}", "x" * 43)
            .replace("{payment_id}", NOTHING)
        )
        for label, cookie, whole, coming in web_visitors(side):
            visitor = Someone(label, side, None, cookie=cookie)
            answer = front(method, path, visitor.headers)
            if words := web_cell(route, method, answer, whole=whole, coming=coming):
                wrong.append(f"{label} × {method} {route.path}: {words}")
    assert wrong == []


def web_cell(route: Any, method: str, answer: Any, *, whole: bool, coming: bool) -> str:
    """What is wrong with one cell; empty where nothing is."""
    status, to = answer.status_code, answer.headers.get("location", "")
    who = getattr(route, "who", None)
    if status >= 500:
        return f"{status}: {answer.text[:160]}"
    if method not in ("GET", "POST") and isinstance(route, PageRoute):
        return "" if status == 405 else f"{status}, not 405"
    away = status in (401, 403, 405, 404) or (
        status in (302, 303) and to.startswith(("/auth/", "/portal/", "/crew", "/"))
    )
    shut = {Who.SIGNED_IN: not whole, Who.SIGNING_IN: not coming}.get(who, False) if who else False
    if shut and not away:
        return f"open to whom it is not for: {status}"
    if who is Who.SIGNED_IN and whole and method == "GET" and to.startswith("/auth/sign-in"):
        return "shut to whom it is for"
    return ""


def test_the_probes_are_the_only_routes_without_a_door() -> None:
    bare = [route.path for route in surfaces.web_routes() if not isinstance(route, PageRoute)]
    assert {path for path in bare if not path.startswith("/webhooks/")} <= PROBES


def test_what_is_dangerous_asks_again_who_it_is(front: Front, sides: dict[str, Side]) -> None:
    """Whoever finds an open browser cannot change members, take the trail out or make keys; it reads on."""
    late = proven_long_ago(sides["usual"])
    asked = surfaces.operations()
    with rehearsal():
        answers = front.all([call(late, one, full=one.method == "PATCH") for one in asked])
    careful = {one for one, answer in zip(asked, answers, strict=True) if is_stale(answer)}
    assert {one.method for one in careful} & {"GET", "HEAD"} == set()
    assert any("members:manage" in (one.rights or ()) for one in careful)
