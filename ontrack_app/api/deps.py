"""The HTTP door: finds who calls, and runs a service in one transaction and one thread call, answer included.

begin → idempotency row → service → answer as JSON → store the answer → commit. FastAPI would commit a dependency after
the answer has left; here a failing commit is a failing answer.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import col
from starlette.responses import Response, StreamingResponse

from models.idempotency_keys import IdempotencyKey
from models.ids import new_id
from models.money import MoneyError
from ontrack_app import refusals
from ontrack_app.api import problems
from ontrack_app.db import Credential, KeyCredential, SessionCredential, begin
from ontrack_app.errors import Conflict, FieldError, Forbidden, Invalid, Refusal, SignedOut
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import settings
from ontrack_app.work import Work

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REQUEST_MARK = "X-OnTrack-Request"
JSON = "application/json"
KEY_SIGNS = "[!-~]{1,200}"  # of an Idempotency-Key, all of it; the document of the API says so too
IN_THE_WAY = ("40001", "40P01", "55P03")  # somebody else's locks


class Door:
    """One HTTP call on its way to one service."""

    def __init__(self, request: Request, body: bytes, caller: Credential | None = None) -> None:
        self.request = request
        self.body = body
        self._caller = caller

    def instead(self, caller: Credential) -> "Door":
        """The same call for another caller than its headers say; whoever asks for it has looked at another proof."""
        return Door(self.request, self.body, caller)

    def run(
        self, service: Callable[..., BaseModel | None], *args: Any, status: int = 200, **kwargs: Any
    ) -> Response:
        """Runs the service as the caller; its card is the answer, None answers 204. Refusals become problem documents."""
        return self._carefully(lambda: self._run(service, args, kwargs, status))

    def insist(self, service: Callable[..., BaseModel], *args: Any, tries: int) -> Response:
        """Like `run`, and again where others were in the way of its locks: for what must get through in one call."""

        def call() -> Response:
            for _ in range(tries - 1):
                try:
                    return self._run(service, args, {}, 200)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in IN_THE_WAY:
                        raise
            return self._run(service, args, {}, 200)

        return self._carefully(call)

    def steady(self, service: Callable[..., BaseModel], *args: Any) -> Response:
        """Runs a service that reads, every question of which is answered as of one moment."""

        def read() -> Response:
            with begin(self.credential(), writes=True, steady=True) as work:  # by keys, so plans may be kept
                return as_json(service(work, *args))

        return self._carefully(read)

    def file(self, answer: Callable[[Any], Response], service: Callable[..., Any], *args: Any) -> Response:
        """Runs a service that reads; what it found becomes the answer after the transaction is over, so that slow work
        (typesetting) holds no connection."""

        def read() -> Any:
            with begin(self.credential()) as work:
                return service(work, *args)

        return self._carefully(lambda: answer(read()))

    def steps(self, made: Callable[[Callable[..., Any]], Response]) -> Response:
        """Several transactions with slow work between them, which holds none: `made` is given a way to run services as the
        caller."""

        def run(service: Callable[..., Any], *given: Any) -> Any:
            with begin(self.credential(), writes=True) as work:
                return service(work, *given)

        return self._carefully(lambda: made(run))

    def stream(
        self, made: Callable[..., Iterator[str]], *args: Any, kind: str, name: str, **kwargs: Any
    ) -> Response:
        """A file that is made piece by piece: `made` is given a way to run services as the caller, each in a transaction of
        its own. What it refuses before the first piece becomes a problem document."""

        def run(service: Callable[..., Any], *given: Any) -> Any:
            with begin(self.credential()) as work:
                return service(work, *given)

        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return self._carefully(
            lambda: StreamingResponse(made(run, *args, **kwargs), media_type=kind, headers=headers)
        )

    def _run(
        self,
        service: Callable[..., BaseModel | None],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        status: int,
    ) -> Response:
        with begin(self.credential(), writes=self.request.method not in SAFE) as work:
            return self._answer(work, lambda: service(work, *args, **kwargs), status)

    def _carefully(self, call: Callable[[], Response]) -> Response:
        try:
            return call()
        except Refusal as refusal:
            self._note(refusal)
            return problems.refused(refusal)
        except MoneyError as error:
            return problems.money_words(error)
        except OperationalError as error:
            return problems.failed(error)
        except DBAPIError as error:
            return _database_words(error)

    def _note(self, refusal: Refusal) -> None:
        """Puts on record what was not allowed, and keys that open nothing."""
        request = self.request
        if isinstance(refusal, SignedOut) and request.headers.get("authorization"):
            refusals.note("An API key that is unknown, expired or revoked.", None, client_ip(request))
        elif refusals.is_noted(refusal):
            words = f"{request.method} {request.url.path}: {refusal.detail}"
            try:
                refusals.note(words, self.credential(), client_ip(request))
            except Refusal:  # it was the credential itself that was turned down
                refusals.note(words, None, client_ip(request))

    @property
    def version(self) -> int | None:
        """The version that the sender changes, from If-Match; None where it does not say.

        Raises:
            Invalid: the header is no version.
        """
        given = self.request.headers.get("if-match")
        if given is None:
            return None
        match = re.fullmatch(r'\s*(?:W/)?"?([0-9]{1,9})"?\s*', given)
        if match is None:
            words = "If-Match is the row's version, a whole number."
            raise Invalid(words, errors=[FieldError("If-Match", words)])
        return int(match.group(1))

    def credential(self) -> Credential:
        """Who calls: a bearer key, or a session cookie with our header on writes.

        Raises:
            SignedOut: neither is there. Forbidden: a write by cookie without the header.
        """
        if self._caller is not None:
            return self._caller
        request = self.request
        who = {"ip": client_ip(request), "user_agent": request.headers.get("user-agent", "")[:300]}
        given = request.headers.get("authorization", "")
        if given:
            scheme, _, key = given.partition(" ")
            if scheme.lower() != "bearer" or not key.strip():
                raise SignedOut("Authorization is “Bearer” and an API key.")
            return KeyCredential(hash_secret(key.strip()), **who)
        cookie = request.cookies.get(cookie_name(settings()))
        if not cookie:
            raise SignedOut("Sign in, or send an API key.")
        if request.method not in SAFE and request.headers.get(REQUEST_MARK) != "1":
            raise Forbidden(f"A change by cookie needs the header {REQUEST_MARK}: 1.")
        return SessionCredential(hash_secret(cookie), **who)

    def _answer(self, work: Work, call: Callable[[], BaseModel | None], status: int) -> Response:
        key = self.request.headers.get("idempotency-key") if self.request.method == "POST" else None
        if key is None:
            return as_json(call(), status)
        if not re.fullmatch(KEY_SIGNS, key):
            words = "An Idempotency-Key has 1 to 200 letters, digits and signs of ASCII, without spaces."
            raise Invalid(words, errors=[FieldError("Idempotency-Key", words)])
        return self._once(work, key, call, status)

    def _once(self, work: Work, key: str, call: Callable[[], BaseModel | None], status: int) -> Response:
        actor_id = work.actor.member_id or work.actor.document_id or work.actor.tenant_id
        method, path = self.request.method, self.request.url.path
        place = "\n".join((str(work.actor.tenant_id), str(actor_id), method, path, key))
        number = int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], "big", signed=True)
        work.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
        digest = hashlib.sha256(self.body).hexdigest()
        known: IdempotencyKey | None = work.first(
            work.of(IdempotencyKey).where(
                col(IdempotencyKey.actor_id) == actor_id,
                col(IdempotencyKey.method) == method,
                col(IdempotencyKey.path) == path,
                col(IdempotencyKey.key) == key,
            )
        )
        if known is not None:
            if known.body_hash != digest:
                raise Conflict(
                    "This Idempotency-Key was used with another body. Use a new key for a new request."
                )
            return _json(known.body, known.status)
        answer = as_json(call(), status)
        work.add(
            IdempotencyKey(
                tenant_id=work.actor.tenant_id,
                id=new_id(),
                actor_id=actor_id,
                method=method,
                path=path,
                key=key,
                body_hash=digest,
                status=answer.status_code,
                body=bytes(answer.body).decode(),
            )
        )
        return answer


def as_json(card: BaseModel | None, status: int = 200) -> Response:
    """A card as an answer; None is an answer without content."""
    return Response(status_code=204) if card is None else _json(card.model_dump_json(), status)


def client_ip(request: Request) -> str:
    """Where the call came from, as the server saw it (a proxy's word is not taken)."""
    return request.client.host if request.client else ""


def _json(body: str, status: int) -> Response:
    if status == 204:
        return Response(status_code=204)
    return Response(body, status_code=status, media_type=JSON, headers={"Cache-Control": "no-store"})


def _database_words(error: DBAPIError) -> Response:
    """Values that the database cannot hold are the sender's; anything else is ours."""
    code = getattr(error.orig, "sqlstate", None) or ""
    if code.startswith("22"):
        return problems.refused(
            Invalid("A value is larger than can be kept, or has a sign that cannot be stored.")
        )
    if code in IN_THE_WAY:
        return problems.refused(
            Conflict("Somebody else is changing the same thing right now. Try again in a moment.")
        )
    return problems.failed(error)


async def _door(request: Request) -> Door:
    return Door(request, await request.body())


Through = Annotated[Door, Depends(_door)]
