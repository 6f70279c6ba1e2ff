"""Two companies at work through every door at once, by chance: no answer to one holds a byte that the other wrote.

`--campaign-seed=N` plays a run again; the seed of each run is printed.
"""

import json
import random
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from models.access import PEOPLE_ROLES, Role
from models.tables import TABLES
from tests.campaigns import bodies, surfaces
from tests.campaigns.callers import Someone, fresh_session
from tests.campaigns.ground import Side, keep_awake, make_side
from tests.campaigns.screens import ID, arguments, path_of
from tests.campaigns.surfaces import Call, Front
from tests.factories.companies import Person
from tests.integrations.test_pdf import pages_of
from tests.state.support import Screen

SHORT, LONG = 1_000, 10_000
TAILS = {"first": "q9z4k7x1", "second": "v3j8w5y2"}
PRICES = {
    "first": (173_911, ("1,739.11", "1739.11", "173911")),
    "second": (864_213, ("8,642.13", "8642.13", "864213")),
}
# What would end the session that the campaign acts with, or answers with files that take long.
NOT_BY_CHANCE = ("/members/", "/api-keys", "/invitations")


class World:
    """Both companies, their people's sessions and tabs, and what has been answered so far."""

    def __init__(self, front: Front, http: Any, dice: random.Random) -> None:
        self.front, self.dice, self.done = front, dice, Counter[str]()
        self.sides = {
            name: make_side(http, f"Wm{tail}", price=PRICES[name][0]) for name, tail in TAILS.items()
        }
        self.known: dict[str, set[str]] = {}
        self.cursors: list[str] = []
        self.people = {
            name: [self._someone(side, role) for role in PEOPLE_ROLES] for name, side in self.sides.items()
        }
        self.tabs: dict[str, Screen] = {}
        self.sent = ""
        self.typed: dict[str, str] = {}  # by tab: a form may show again what was typed into it before
        # Ids that a side gave to rows of its own or wrote as words: they may be the other's, and are no news to it.
        self.made: dict[str, set[str]] = {name: set() for name in TAILS}

    def _someone(self, side: Side, role: Role) -> Someone:
        cookie = fresh_session(side, role)
        keep_awake(side.company)
        return Someone(role.value, side, frozenset(), role, cookie, side.people[role].key)

    def play(self, operations: int) -> list[str]:
        """That many operations of either company; what the other's watermarks were found in."""
        found, ways = (
            [],
            [self.rest] * 8
            + [self.lists] * 6
            + [self.handler] * 6
            + [self.bare] * 2
            + [self.pages] * 2
            + [self.paper] * 1,
        )
        for number in range(operations):
            if number % 100 == 0:
                self.known = {
                    name: {one for ids in side.ids().values() for one in ids}
                    for name, side in self.sides.items()
                }
            mine = self.dice.choice(list(self.sides))
            way, self.sent = self.dice.choice(ways), ""
            answer = way(mine, self.dice.choice(self.people[mine]))
            self.done[way.__name__] += 1
            found += [
                f"operation {number}, {way.__name__} of {mine}: {mark} in …{answer[max(0, answer.find(mark) - 100) : answer.find(mark) + 60]}"
                for mark in self.marks(mine, answer)
            ]
        for tab in self.tabs.values():
            tab.close()
        return found

    def marks(self, mine: str, answer: str) -> list[str]:
        """Watermarks of the other company in an answer; ids that were sent are no news."""
        (other,) = set(self.sides) - {mine}
        needles = [TAILS[other], *PRICES[other][1]]
        ids = (set(ID.findall(answer)) & self.known[other]) - set(ID.findall(self.sent)) - self.made[mine]
        return [needle for needle in needles if needle in answer.lower()] + sorted(ids)

    def an_id(self, mine: str, noun: str) -> str:
        """One's own row mostly, the other's often, nobody's sometimes."""
        (other,) = set(self.sides) - {mine}
        side = self.dice.choices([mine, other, ""], [5, 4, 1])[0]
        return self.sides[side].rows.get(noun, str(uuid4())) if side else str(uuid4())

    def rest(self, mine: str, person: Someone) -> str:
        """Any route, with a body in which ids are mixed and texts are one's own mark."""
        operation = self.dice.choice(
            [one for one in surfaces.operations() if not any(part in one.path for part in NOT_BY_CHANCE)]
        )
        schema = bodies.schema_of(operation)
        ids: bodies.Ids = lambda name: self.an_id(mine, bodies.noun_of_id(name, operation.noun))  # noqa: E731
        some = self.dice.sample(
            sorted((schema or {}).get("properties", ())), k=min(3, len((schema or {}).get("properties", ())))
        )
        body = bodies.least(schema, ids, more=frozenset(some)) if schema else None
        self.made[mine] |= {str(value) for name, value in (body or {}).items() if name == "device_id"}
        words = json.dumps(body).replace('"Words"', f'"{self.sides[mine].mark} Words"')
        path = bodies.path_of(operation, ids)
        more = {"content": words, "headers": {}} if body is not None else {}
        return self._ask(operation.method, path, person, words if body is not None else "", more)

    def _ask(self, method: str, path: str, person: Someone, words: str, more: dict[str, Any]) -> str:
        self.sent = f"{path} {words}"
        by_key = (
            {"Authorization": person.headers["Authorization"]}
            if self.dice.random() < 0.5
            else {name: value for name, value in person.headers.items() if name != "Authorization"}
        )
        more = {name: value for name, value in more.items() if name != "headers"}
        call = Call(method, path, {**by_key, "Content-Type": "application/json"}, more)
        (answer,) = self.front.all([call])
        self.done[str(answer.status_code)] += 1
        if answer.headers.get("content-type") == "application/pdf":
            return "\n".join(pages_of(answer.content)) + str(answer.headers)
        if answer.status_code == 200 and "next_cursor" in answer.text and answer.json().get("next_cursor"):
            self.cursors.append(answer.json()["next_cursor"])
        return answer.text + str(answer.headers)

    def lists(self, mine: str, person: Someone) -> str:
        """A list: searched for the other's words, filtered by any id, with anybody's cursor."""
        operation = self.dice.choice(
            [one for one in surfaces.operations() if one.method == "GET" and "{" not in one.path]
        )
        names = [one["name"] for one in bodies.parameters_of(operation) if one["name"].endswith("_id")]
        asked: dict[str, str] = {"limit": str(self.dice.choice([1, 2, 25, 200]))}
        chance = self.dice.random()
        if chance < 0.35:
            asked["q"] = self.dice.choice(["wm", "words", "name", "st", "x.example", "note"])
        elif chance < 0.6 and names:
            name = self.dice.choice(names)
            asked[name] = self.an_id(mine, bodies.noun_of_id(name, operation.noun))
        elif chance < 0.8 and self.cursors:
            asked["cursor"] = self.dice.choice(self.cursors)
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return self._ask("GET", f"{operation.path}?{query}", person, query, {})

    def handler(self, mine: str, person: Someone) -> str:
        """Any event handler, on a page and with arguments of either company."""
        handler = self.dice.choice(surfaces.handlers())
        (other,) = set(self.sides) - {mine}
        whose = self.sides[self.dice.choice([mine, mine, other])]
        given = arguments(handler, whose)
        self.made[mine] |= set(ID.findall(str(given)))  # a text may be any id: it is kept as one's own words
        screen = self.tabs.setdefault(person.hash, Screen(person.hash))
        screen.path = path_of(handler, self.an_id(mine, self.dice.choice(sorted(self.sides[mine].rows))))
        self.typed[person.hash] = f"{self.typed.get(person.hash, '')} {screen.path} {given}"
        self.sent = self.typed[person.hash]
        screen.events.clear()
        screen.deltas.clear()
        screen.send_named(handler.name, given)
        return f"{screen.deltas} {[event.payload for event in screen.events]} {screen.toasts}"

    def bare(self, mine: str, person: Someone) -> str:
        """Every row of a table that the transaction of the person can see, as a statement that forgot its WHERE."""
        table = self.dice.choice(TABLES).name
        member: Person = self.sides[mine].people[person.role]
        with member.work() as work:
            return "\n".join(work.session.execute(text(f"SELECT t::text FROM {table} t")).scalars())

    def pages(self, mine: str, person: Someone) -> str:
        """A server-rendered page: the person's own, the company's form, sign-in."""
        slug = self.sides[mine].company.slug
        paths = [
            route.path for route in surfaces.web_routes() if not route.path.startswith(("/dev/", "/webhooks"))
        ]
        path = (
            self.dice.choice(paths)
            .replace("{slug}", slug)
            .replace("{", "")
            .replace("}", "")
            .replace(":path", "")
        )
        return self._ask("GET", path, person, "", {})

    def paper(self, mine: str, person: Someone) -> str:
        """A document on paper, of either company."""
        noun = self.dice.choice(["estimates", "invoices"])
        return self._ask("GET", f"/api/v1/{noun}/{self.an_id(mine, noun)}/pdf", person, "", {})


