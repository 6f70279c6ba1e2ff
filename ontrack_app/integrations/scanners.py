"""The only home of which scanner looks at files: clamd where CLAMD_URL names one, else the content policy."""

from functools import lru_cache

from ontrack_app.integrations.scanner import Scanner
from ontrack_app.integrations.scanner_clamd import Clamd
from ontrack_app.integrations.scanner_policy import ContentPolicy
from ontrack_app.settings import Settings, settings


def make_scanner(found: Settings) -> Scanner:
    """The scanner that the settings name."""
    return Clamd(found.clamd_url) if found.clamd_url else ContentPolicy()


@lru_cache(maxsize=1)
def scanner() -> Scanner:
    """The configured scanner, made once in a process."""
    return make_scanner(settings())
