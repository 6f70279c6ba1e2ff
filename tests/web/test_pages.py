"""What all server-rendered pages share, the words for what went wrong, and the API reference."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.applications import Starlette

from models.tenants import Tenant
from ontrack_app.errors import Refusal
from ontrack_app.services.brands import contrast, ladder, of_tenant, tokens
from ontrack_app.web import docs_page
from ontrack_app.web.pages import Call, route
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip


def raising(error: Exception) -> Browser:
    """A browser in front of one page that fails so."""

    def page(_: Call) -> Any:
        raise error

    browser = Browser(ip=fresh_ip())
    browser._app = Starlette(routes=[route("/x", get=page)])
    return browser


@pytest.mark.parametrize("kind", Refusal.__subclasses__())
def test_a_refusal_is_a_page_in_words(kind: type[Refusal]) -> None:
    answer = raising(kind("These are <the> words.")).open("/x")
    assert answer.status_code == kind.status
    assert kind.title in answer.text and "These are &lt;the&gt; words." in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_failure_gives_a_reference_and_no_cause(caplog: pytest.LogCaptureFixture) -> None:
    answer = raising(RuntimeError("the secret cause")).open("/x")
    assert answer.status_code == 500
    reference = re.search(r"Reference ([0-9A-F]{8})", answer.text)
    assert reference and reference.group(1) in caplog.text
    assert "secret cause" not in answer.text


@pytest.mark.parametrize("path", ["/auth/", "/auth/x", "/f/", "/portal/link/", "/dev/x"])
def test_what_is_not_there_is_a_page_in_words(path: str) -> None:
    answer = Browser(ip=fresh_ip()).open(path)
    assert answer.status_code == 404
    assert "There is nothing at this address" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(method: str) -> None:
    answer = Browser(ip=fresh_ip()).open("/auth/sign-in", method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_every_page_has_title_language_and_no_script(database: object) -> None:
    browser = Browser(ip=fresh_ip())
    for path in (
        "/auth/sign-in",
        "/auth/link/x",
        "/portal/link/x",
        "/f/nobody",
        "/dev/sign-in",
        "/dev/outbox",
    ):
        text = browser.open(path).text
        assert '<html lang="en"' in text and re.search(r"<title>[^<]+</title>", text)
        assert 'content="noindex, nofollow"' in text
        assert "<script" not in text and not re.search(r"\son\w+=", text)


class Content(BaseModel):
    """What is inside."""

    name: str


class Parcel(BaseModel):
    """Something that is sent."""

    weights: list[int]
    inside: Content | None


def test_the_reference_names_everything_that_can_be_asked_for() -> None:
    api = FastAPI(title="Sample", version="1")

    @api.post("/api/v1/parcels/{parcel_id}", tags=["price-items"], responses={404: {"description": "no"}})
    def add(parcel_id: int, parcel: Parcel) -> list[Parcel]:
        """Sends <it>."""
        return [parcel]

    document = api.openapi()
    text = docs_page.render(document)
    for words in (
        "/api/v1/parcels/{parcel_id}",
        "Price items",
        "Sends &lt;it&gt;.",
        'href="#shape-parcel"',
        "list of whole number",
        "Something that is sent.",
    ):
        assert words in text
    anchors = set(re.findall(r'id="([^"]+)"', text))
    assert {
        f"problem-{status}" for status in (401, 403, 404, 405, 409, 410, 412, 413, 422, 429, 500)
    } <= anchors
    assert set(re.findall(r'href="#([^"]+)"', text)) <= anchors
    assert "<script" not in text


@pytest.mark.parametrize(
    "color",
    ["#35599f", "#ffdd00", "#ffffff", "#000000", "#00ff00", "#ff0000", "#808080", "#123456", "#fefe01"],
)
def test_a_brand_of_any_colour_can_be_read(color: str) -> None:
    light, dark = ladder(color)
    for scale in (light, dark):
        assert contrast("#ffffff", scale[8]) >= 4.5
        assert contrast(scale[10], scale[1]) >= 4.5
    assert contrast(light[10], "#ffffff") >= 4.5 and contrast(dark[10], "#161719") >= 4.5
    assert set(tokens(color)) == {f"--brand-{n}" for n in range(1, 13)} | {"--selected"}


def test_our_own_colour_gives_our_own_steps() -> None:
    light, dark = ladder("#006972")
    assert (light[8], dark[8], light[0], dark[10]) == ("#006972", "#047781", "#fafdfd", "#77ced8")


@pytest.mark.parametrize("color", ["", "red", "#fff", "#12345g", "#123456; background: url(x)"])
def test_what_is_no_colour_is_left_out(color: str, company: Company) -> None:
    with company.work() as work:
        tenant = work.find_tenant(Tenant)
        tenant.brand = {"color": color}
        assert of_tenant(tenant).style == ""
