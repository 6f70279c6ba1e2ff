"""What the tests of files share: a sender, what is served of a file, and what is on disk of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from ontrack_app.integrations import files
from ontrack_app.services.files import serving
from tests.factories.files import Phone

Send = Callable[..., Phone]


def fetch(phone: Phone, wanted: str = "") -> bytes:
    """What is served of a file."""
    with phone.person.work() as work:
        return b"".join(files.store().read(serving.offer(work, phone.id, wanted).key))


def kept(home: Path, phone: Phone) -> list[str]:
    """The names of what is on disk of a file."""
    return sorted(path.name.partition("-")[0] for path in home.glob(f"*/{phone.id}/*"))


def variants(phone: Phone) -> int:
    """How many things there are to serve of a file."""
    query = text("SELECT count(*) FROM file_variants WHERE file_id = :id")
    with phone.person.work() as work:
        return int(work.session.execute(query, {"id": phone.id}).scalar_one())


def column(phone: Phone, name: str) -> Any:
    """What the row of a file has in a column."""
    with phone.person.work() as work:
        return work.session.execute(
            text(f"SELECT {name} FROM files WHERE id = :id"), {"id": phone.id}
        ).scalar_one()
