"""The only home of which database functions are for development only: production takes them from the application's role.

They open a session as anybody, and show every mail and everybody's address: a hole in a page must not reach them.
"""

import psycopg
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL

from ontrack_app.embedded.errors import CannotStart
from ontrack_app.settings import DatabaseUrls

ROLE = "ontrack_app"
DEVELOPMENT_ONLY = (
    "auth.open_session(text, text, text, text, text)",
    "auth.read_mails(integer)",
    "auth.people()",
)
OPEN = "SELECT f FROM unnest(%s::text[]) AS f WHERE has_function_privilege(%s, f, 'EXECUTE')"
TO_DO = "run ontrack migrate with ONTRACK_ENV=production and DATABASE_OWNER_URL."


def executable(url: str) -> list[str]:
    """Those of the functions that the application's role may call now.

    Raises:
        psycopg.Error: the database does not answer, or has no tables yet.
    """
    with psycopg.connect(_plain(url), connect_timeout=5) as connection:
        rows = connection.execute(OPEN, [list(DEVELOPMENT_ONLY), ROLE])
        return [str(row[0]) for row in rows]


def settle(urls: DatabaseUrls, *, production: bool) -> None:
    """Takes the functions from the application's role in production, and gives them to it in development. Changes nothing
    where it is so already.

    Raises:
        CannotStart: production, and the owner's role is not known here.
    """
    wanted = [] if production else list(DEVELOPMENT_ONLY)
    if executable(urls.app) == wanted:
        return
    verb = "REVOKE EXECUTE ON FUNCTION {} FROM {}" if production else "GRANT EXECUTE ON FUNCTION {} TO {}"
    try:
        with psycopg.connect(_plain(urls.owner), connect_timeout=5) as connection:
            for function in DEVELOPMENT_ONLY:
                connection.execute(SQL(verb).format(SQL(function), SQL(ROLE)))
    except InsufficientPrivilege:
        pass
    if production and executable(urls.app):
        raise CannotStart(f"The application's role may still sign in as anybody: {TO_DO}")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
