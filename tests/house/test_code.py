"""House rules that no linter knows: sizes of files and functions, who writes a stage, who adds rows, where imports stand."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ontrack_app.settings import PROJECT_ROOT

LONGEST_FILE, LONGEST_FUNCTION = 400, 40
CODE = ("models", "ontrack_app", "state", "pages", "portal")
# Functions that are one long declaration, not logic: reading them in one piece is easier than in three.
LONG_ON_PURPOSE: set[str] = set()


def sources(*roots: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *roots], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )  # fmt: skip
    return [
        PROJECT_ROOT / line
        for line in listed.stdout.splitlines()
        if line.endswith(".py") and (PROJECT_ROOT / line).exists()
    ]


FILES = sources(*CODE)
IDS = [str(path.relative_to(PROJECT_ROOT)) for path in FILES]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_file_can_be_read_in_a_sitting(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    assert text.count("\n") <= LONGEST_FILE
    assert not text or ast.get_docstring(tree), "its first line says what it is the only home of"
    for function in functions(tree):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= LONGEST_FUNCTION or function.name in LONG_ON_PURPOSE, (
            f"{function.name} has {length} lines"
        )
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                pytest.fail(f"{function.name} imports inside itself, line {node.lineno}")


def test_only_advance_writes_a_stage() -> None:
    writers = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            names = [target.attr for target in targets if isinstance(target, ast.Attribute)]
            owners = [getattr(t.value, "id", "") for t in targets if isinstance(t, ast.Attribute)]
            if "stage" in names and "self" not in owners:
                writers.append(path.relative_to(PROJECT_ROOT).as_posix())
    assert writers == ["ontrack_app/work.py"]


def test_only_services_and_work_add_rows() -> None:
    allowed = (
        "ontrack_app/services/",
        "ontrack_app/work.py",
        "ontrack_app/api/deps.py",
        "ontrack_app/cli/bench",
    )
    adders = []
    for path in FILES:
        name = path.relative_to(PROJECT_ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("add", "add_all")
            ):
                continue
            owner = ast.unparse(node.func.value)
            if owner in ("work", "work.session", "session") and not name.startswith(allowed):
                adders.append(name)
    assert adders == []


def test_nobody_commits_but_the_edge() -> None:
    committers = set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == "commit"
                and ast.unparse(node.value).endswith(("session", "connection"))
            ):
                committers.add(path.relative_to(PROJECT_ROOT).as_posix())
    assert {
        name
        for name in committers
        if not name.startswith(("ontrack_app/embedded/", "ontrack_app/cli/", "ontrack_app/background/"))
    } == {"ontrack_app/db.py"}
