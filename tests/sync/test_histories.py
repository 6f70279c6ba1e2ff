"""The permanent gate of offline work: random histories lose, double, overwrite, miss and diverge nothing.

And the gate itself is tried: with each of four shortcuts planted, the same histories go red.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sync import planted
from tests.sync.histories import Crash, Direct, History, party

CHUNK = 20


@pytest.fixture(scope="module")
def direct(database: object) -> Iterator[Direct]:
    found = Direct()
    yield found
    found.close()


def live(direct: Direct, seeds: range, **more: Any) -> tuple[dict[int, list[str]], Counter[str]]:
    """What did not hold, by seed, and which faults were met."""
    crash, used, bad = Crash(), Counter[str](), {}
    people = party(direct)
    with crash.install():
        for seed in seeds:
            history = History(seed, people, crash, **more)
            if found := history.run():
                bad[seed] = found
            used += history.used
            for visit in history.here.visit_ids:
                planted.put_away(people.company, visit)
    return bad, used


@pytest.mark.parametrize("first", range(0, 200, CHUNK))
def test_two_hundred_histories(direct: Direct, first: int) -> None:
    bad, used = live(direct, range(first, first + CHUNK))
    assert bad == {}
    assert {"crash", "lost", "office"} <= set(used), "a history without faults proves nothing"


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(1000, 2000, CHUNK))
def test_a_thousand_histories(direct: Direct, first: int) -> None:
    bad, _ = live(direct, range(first, first + CHUNK))
    assert bad == {}


@pytest.mark.parametrize("shortcut", planted.SHORTCUTS, ids=lambda one: one.name)
def test_the_gate_goes_red_with_a_shortcut(
    direct: Direct, monkeypatch: pytest.MonkeyPatch, shortcut: planted.Shortcut
) -> None:
    with shortcut.plant(monkeypatch) as more:
        for first in range(0, 60, CHUNK):
            bad, _ = live(direct, range(first, first + CHUNK), **more)
            kinds = {words.split(":")[0] for found in bad.values() for words in found}
            if shortcut.goes_wrong in kinds:
                return
    pytest.fail(f"nobody noticed: {shortcut.name}; seen were {kinds}")