def run(front: Front, http: Any, dice: random.Random, operations: int) -> None:
    world = World(front, http, dice)
    assert world.play(operations) == []
    fine = sum(count for status, count in world.done.items() if status.startswith("2"))
    assert fine > operations // 10, f"most of it was refused, so that little was seen: {world.done}"
    assert not [status for status in world.done if status.startswith("5")], world.done


def test_no_byte_of_the_other(front: Front, http: Any, dice: random.Random) -> None:
    run(front, http, dice, SHORT)


@pytest.mark.nightly
def test_no_byte_of_the_other_at_length(front: Front, http: Any, dice: random.Random) -> None:
    run(front, http, dice, LONG)


def test_a_watermark_would_be_seen(front: Front, http: Any, dice: random.Random) -> None:
    """The campaign itself: one company's answer read as if it had been given to the other."""
    world = World(front, http, dice)
    world.play(1)
    office = next(one for one in world.people["second"] if one.role is Role.OFFICE)
    answer = world._ask("GET", "/api/v1/estimates", office, "", {})
    assert {TAILS["second"], "864213"} <= set(world.marks("first", answer))
    paper = world._ask(
        "GET", f"/api/v1/estimates/{world.sides['second'].rows['estimates']}/pdf", office, "", {}
    )
    assert {TAILS["second"], "8,642.13"} <= set(world.marks("first", paper))
    assert world.marks("second", answer) == []
