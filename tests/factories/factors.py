"""Second factors in tests: a person who has one, a browser that still owes one, and an app that shows codes."""

from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
import pyotp

from ontrack_app.db import begin
from ontrack_app.services import factors
from ontrack_app.services.factors import DIGITS
from ontrack_app.services.sign_in import Caller
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import database_urls
from tests.factories.companies import Person

STEP = timedelta(seconds=30)
BEGIN = """SELECT auth.begin_session(%s, (SELECT tenant_id FROM members WHERE id = %s), %s, 'link', NULL, '127.0.0.1', 'test')"""


@dataclass
class App:
    """What a phone knows after scanning: the seed; the recovery codes on paper; and the code that set it up."""

    seed: str
    codes: list[str] = field(default_factory=list)
    first: str = ""

    def code(self, steps: int = 0) -> str:
        """The code of now, or of so many steps later."""
        return pyotp.TOTP(self.seed, digits=DIGITS).at(factors.now() + steps * STEP)


def superuser() -> str:
    """How the database's superuser reaches it."""
    url = database_urls().owner.replace("postgresql+psycopg://", "postgresql://")
    return url.replace("ontrack_owner", "postgres")


def sql(statement: str, *values: object) -> list[tuple[object, ...]]:
    """Runs a statement as a superuser would: for what no function of ours does."""
    with psycopg.connect(superuser()) as connection:
        cursor = connection.execute(statement, values)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def caller(secret: str, ip: str = "127.0.0.1") -> Caller:
    """A request that carries this session."""
    return Caller(hash_secret(secret), ip, "test")


def enrol(person: Person) -> App:
    """Sets a factor up in the person's own session, which goes on under another secret, that of `person.cookie`.

    With the code before the present one, so that the present one is still unused; where a step begins meanwhile, once more.
    """
    with begin(None) as doorway:
        app = App(factors.begin(doorway, hash_secret(person.cookie)).seed)
    confirmed = None
    for _ in range(3):
        app.first = app.code(-1)
        with begin(None) as doorway:
            confirmed = factors.confirm(doorway, caller(person.cookie), app.first)
        if confirmed:
            break
    assert confirmed
    person.cookie = confirmed.opened.secret
    app.codes = list(confirmed.codes)
    return app


def signed_in_by_mail(person: Person) -> str:
    """The secret of a session that a mailed link has just begun: it owes what the person and the company ask for."""
    secret = new_secret()
    sql(BEGIN, person.user_id, person.member_id, hash_secret(secret))
    return secret


def make_stale(secret: str, minutes: int = 6) -> None:
    """Lets the proof of a session lie some minutes back."""
    sql(
        "UPDATE auth.sessions SET proven_at = now() - make_interval(mins => %s) WHERE hash = %s",
        minutes,
        hash_secret(secret),
    )


def events(email: str) -> list[str]:
    """The words of the security events of a person, oldest first."""
    return [
        str(word)
        for (word,) in sql("SELECT word FROM auth.security_events WHERE email = %s ORDER BY n", email)
    ]
