"""The crew's offline module by its own checks: every type right (tsc), and every test of tests/crew in Node."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ontrack_app.settings import PROJECT_ROOT
from tests import npm

SOURCE = PROJECT_ROOT / "tests" / "crew"
LONGEST_S = 120


@pytest.fixture(scope="module")
def place() -> Path:
    """Module and tests as they lie in the project, beside the packages that check them."""
    found = npm.installed(SOURCE, "crew")
    for part in ("assets", "tests"):
        shutil.rmtree(found / part, ignore_errors=True)
    shutil.copytree(PROJECT_ROOT / "assets" / "crew", found / "assets" / "crew")
    shutil.copytree(SOURCE, found / "tests" / "crew", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    shutil.copy(SOURCE / "tsconfig.json", found)
    return found


def run(place: Path, *command: str) -> str:
    done = subprocess.run(
        ["node", *command], cwd=place, env=npm.environment(), capture_output=True, text=True, check=False, timeout=LONGEST_S
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_types_are_right(place: Path) -> None:
    run(place, "node_modules/typescript/bin/tsc", "-p", ".")


def test_its_own_tests_pass(place: Path) -> None:
    found = sorted(str(one.relative_to(place)) for one in (place / "tests" / "crew").glob("*.test.mjs"))
    said = run(place, "--test", "--test-force-exit", "--test-timeout=30000", *found)
    assert all(
        name in {Path(one).name for one in found}
        for name in ("engine.test.mjs", "view.test.mjs", "sw.test.mjs")
    )
    assert "fail 0" in said, said
