"""What tests of screens share: tabs that are closed afterwards."""

from collections.abc import Iterator

import pytest

from tests.factories.companies import Person
from tests.state.support import Screen
from tests.state.tabs import Open


@pytest.fixture
def tab() -> Iterator[Open]:
    """Opens tabs, each on its own address: `tab(company.office, "/estimates")`."""
    opened: list[Screen] = []

    def open_tab(person: Person, path: str) -> Screen:
        opened.append(Screen(person.session.hash, path=path))
        return opened[-1]

    yield open_tab
    for screen in opened:
        screen.close()
