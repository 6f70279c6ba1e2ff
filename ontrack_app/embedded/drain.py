"""The only home of "about to stop": the supervisor says so, `/readyz` answers 503, then the processes end."""

from pathlib import Path

FILE = "draining"


def announce(data_dir: Path) -> None:
    """From now on no new work should come here."""
    (data_dir / FILE).touch()


def withdraw(data_dir: Path) -> None:
    """A new start: work is welcome."""
    (data_dir / FILE).unlink(missing_ok=True)


def announced(data_dir: Path) -> bool:
    """Whether this installation is about to stop."""
    return (data_dir / FILE).exists()
