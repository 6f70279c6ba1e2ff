"""`docs/security.md` is true: each test that it names exists, and each requirement of the chapters stands in it once."""

import ast
import re

import pytest

from ontrack_app.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "security.md").read_text()
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)))
# The requirements of levels 1 and 2 of ASVS 5.0, chapters V6 to V8.
ASKED = {
    "6.1": 3, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
    "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
    "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
}  # fmt: skip


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 60


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_that_it_names_exists(path: str, name: str) -> None:
    tree = ast.parse((PROJECT_ROOT / path).read_text())
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert name in found


def test_every_requirement_stands_in_it_once_with_a_status() -> None:
    rows = re.findall(
        r"^\| (\d\.\d\.\d[^|]*) \| [^|]+ \| (met|none of it|deviation \d+) \| ", PAGE, re.MULTILINE
    )
    wanted = [f"{section}.{at}" for section, many in ASKED.items() for at in range(1, many + 1)]
    assert sorted(number for number, _ in rows) == sorted([*wanted, "6.2.1–6.2.12"])


def test_every_deviation_that_it_refers_to_is_written_down() -> None:
    given = set(re.findall(r"^(\d+)\. ", PAGE.partition("## Accepted deviations")[2], re.MULTILINE))
    assert set(re.findall(r"deviation (\d+)", PAGE)) <= given
