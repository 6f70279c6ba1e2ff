"""A body is counted while it streams, whatever its sender says about its length."""

import asyncio
import json
from typing import Any

import pytest
from fastapi import FastAPI, Request

from ontrack_app.web.body_limit import BodyLimit

LIMIT = 1000
READ: list[int] = []
app = FastAPI()


@app.post("/json")
async def take_json(body: dict[str, str]) -> dict[str, int]:
    READ.append(len(body))
    return {"fields": len(body)}


@app.post("/files/raw")
@app.post("/raw")
async def take_raw(request: Request) -> dict[str, int]:
    READ.append(len(await request.body()))
    return {"bytes": READ[-1]}


@app.post("/unread")
async def take_nothing() -> dict[str, bool]:
    return {"read": False}


def post(path: str, chunks: list[bytes], length: str | None = None) -> tuple[int, dict[str, Any], int]:
    """Status, JSON body, and how many chunks were asked for."""
    READ.clear()
    headers = [(b"content-type", b"application/json")]
    if length is not None:
        headers.append((b"content-length", length.encode()))
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http",
             "query_string": b"", "headers": headers, "http_version": "1.1", "client": ("192.0.2.1", 1), "server": ("x", 80)}  # fmt: skip
    asked, sent = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": chunks[asked - 1], "more_body": asked < len(chunks)}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(BodyLimit(app, {"/": LIMIT, "/files/": 10 * LIMIT})(scope, receive, send))
    assert [message["type"] for message in sent].count("http.response.start") == 1
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], json.loads(body), asked


def test_a_body_within_the_limit_arrives_whole() -> None:
    assert post("/raw", [b"a" * 500, b"b" * 500])[:2] == (200, {"bytes": 1000})


def test_a_longer_path_has_its_own_limit() -> None:
    assert post("/files/raw", [b"a" * 5000])[:2] == (200, {"bytes": 5000})


@pytest.mark.parametrize("length", [None, "10", "0"])
@pytest.mark.parametrize("path", ["/raw", "/json"])
def test_a_body_that_grows_past_the_limit_is_cut(path: str, length: str | None) -> None:
    status, problem, asked = post(path, [b"a" * 600] * 50, length)
    assert (status, problem["status"], problem["title"]) == (413, 413, "Too large")
    assert asked == 2
    assert READ == []


def test_a_length_over_the_limit_is_refused_unread() -> None:
    status, _, asked = post("/raw", [b"a"], str(LIMIT + 1))
    assert (status, asked) == (413, 0)


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "١"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert post("/raw", [b"a"], length)[0] == 400


def test_a_route_that_reads_nothing_still_answers() -> None:
    assert post("/unread", [b"a" * 5000])[0] == 200
