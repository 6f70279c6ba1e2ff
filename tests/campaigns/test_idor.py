"""Ids of others, wherever an id can be named: the answer is the one that an id of nobody gets, nothing is seen, nothing changes."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from models.access import Role
from tests.campaigns import bodies, surfaces
from tests.campaigns.callers import Someone, fresh_session
from tests.campaigns.ground import Side, keep_awake, rehearsal
from tests.campaigns.screens import alike, arguments, path_of, told
from tests.campaigns.surfaces import Call, Front, Operation
from tests.state.support import Screen

ROLES = (Role.ADMIN, Role.OFFICE, Role.CREW, Role.CLIENT)


def someone(side: Side, role: Role) -> Someone:
    """The company's person of a role in a new session."""
    cookie = fresh_session(side, role)
    keep_awake(side.company)
    return Someone(role.value, side, frozenset(), role, cookie)


def attempts(operation: Operation, mine: Side, foreign: bodies.Ids) -> Iterator[tuple[str, Call]]:
    """Calls that name foreign rows: in the path, at each place of the body, in each filter of the query; one at a time."""
    own: bodies.Ids = lambda name: mine.rows.get(bodies.noun_of_id(name, operation.noun), str(uuid4()))  # noqa: E731
    schema = bodies.schema_of(operation)
    every = frozenset((schema or {}).get("properties", ()))
    body = {"json": bodies.least(schema, own, more=every)} if schema is not None else {}
    if "{row_id}" in operation.path:
        yield "path", Call(operation.method, bodies.path_of(operation, foreign), more=body)
    for place in dict.fromkeys(bodies.id_places(schema)):

        def aimed(name: str, place: tuple[str, ...] = place) -> str:
            return foreign(name) if name == place[-1] else own(name)

        for more in (frozenset({place[0]}), every):
            given = {"json": bodies.least(schema or {}, aimed, more=more)}
            yield ".".join(place), Call(operation.method, bodies.path_of(operation, own), more=given)
    for parameter in bodies.parameters_of(operation):
        if parameter["in"] == "query" and parameter["name"].endswith("_id"):
            needed = bodies.query_of(operation, own)
            query = {"params": {**needed, parameter["name"]: foreign(parameter["name"])}}
            yield f"?{parameter['name']}", Call(operation.method, bodies.path_of(operation, own), more=query)


@pytest.mark.parametrize("role", ROLES)
def test_an_id_of_another_company_is_an_id_of_nobody_over_rest(
    front: Front, ours: Side, theirs: Side, role: Role
) -> None:
    """In a path the calls are real; ids in bodies are rehearsed, so that what is right in them leaves nothing behind."""
    before, caller = theirs.fingerprint(), someone(ours, role)
    aims = {"theirs": lambda noun: lambda name: theirs.rows.get(bodies.noun_of_id(name, noun), theirs.rows["clients"]), "nobody's": lambda _: lambda _name: str(uuid4())}  # fmt: skip
    labels, calls = {}, {}
    for aim, ids in aims.items():
        found = [
            (f"{one.label} {place}", call)
            for one in surfaces.operations()
            for place, call in attempts(one, ours, ids(one.noun))
        ]
        labels[aim] = [label for label, _ in found]
        calls[aim] = [Call(call.method, call.path, caller.headers, call.more) for _, call in found]
    assert labels["theirs"] == labels["nobody's"] and len(calls["theirs"]) > 80
    with rehearsal():
        answers = {aim: front.all(asked) for aim, asked in calls.items()}
    real = [
        call for label, call in zip(labels["theirs"], calls["theirs"], strict=True) if label.endswith(" path")
    ]
    refused = [
        (call.method, call.path, answer.status_code)
        for call, answer in zip(real, front.all(real), strict=True)
        if answer.status_code not in (403, 404, 422)
    ]
    assert refused == []
    assert _different(labels["theirs"], answers["theirs"], answers["nobody's"]) == []
    assert [
        label
        for label, one in zip(labels["theirs"], answers["theirs"], strict=True)
        if theirs.mark in one.text
    ] == []
    assert theirs.fingerprint() == before


def _different(labels: list[str], foreign: list[Any], nobodys: list[Any]) -> list[str]:
    wrong = []
    for label, one, other in zip(labels, foreign, nobodys, strict=True):
        same = one.status_code == other.status_code and alike(one.text) == alike(other.text)
        if not same:
            wrong.append(
                f"{label}: {one.status_code} {alike(one.text)[:160]} ≠ {other.status_code} {alike(other.text)[:160]}"
            )
    return wrong


@pytest.mark.parametrize(
    "role",
    [
        Role.ADMIN,
        Role.CLIENT,
        *(pytest.param(one, marks=pytest.mark.nightly) for one in (Role.OFFICE, Role.CREW)),
    ],
)
def test_an_id_of_another_company_is_an_id_of_nobody_in_every_handler(
    ours: Side, theirs: Side, role: Role
) -> None:
    """Two tabs of one session go the same way, one with ids of the other company and one with ids of nobody."""
    before, caller, wrong = theirs.fingerprint(), someone(ours, role), []
    one, other = Screen(caller.hash), Screen(caller.hash)
    with rehearsal():
        for handler in surfaces.handlers():
            own = path_of(handler, arguments_id(handler.name, ours))
            foreign, nobody = (
                path_of(handler, arguments_id(handler.name, theirs)),
                path_of(handler, str(uuid4())),
            )
            for place, (path, given), (blank, nothing) in (
                ("path", (foreign, arguments(handler, ours)), (nobody, arguments(handler, ours))),
                (
                    "arguments",
                    (own, arguments(handler, theirs)),
                    (own, arguments(handler, ours, fixed=str(uuid4()))),
                ),
                (
                    "both",
                    (foreign, arguments(handler, theirs)),
                    (nobody, arguments(handler, ours, fixed=str(uuid4()))),
                ),
            ):
                seen, expected = told(one, handler, given, path), told(other, handler, nothing, blank)
                if seen != expected or theirs.mark in seen:
                    wrong.append(f"{handler.label} {place}: {seen[:300]} ≠ {expected[:300]}")
    one.close()
    other.close()
    assert wrong == []
    assert theirs.fingerprint() == before


def arguments_id(name: str, side: Side) -> str:
    """The side's row that the page of a handler shows: a draft where lines are edited, so that more can be done to it."""
    for noun, row in (
        ("estimates____estimate_state", "drafts"),
        ("invoices____invoice_state", "draft_invoices"),
    ):
        if noun in name and "portal" not in name:
            return side.rows[row]
    stem = name.rpartition("____")[0].rpartition("___")[2].removeprefix("portal_")
    return side.rows.get(stem, side.rows["clients"])
