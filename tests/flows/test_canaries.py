"""Thirty secrets go through happy ways and failing ones; afterwards they are searched for where no secret may lie."""

import json
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ontrack_app import redaction
from ontrack_app import settings as settings_module
from ontrack_app.background import queue
from ontrack_app.cli import up
from ontrack_app.db import begin
from ontrack_app.schemas.clients import PropertyBody, PropertyPatch
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.screens.common import ListQuery
from ontrack_app.services import audit_files, leads, notes, properties
from ontrack_app.settings import Settings
from state.leads import LeadFormState, LeadsState
from state.policies import refusal_of
from state.properties import PropertyState
from tests.factories.companies import Company
from tests.platform.test_up import COLD_WITHIN_S
from tests.state.support import Screen
from tests.web.browsers import Browser, hidden

CARD = "4111 1111 1111 1111"
ENVIRONMENT = (
    "ONTRACK_SECRET_KEY", "S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET",
    "SENTRY_AUTH_TOKEN", "TWILIO_AUTH_TOKEN", "OIDC_ACME_CLIENT_SECRET",
)  # fmt: skip
ADDRESSES = ("SMTP_URL", "REDIS_URL", "DATABASE_URL")


class Ears(logging.Handler):
    """Hears everything that any logger says, formatted as a file would have it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@pytest.fixture
def ears() -> Iterator[Ears]:
    redaction.install()
    root, found = logging.getLogger(), Ears()
    level = root.level
    root.addHandler(found)
    root.setLevel(logging.INFO)
    yield found
    root.removeHandler(found)
    root.setLevel(level)


@pytest.fixture
def canaries(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The secrets by name; those of the environment are in it while the test runs."""
    found = {name: f"{name.lower().replace('_', '-')}-{secrets.token_hex(12)}" for name in ENVIRONMENT}
    found |= {f"password of {name}": f"pw-{secrets.token_hex(10)}" for name in ADDRESSES}
    for name in ENVIRONMENT[1:-1]:
        monkeypatch.setenv(name, found[name])
    monkeypatch.setenv("OIDC_ACME_CLIENT_ID", "us")
    monkeypatch.setenv("OIDC_ACME_CLIENT_SECRET", found["OIDC_ACME_CLIENT_SECRET"])
    monkeypatch.setenv("OIDC_ACME_METADATA_URL", "https://id.acme.example/")
    given = Settings(
        ONTRACK_SECRET_KEY=found["ONTRACK_SECRET_KEY"],
        SMTP_URL=f"smtp://us:{found['password of SMTP_URL']}@127.0.0.1:9",
        REDIS_URL=f"redis://:{found['password of REDIS_URL']}@127.0.0.1:9/0",
        DATABASE_URL=f"postgresql://us:{found['password of DATABASE_URL']}@127.0.0.1:9/x",
    )  # type: ignore[call-arg]
    assert not any(value in repr(given) for value in found.values()), "settings may be printed"
    monkeypatch.setattr(redaction, "secret_values", lambda: settings_module.secrets_of(given))
    redaction._known.cache_clear()
    found |= {
        "cookie": secrets.token_urlsafe(32), "sign-in link": secrets.token_urlsafe(32), "document link": secrets.token_urlsafe(32),
        "wrong key": f"otk_{secrets.token_urlsafe(32)}", "TOTP seed": pyotp.random_base32(), "TOTP code": f"{secrets.randbelow(10**6):06}",
        "typed code": "WXYZ-7K4M", "recovery code": "QRST-6N8P-UVWX", "gate code": f"Gate {secrets.randbelow(10**8)}#",
        "access notes": f"Key under the {secrets.token_hex(8)} stone", "card number": CARD, "basic password": secrets.token_hex(8),
        "stripe key in text": f"sk_live_{secrets.token_hex(12)}", "webhook secret in text": f"whsec_{secrets.token_hex(12)}",
        "AWS key in text": f"AKIA{secrets.token_hex(8).upper()}", "OIDC code": secrets.token_urlsafe(24), "OIDC state": secrets.token_urlsafe(32),
        "client token": secrets.token_urlsafe(32), "form cookie": secrets.token_urlsafe(32),
        "hand-in key": f".{secrets.token_urlsafe(60)}.{secrets.token_urlsafe(20)}",
    }  # fmt: skip
    assert len(found) == 31
    yield found
    redaction._known.cache_clear()


