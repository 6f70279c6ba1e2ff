"""What it is to open a tab: the type of the `tab` fixture."""

from collections.abc import Callable

from tests.factories.companies import Person
from tests.state.support import Screen

Open = Callable[[Person, str], Screen]
