"""Every handler with what it does not take, and with the worst of what it takes: nothing breaks, and what is no argument runs nothing."""

import logging
import random
from typing import Any
from uuid import UUID, uuid4

import pytest

from models.access import Role
from state.policies import refusal_of
from tests.campaigns import surfaces
from tests.campaigns.ground import Side, keep_awake, rehearsal
from tests.campaigns.screens import arguments, field_names, path_of
from tests.campaigns.surfaces import Handler
from tests.campaigns.test_idor import arguments_id, someone
from tests.campaigns.test_matrix import Admissions
from tests.state.support import Screen

DEEP: Any = "x"
for _ in range(60):
    DEEP = [DEEP]
WRONG = [None, 5, 2**70, -1.5, float("nan"), float("inf"), True, [], ["x"], {}, {"x": {"y": [None]}}, DEEP, {"__reflex_form_data__": [["a", {"b": 1}]]}, {"self": 1}, [[]] * 50]  # fmt: skip
TEXTS = ["", " ", "x", "\x00", "a\x00b", "\ud800", "x" * 20_000, "%", "_", "\\", "'; DROP TABLE leads; --", "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "\u202e\u200b\ufeff", "\r\nSet-Cookie: a=b", "NaN", "1e999", "-0", "9" * 400, "٣", "None", "true", "9999-99-99", "0000-00-00", "24:61"]  # fmt: skip
FEW = 3


def mistyped(handler: Handler, side: Side) -> list[dict[str, Any]]:
    """Payloads that the handler does not take: each argument with each wrong value, one too many, one too few."""
    right = arguments(handler, side)
    found = [{**right, "extra": 1}, {**right, "self": "x"}, {**right, "": "x"}]
    found += [{name: value for name, value in right.items() if name != missing} for missing in right]
    found += [{**right, name: value} for name in right for value in WRONG]
    return [payload for payload in found if payload != right and refusal_of(handler.name, payload)]


def worst(handler: Handler, side: Side, text: str) -> dict[str, Any]:
    """A payload that the handler does take, with one text everywhere."""
    found: dict[str, Any] = {}
    for name, field in handler.policy.arguments.model_fields.items():
        kind = field.annotation
        plain = {str: text, UUID: str(uuid4()), bool: True, int: 2**31}
        found[name] = plain[kind] if kind in plain else dict.fromkeys(field_names(), text)
    return found


def fuzz(side: Side, handler: Handler, texts: list[str], wrong: list[dict[str, Any]], screen: Screen) -> None:
    """Sends them all, on the page of a row of the company's own."""
    screen.path = path_of(handler, arguments_id(handler.name, side))
    for payload in [*wrong, *(worst(handler, side, text) for text in texts)]:
        screen.send_named(handler.name, payload)


def broken(caplog: pytest.LogCaptureFixture, screen: Screen) -> list[str]:
    """What went wrong on our side since the last look."""
    found = [
        f"{record.getMessage()}: {record.exc_info[1]!r}"[:300]
        for record in caplog.records
        if record.levelno >= logging.ERROR and record.exc_info
    ]
    found += [repr(failure)[:300] for failure in screen.failures]
    caplog.clear()
    screen.failures.clear()
    return found


def campaign(
    side: Side,
    caplog: pytest.LogCaptureFixture,
    choose: Any,
    monkeypatch: pytest.MonkeyPatch,
    roles: tuple[Role, ...],
) -> list[str]:
    """Every handler as people of these roles; `choose` picks from what there is."""
    before, found = side.fingerprint(), []
    admissions = Admissions(monkeypatch)
    for role in roles:
        screen = Screen(someone(side, role).hash)
        keep_awake(side.company)
        with rehearsal():
            for handler in surfaces.handlers():
                admitted = admissions.count
                fuzz(side, handler, [], choose(mistyped(handler, side)), screen)
                if admissions.count != admitted:
                    found.append(f"{handler.label} ran with arguments that it does not take")
                fuzz(side, handler, choose(TEXTS), [], screen)
                found += [f"{role.value} {handler.label}: {words}" for words in broken(caplog, screen)]
        screen.close()
    assert side.fingerprint() == before
    return found


def test_no_handler_breaks(
    ours: Side, dice: random.Random, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        campaign(
            ours, caplog, lambda many: dice.sample(many, min(FEW, len(many))), monkeypatch, (Role.ADMIN,)
        )
        == []
    )


@pytest.mark.nightly
def test_no_handler_breaks_at_length(
    ours: Side, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert campaign(ours, caplog, list, monkeypatch, (Role.ADMIN, Role.CREW, Role.CLIENT)) == []
