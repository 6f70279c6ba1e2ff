"""Loading the demo: each company once, the same every time but for the dates, which are counted from today."""

from datetime import UTC, datetime, timedelta

from ontrack_app.db import begin
from ontrack_app.demo.book import BOOKS, Book
from ontrack_app.demo.cast import furnish
from ontrack_app.demo.home_story import bring_home
from ontrack_app.demo.phones import ring
from ontrack_app.demo.photos import hang
from ontrack_app.demo.stage import as_past_teller, open_stage
from ontrack_app.demo.story import tell
from ontrack_app.settings import DatabaseUrls, database_urls, use_database


def load() -> None:
    """Makes the demo companies that are missing; the database must be up and migrated."""
    urls = database_urls()
    use_database(as_past_teller(urls))
    try:
        for book in BOOKS:
            if not _is_there(book):
                _make(urls, book)
    finally:
        use_database(urls)


def _is_there(book: Book) -> bool:
    with begin(None) as doorway:
        return doorway.value("SELECT auth.tenant_of(:slug)", slug=book.slug) is not None


def _make(urls: DatabaseUrls, book: Book) -> None:
    now = datetime.now(UTC)
    today = now.replace(hour=5, minute=0, second=0, microsecond=0)
    if today > now:
        today -= timedelta(days=1)
    stage = open_stage(urls, book.slug, book.name, today)
    cast = furnish(stage, book)
    tell(stage, book, cast)
    ring(stage, book)
    hang(stage, cast, book.slug)
    bring_home(stage)