class Seen:
    """What lies in the places where no secret may be."""

    def __init__(self) -> None:
        self.places: dict[str, list[str]] = {}

    def add(self, place: str, *texts: str) -> None:
        """Takes more of a place in."""
        self.places.setdefault(place, []).extend(texts)

    def found(self, canaries: dict[str, str], but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """Which secret lies where; `but` names those that this test shows to who may see them."""
        return [
            (place, name)
            for place, texts in self.places.items()
            for name, value in canaries.items()
            if name not in but and any(value in one or json.dumps(value)[1:-1] in one for one in texts)
        ]


def boom(work: Any, canaries: dict[str, str]) -> None:
    """A service that dies while the database complains about a row with its values."""
    row = {"tenant": work.actor.tenant_id, "notes": canaries["gate code"], "street": canaries["card number"]}
    work.session.execute(
        text(
            "INSERT INTO properties (tenant_id, id, version, created_at, updated_at, client_id, street, access_notes) "
            "VALUES (:tenant, uuidv7(), 1, now(), now(), NULL, :street, :notes)"
        ),
        row,
    )


def talkative(canaries: dict[str, str]) -> str:
    """An exception's words as a careless library writes them."""
    c = canaries
    return "\n".join(
        (
            f"Cookie: ontrack_8000={c['cookie']}; ontrack_form_8000={c['form cookie']}",
            f"GET /auth/link/{c['sign-in link']} and /portal/link/{c['document link']} failed",
            f"GET /auth/oidc/acme/callback?code={c['OIDC code']}&state={c['OIDC state']}",
            f"Authorization: Bearer {c['wrong key']}; before it Basic {c['basic password']}",
            f"otpauth://totp/OnTrack?secret={c['TOTP seed']}&issuer=x code={c['TOTP code']}",
            f"seed {c['TOTP seed']}, recovery code: {c['recovery code']}, typed {c['typed code']}",
            f"{{'access_notes': '{c['gate code']}', 'gate_code': '{c['access notes']}', 'card': '{c['card number']}'}}",
            f"token={c['client token']} {c['stripe key in text']} {c['webhook secret in text']} {c['AWS key in text']}",
            f"X-OnTrack-Hand-In: {c['hand-in key']} and {{'hand_in': '{c['hand-in key']}'}}",
            *(f"{name} is {c[name]}" for name in ENVIRONMENT),
            *(f"connecting to x://us:{c[f'password of {name}']}@host/db" for name in ADDRESSES),
        )
    )


def dying(canaries: dict[str, str]) -> Callable[..., None]:
    """A function that dies with an exception that says too much."""

    def die(*_: object, **__: object) -> None:
        raise RuntimeError(talkative(canaries))

    return die


def test_every_canary_is_hidden_in_careless_words(canaries: dict[str, str], ears: Ears) -> None:
    """All thirty in an exception's message, in a log line and in its arguments, and in what a process dies of."""
    said = talkative(canaries)
    assert [name for name, value in canaries.items() if value not in said] == []
    try:
        raise RuntimeError(said)
    except RuntimeError:
        logging.getLogger("some.library").exception("It broke with %s", said)
        logging.getLogger("another").info(said)
    seen = Seen()
    seen.add("logs", *ears.heard)
    assert len(ears.heard) == 2 and "Traceback" in ears.heard[0] and "RuntimeError" in ears.heard[0]
    assert seen.found(canaries) == []


def test_api_state_pages_background_and_files(
    company: Company,
    calling: Callable[..., Any],
    canaries: dict[str, str],
    ears: Ears,
) -> None:
    seen = Seen()
    drive_api(company, calling, canaries, seen)
    drive_pages(canaries, seen)
    drive_state(company, canaries, seen)
    drive_background(company, canaries, seen)
    take_out(company, seen)
    seen.add("logs", *ears.heard)
    assert len(ears.heard) > 3 and len(seen.places) == 8
    assert seen.found(canaries) == []


def drive_api(company: Company, calling: Any, canaries: dict[str, str], seen: Seen) -> None:
    """Properties with gate codes, keys that open nothing, bodies that are no bodies, a service that dies."""
    call, client = calling(company.admin), company.client()
    with company.office.work() as work:
        body = PropertyBody(
            client_id=client.id, address=Address(street="1 Elm"), access_notes=canaries["gate code"]
        )
        place_id = properties.create(work, body).id
        properties.patch(work, place_id, PropertyPatch(access_notes=canaries["access notes"]))
        notes.add(work, "clients", client.id, "Called")
    answers = [
        call("GET", "/properties", Authorization=f"Bearer {canaries['wrong key']}"),
        call("GET", "/properties", Authorization=f"Basic {canaries['basic password']}"),
        call(
            "PATCH",
            f"/properties/{place_id}",
            {"access_notes": [canaries["gate code"]], "card": canaries["card number"]},
        ),
        call("POST", "/leads", {"name": "x" * 300, "need": canaries["card number"]}),
        call("GET", f"/leads?cursor={canaries['client token']}"),
        call("GET", f"/nowhere/{canaries['sign-in link']}"),
        call("POST", "/leads", {"name": "x", "need": "y"}, Idempotency_Key="\x07" + canaries["OIDC state"]),
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leads, "create", lambda work, body: boom(work, canaries))
        answers.append(call("POST", "/leads", {"name": "x", "need": canaries["gate code"]}))
        patch.setattr(leads, "create", dying(canaries))
        answers.append(call("POST", "/leads", {"name": "x", "need": canaries["gate code"]}))
    assert [answer.status_code for answer in answers] == [401, 401, 422, 422, 422, 404, 422, 409, 500]
    seen.add("problem documents", *(answer.text for answer in answers))


def drive_pages(canaries: dict[str, str], seen: Seen) -> None:
    """Links that do not exist, forms with wrong codes, a page that dies."""
    browser = Browser()
    browser.cookies.set(f"ontrack_{settings_module.settings().port}", canaries["cookie"])
    answers = [
        browser.open(f"/auth/link/{canaries['sign-in link']}"),
        browser.open(f"/portal/link/{canaries['document link']}"),
        browser.send(
            "/auth/sign-in",
            {"email": "a@b.example", "code": canaries["typed code"], "form_token": canaries["client token"]},
        ),
        browser.send(
            "/auth/confirm", {"code": canaries["TOTP code"], "form_token": canaries["client token"]}
        ),
        browser.send("/auth/confirm", {"code": canaries["recovery code"]}, origin="https://evil.example"),
        browser.open("/auth/sign-in?next=/leads"),
    ]
    assert hidden(answers[-1])["form_token"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ontrack_app.web.sign_in.page", dying(canaries))
        answers.append(browser.open("/auth/sign-in"))
    assert answers[-1].status_code == 500 and all(answer.status_code >= 300 for answer in answers[:5])
    seen.add("pages", *(answer.text for answer in answers))


def drive_state(company: Company, canaries: dict[str, str], seen: Seen) -> None:
    """Events with secrets in them, a service that dies under a handler; what the browser gets, and what would be kept."""
    screen = Screen(company.office.session.hash, path="/leads")
    try:
        screen.send(LeadsState.load)
        screen.send(LeadFormState.create, data={"name": "", "need": canaries["card number"]})
        refusal = refusal_of("state.nothing.here", {"cookie": canaries["cookie"]})
        logging.getLogger("state").warning("An event was dropped: %s", refusal)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("ontrack_app.services.screens.leads.create", dying(canaries))
            screen.send(LeadFormState.create, data={"name": "x", "need": "y"})
        assert "Reference" in screen.toasts[-1].text
        screen.send(PropertyState.load)
        seen.add("state deltas", *(json.dumps(delta, default=str) for delta in screen.deltas))
        seen.add("pickled state", screen._tree._serialize().decode("latin-1"))
        assert company.office.cookie not in "".join(
            seen.places["state deltas"] + seen.places["pickled state"]
        )
    finally:
        screen.close()


def drive_background(company: Company, canaries: dict[str, str], seen: Seen) -> None:
    """What a hand logs and keeps of a function that dies."""
    for fails in (lambda work: boom(work, canaries), lambda work: work.session.execute(text("SELECT CAST(:v AS integer)"), {"v": canaries["gate code"]})):  # fmt: skip
        try:
            with company.work() as work:
                fails(work)
        except Exception as error:
            logging.getLogger("ontrack.background").exception("Message failed.")
            seen.add("words kept with a message", queue.words_of(error))
            cause = error.__cause__ if isinstance(error.__cause__, DBAPIError) else error
            seen.add("words kept with a message", queue.words_of(cause))  # type: ignore[arg-type]


def take_out(company: Company, seen: Seen) -> None:
    """The trail, the security events, the promises, and the trail as a file."""

    def run(service: Callable[..., Any], *given: Any) -> Any:
        with begin(company.admin.session) as work:
            return service(work, *given)

    seen.add(
        "exported files",
        *audit_files.export(run, ListQuery()),
        *audit_files.export(run, ListQuery(tab="security")),
    )
    with company.work() as work:
        for place, query in (
            ("tables", "SELECT e::text FROM audit_entries e UNION ALL SELECT m::text FROM outbox_messages m"),
            (
                "tables",
                "SELECT e::text FROM auth.tenant_events(NULL, NULL, 1000, NULL, NULL, NULL, NULL, NULL) e",
            ),
        ):
            seen.add(place, *work.session.execute(text(query)).scalars())
    assert "(not written down)" in "".join(seen.places["tables"])


def test_a_real_installation_writes_none_of_them(canaries: dict[str, str]) -> None:
    """`ontrack up` with secrets in its environment, tried from outside: all that it writes, and all that it serves as files."""
    with tempfile.TemporaryDirectory(prefix="ontrack-tests-") as directory:
        Path(directory).chmod(0o755)
        data, output = Path(directory) / "data", Path(directory) / "output"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        ours = {"ONTRACK_DATA_DIR": str(data), "PORT": str(port), "DATABASE_URL": "", "REDIS_URL": ""}
        ours |= {name: canaries[name] for name in ENVIRONMENT if not name.startswith("OIDC")}
        ours["SMTP_URL"] = f"smtp://us:{canaries['password of SMTP_URL']}@127.0.0.1:9"
        environment = os.environ | ours  # noqa: TID251 - a process starter
        command = [sys.executable, "-m", "ontrack_app.cli", "up", "--no-demo"]
        with output.open("wb") as sink:
            running = subprocess.Popen(command, env=environment, stdout=sink, stderr=subprocess.STDOUT)
        try:
            try_from_outside(f"http://localhost:{port}", canaries, running)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)
        seen = Seen()
        seen.add("output", output.read_text(errors="replace"))
        for path in data.rglob("*"):
            if path.is_file() and (
                path.suffix in (".log", ".js", ".html", ".json", ".css") or "log" in path.name
            ):
                seen.add("files", path.read_text(errors="replace"))
        assert len(seen.places["files"]) > 5 and "OnTrack is ready" in seen.places["output"][0]
        assert seen.found(canaries) == []


def try_from_outside(address: str, canaries: dict[str, str], running: subprocess.Popen[bytes]) -> None:
    """Every kind of door, with a secret in hand; the process must be up first."""
    deadline = time.monotonic() + COLD_WITHIN_S
    while not up.answers(f"{address}/readyz"):
        assert running.poll() is None and time.monotonic() < deadline, "it did not come up"
        time.sleep(0.1)
    cookies = {f"ontrack_{address.rpartition(':')[2]}": canaries["cookie"]}
    with httpx.Client(base_url=address, cookies=cookies, headers={"Origin": address}) as browser:
        for path in (f"/auth/link/{canaries['sign-in link']}", f"/portal/link/{canaries['document link']}", f"/leads?code={canaries['OIDC code']}"):  # fmt: skip
            assert browser.get(path).status_code < 500
        token = hidden(browser.get("/auth/sign-in"))["form_token"]
        given = {
            "email": "nobody@else.example",
            "next": "",
            "form_token": token,
            "code": canaries["typed code"],
        }
        assert browser.post("/auth/sign-in", data=given).status_code < 500
        bearer = {"Authorization": f"Bearer {canaries['wrong key']}"}
        assert browser.get("/api/v1/leads", headers=bearer).status_code == 401
        assert browser.post("/api/v1/leads", content=b"{" + CARD.encode()).status_code in (401, 403, 422)
        assert browser.get("/_event", params={"token": canaries["client token"]}).status_code == 404
