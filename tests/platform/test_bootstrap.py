"""The environment that `make` puts together is whole: pip is told to take the lock as it stands, without looking further."""

import subprocess
import sys


def test_the_lock_names_everything_that_its_packages_need() -> None:
    """What is installed with `--no-deps` must miss nothing; the story is told in infra/bootstrap.py."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "check", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout
