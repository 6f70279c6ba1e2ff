"""The only home of how a server-rendered page is made and sent: templates, headers, error pages, and the route that calls a
plain function in a thread with everything it may know of the request.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from ontrack_app import refusals
from ontrack_app.actor import Actor
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import FieldError, NotFound, Refusal, SignedOut
from ontrack_app.services.sign_in import Caller
from ontrack_app.sessions import cookie_name, hash_browser, new_secret
from ontrack_app.settings import settings
from ontrack_app.web import forms
from ontrack_app.web.guard import session_hashes
from ontrack_app.web.taking_files import Sent

log = logging.getLogger(__name__)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PERSONAL = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
MOST_FIELDS = 60
MOST_FIELD_BYTES = 64 * 1024
URLENCODED, WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"
DAY = 24 * 3600


@dataclass(slots=True)
class Call:
    """One request, as a page's function sees it. `values` are the parts of the path, `form` what was posted."""

    values: Mapping[str, str]
    query: Mapping[str, str]
    form: Mapping[str, str]
    origins: list[str]
    caller: Caller
    browser: str
    is_new_browser: bool
    shows_form: bool = field(default=False)
    cookies: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Sent, ...] = ()

    def blank(self, purpose: str) -> str:
        """The token for a form on the page that is about to be shown; sets the browser's cookie with it."""
        self.shows_form = True
        return forms.blank(self.browser, purpose)

    def came_back(self, purpose: str) -> forms.Form:
        """Checks that what was posted is from that form: the Origin first, then the token.

        Raises:
            Forbidden: from elsewhere. FormExpired: ours, but too old or another browser's.
        """
        forms.check_origin(self.origins, settings())
        return forms.came_back(self.form.get(forms.FIELD, ""), self.browser, purpose)

    def check_session_form(self) -> None:
        """Checks that what was posted is from a page of the session that the browser carries.

        Raises:
            Forbidden: it is not.
        """
        forms.check_origin(self.origins, settings())
        forms.check_form_token(self.form.get(forms.FIELD, ""), self.caller.session_hash)

    def person(self) -> Actor | None:
        """Who is signed in here, or None."""
        if not self.caller.session_hash:
            return None
        try:
            with begin(SessionCredential(self.caller.session_hash)) as work:
                return work.actor
        except SignedOut:
            return None


class Who(StrEnum):
    """For whom a page is; each route says it, and the campaign of tests tries everybody else on it."""

    ANYBODY = "anybody"
    SIGNING_IN = "signing in"  # a session that still owes a proof, and one that owes nothing
    SIGNED_IN = "signed in"  # a whole session of a person
    DEVELOPMENT = "development"  # whoever works on this machine; not there in production


Page = Callable[[Call], Response]


class PageRoute(Route):
    """A server-rendered page's route, which says for whom it is."""

    who: Who | None = None


def route(
    path: str,
    *,
    get: Page | None = None,
    post: Page | None = None,
    who: Who | None = None,
    most_files: int = 0,
) -> PageRoute:
    """A route with a function for reading and one for posting; any other method is answered in words. A form brings files
    only where the route takes some."""
    pages = {"GET": get, "HEAD": get, "POST": post}

    async def endpoint(request: Request) -> Response:
        page = pages.get(request.method)
        if page is None:
            allowed = ", ".join(method for method, known in pages.items() if known)
            return error(
                405, "Not possible", "A page can only be opened or sent.", headers={"Allow": allowed}
            )
        return await _answer(request, page, most_files)

    found = PageRoute(path, endpoint, methods=list(METHODS))
    found.who = who
    return found


async def _answer(request: Request, page: Page, most_files: int) -> Response:
    try:
        call = await call_of(request, most_files)
        response = await run_in_threadpool(page, call)
        if call.shows_form and call.is_new_browser:
            _set_cookie(response, forms.browser_cookie(settings()), call.browser, 30 * DAY)
    except Refusal as refusal:
        if refusals.is_noted(refusal):
            await run_in_threadpool(_note, request, refusal)
        return refused(refusal)
    except Exception as failure:
        reference = secrets.token_hex(4).upper()
        log.error("a page failed, reference %s", reference, exc_info=failure)
        return error(
            500,
            "Something broke on our side",
            f"Nothing was saved. Try again in a moment. Reference {reference}.",
        )
    finally:
        await request.close()
    return response


def _note(request: Request, refusal: Refusal) -> None:
    """Puts a refusal on record; of the address only its first parts, because what follows may be a secret."""
    hashes = session_hashes(request.scope, cookie_name(settings()))
    credential = SessionCredential(hashes[0]) if len(hashes) == 1 else None
    place = "/".join(request.url.path.split("/")[:3])
    ip = request.client.host if request.client else ""
    refusals.note(f"{request.method} {place}: {refusal.detail}", credential, ip)


async def call_of(request: Request, most_files: int = 0) -> Call:
    """The request as a page's function sees it."""
    given = settings()
    form, files = await _posted(request, most_files)
    hashes = session_hashes(request.scope, cookie_name(given))
    known = request.cookies.get(forms.browser_cookie(given), "")
    browser = known if 20 <= len(known) <= 100 else new_secret()
    return Call(
        values={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        form=form,
        files=files,
        origins=request.headers.getlist("origin"),
        caller=Caller(
            session_hash=hashes[0] if len(hashes) == 1 else "",
            ip=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", "")[:300],
            browser=hash_browser(browser),
        ),
        browser=browser,
        is_new_browser=browser != known,
        cookies=request.cookies,
    )


async def _posted(request: Request, most_files: int) -> tuple[dict[str, str], tuple[Sent, ...]]:
    """What a native form sent; anything else counts as nothing, and then the token is missing."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind == WITH_FILES and most_files:
        return await _with_files(request, most_files)
    if request.method != "POST" or kind != URLENCODED:
        return {}, ()
    try:
        words = (await request.body()).decode("ascii")
        return dict(parse_qsl(words, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)), ()
    except ValueError:
        return {}, ()


async def _with_files(request: Request, most_files: int) -> tuple[dict[str, str], tuple[Sent, ...]]:
    """The fields and the files of a form; larger files lie on disk until the answer is made."""
    try:
        given: FormData = await request.form(
            max_files=most_files, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES
        )
    except HTTPException:  # no form, or more of it than is taken
        return {}, ()
    fields = {name: value for name, value in given.multi_items() if isinstance(value, str)}
    chosen = [one for _, one in given.multi_items() if isinstance(one, UploadFile) and one.filename]
    files = (Sent(one.filename or "", one.content_type or "", one.size or 0, one.file) for one in chosen)
    return fields, tuple(files)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> str:
    """The text of a page; everything in `values` is escaped."""
    return _templates().get_template(template).render(in_development=not settings().is_production, **values)


def page(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of somebody's own: no cache keeps it, no search engine lists it."""
    return HTMLResponse(render(template, **values), status_code=status, headers=PERSONAL)


def go_to(path: str) -> RedirectResponse:
    """To another page of ours, by GET."""
    return RedirectResponse(path, status_code=303, headers=PERSONAL)


def error(status: int, title: str, detail: str, **more: Any) -> HTMLResponse:
    """An error page: what happened, and what to do. `more`: headers, and link with link_label."""
    headers = PERSONAL | more.pop("headers", {})
    values = {"status": status, "title": title, "detail": detail, "link": "", "link_label": ""} | more
    return HTMLResponse(render("error.html", **values), status_code=status, headers=headers)


def refused(refusal: Refusal) -> HTMLResponse:
    """The page for a refusal."""
    headers = {"Retry-After": "900"} if refusal.status == HTTPStatus.TOO_MANY_REQUESTS else {}
    return error(refusal.status, refusal.title, refusal.detail, headers=headers)


def nothing_here(_: Call) -> Response:
    """The page for an address that leads nowhere."""
    return refused(NotFound("There is nothing at this address. It may have been typed or copied in part."))


def by_field(errors: tuple[FieldError, ...]) -> dict[str, str]:
    """The first words for each field that was refused."""
    found: dict[str, str] = {}
    for each in errors:
        found.setdefault(each.field, each.message)
    return found


def set_session(response: Response, secret: str, *, days: int = 30) -> None:
    """Gives the browser its session; how long it really lives is said by its row, never by the cookie."""
    _set_cookie(response, cookie_name(settings()), secret, days * DAY)


def end_session(response: Response) -> None:
    """Takes the session from the browser."""
    _set_cookie(response, cookie_name(settings()), "", 0)


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    secure = settings().base_url.startswith("https://")
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure)
