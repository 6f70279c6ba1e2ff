"""The permanent gate of offline work: random histories lose, double, overwrite, miss and diverge nothing.

And the gate itself is tried: with each of four shortcuts planted, the same histories go red.
"""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.sync import planted
from tests.sync.direct import Direct
from tests.sync.histories import History, crashing, party

CHUNK = 20
Found = tuple[dict[int, list[str]], Counter[str]]


@pytest.fixture(scope="module", autouse=True)
def _crashes(database: object) -> Iterator[None]:
    with crashing():
        yield


def live(seeds: range, **more: Any) -> Found:
    """What did not hold, by seed, and which faults were met."""
    used, bad, direct = Counter[str](), {}, Direct()
    try:
        people = party(direct)
        for seed in seeds:
            history = History(seed, people, **more)
            if found := history.run():
                bad[seed] = found
            used += history.used
    finally:
        direct.close()
    return bad, used


def two_at_once(first: int, **more: Any) -> Found:
    """Two companies live through a chunk of histories each, at the same time."""
    with ThreadPoolExecutor(2) as hands:
        both = [hands.submit(live, range(at, at + CHUNK), **more) for at in (first, first + CHUNK)]
        (bad, used), (more_bad, more_used) = [one.result() for one in both]
    return bad | more_bad, used + more_used


@pytest.mark.parametrize("first", range(0, 200, 2 * CHUNK))
def test_two_hundred_histories(first: int) -> None:
    bad, used = two_at_once(first)
    assert bad == {}
    assert set(used) == {"none", "crash", "lost", "twice", "ancient", "gap", "office", "slow"}


@pytest.mark.nightly
@pytest.mark.parametrize("first", range(1000, 2000, 2 * CHUNK))
def test_a_thousand_histories(first: int) -> None:
    bad, _ = two_at_once(first)
    assert bad == {}


@pytest.mark.parametrize("shortcut", planted.SHORTCUTS, ids=lambda one: one.name)
def test_the_gate_goes_red_with_a_shortcut(
    monkeypatch: pytest.MonkeyPatch, shortcut: planted.Shortcut
) -> None:
    with shortcut.plant(monkeypatch) as more:
        for first in range(0, 200, 5):
            bad, _ = live(range(first, first + 5), **more)
            kinds = {words.split(":")[0] for found in bad.values() for words in found}
            if shortcut.goes_wrong in kinds:
                return
    pytest.fail(f"nobody noticed: {shortcut.name}; seen were {kinds}")
