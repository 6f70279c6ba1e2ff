"""Production does not start with unsafe settings: each of them refused by itself, in words, and nothing refused that is safe."""

import secrets
from typing import Any

import psycopg
import pytest

from ontrack_app.embedded import database as here
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import role_problems
from ontrack_app.settings import DatabaseUrls, Settings, UnsafeSettings

AT = "db.example/ontrack"
SAFE: dict[str, Any] = {
    "ONTRACK_ENV": "production",
    "ONTRACK_SECRET_KEY": secrets.token_urlsafe(32),
    "ONTRACK_BASE_URL": "https://ontrack.example",
    "SMTP_URL": "smtps://us:secret@mail.example",
    "MAIL_FROM": "OnTrack <office@ontrack.example>",
    "DATABASE_URL": f"postgresql://app:a@{AT}",
    "DATABASE_OWNER_URL": f"postgresql://owner:b@{AT}",
    "DATABASE_WORKER_URL": f"postgresql://worker:c@{AT}",
    "REDIS_URL": "redis://:secret@redis.example",
}
UNSAFE = {
    "no secret key": ({"ONTRACK_SECRET_KEY": None}, "ONTRACK_SECRET_KEY must be set"),
    "short secret key": ({"ONTRACK_SECRET_KEY": "aB3$" * 7}, "ONTRACK_SECRET_KEY must be set"),
    "secret key that is not random": ({"ONTRACK_SECRET_KEY": "changeme" * 8}, "too few different characters"),
    "http": ({"ONTRACK_BASE_URL": "http://ontrack.example"}, "starting with https://"),
    "no address": ({"ONTRACK_BASE_URL": ""}, "starting with https://"),
    "this machine": ({"ONTRACK_BASE_URL": "https://localhost"}, "a host that people reach"),
    "address with a path": ({"ONTRACK_BASE_URL": "https://ontrack.example/app"}, "without a path"),
    "address with a user": ({"ONTRACK_BASE_URL": "https://me@ontrack.example"}, "without a path, a user"),
    "no mail server": ({"SMTP_URL": ""}, "SMTP_URL must be set"),
    "mail over http": ({"SMTP_URL": "http://mail.example"}, "SMTP_URL must start with"),
    "mail from localhost": ({"MAIL_FROM": "OnTrack <no-reply@localhost>"}, "MAIL_FROM must be"),
    "the owner is the relay": ({"DATABASE_WORKER_URL": f"postgresql://owner:b@{AT}"}, "a role of its own"),
    "the owner serves people": ({"DATABASE_URL": f"postgresql://owner:b@{AT}"}, "a role of its own"),
    "the relay is the application": ({"DATABASE_WORKER_URL": f"postgresql://app:a@{AT}"}, "a role of its own"),
    "open Redis": ({"REDIS_URL": "redis://redis.example"}, "REDIS_URL must have a password"),
}  # fmt: skip


def made(**changes: Any) -> Settings:
    given = {name: value for name, value in {**SAFE, **changes}.items() if value is not None}
    return Settings(_env_file=None, **given)


def test_safe_settings_start() -> None:
    assert made().problems() == []
    embedded = made(DATABASE_URL="", DATABASE_OWNER_URL="", DATABASE_WORKER_URL="", REDIS_URL="")
    assert embedded.problems() == [], "the database that OnTrack brings may serve one machine"
    assert made(REDIS_URL="redis://localhost").problems() == []


@pytest.mark.parametrize("name", UNSAFE)
def test_each_unsafe_setting_is_refused_in_words(name: str) -> None:
    changes, words = UNSAFE[name]
    problems = made(**changes).problems()
    assert any(words in problem for problem in problems), problems
    assert not any(value and str(value) in " ".join(problems) for key, value in SAFE.items() if "URL" in key and "@" in str(value))  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_development_takes_them(name: str) -> None:
    assert made(**UNSAFE[name][0], ONTRACK_ENV="development").problems() == []


def test_the_roles_of_the_application_are_powerless(database: DatabaseUrls) -> None:
    assert role_problems(database) == []


@pytest.mark.parametrize(
    ("power", "words"),
    [
        ("SUPERUSER", "is a superuser"),
        ("BYPASSRLS", "BYPASSRLS"),
        ("CREATEROLE", "may make roles"),
        ("IN ROLE ontrack_owner", "owns tables"),
        ("", "may create tables"),
    ],
)
def test_a_role_that_is_too_powerful_is_refused(
    cluster: Cluster, database: DatabaseUrls, power: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"mighty_{secrets.token_hex(4)}"
    with psycopg.connect(cluster.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN {power}")
        try:
            if not power:
                connection.execute(f"GRANT CREATE ON SCHEMA public TO {name}")
            urls = DatabaseUrls(app=cluster.url(name), owner=database.owner, worker=database.worker)
            assert any(words in problem for problem in role_problems(urls))
            monkeypatch.setattr(here, "settings", made)
            monkeypatch.setattr(here, "database_urls", lambda: urls)
            with pytest.raises(UnsafeSettings, match="Production cannot start"), here.database():
                raise AssertionError("it started")
        finally:
            connection.execute(f"DROP OWNED BY {name}")
            connection.execute(f"DROP ROLE {name}")


def test_a_database_that_is_away_is_said_in_words(database: DatabaseUrls) -> None:
    away = "postgresql://us:hunter2hunter2@127.0.0.1:9/x"
    with pytest.raises(CannotStart, match="DATABASE_URL cannot be reached") as told:
        role_problems(DatabaseUrls(app=away, owner=away, worker=away))
    assert "hunter2" not in str(told.value)


def test_a_misspelt_name_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ontrack_app.settings.os.environ", {"ONTRACK_SECRET_KEYS": "x"})
    from_anew = __import__("ontrack_app.settings", fromlist=["settings"]).settings.__wrapped__
    with pytest.raises(UnsafeSettings, match="ONTRACK_SECRET_KEYS"):
        from_anew()
