"""What a provider may do instead of answering."""

import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

from ontrack_app.integrations import outgoing


def redirects(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("location", "http://169.254.169.254/")
    handler.end_headers()


def floods(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(outgoing.MOST_BYTES // 65536 + 2):
        handler.wfile.write(b" " * 65536)


def packs(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-encoding", "gzip")
    handler.end_headers()


def fails(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(500)
    handler.end_headers()


def babbles(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"what?\r\n\r\n")


def nests(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"[" * 100_000)


def drips(handler: BaseHTTPRequestHandler) -> None:
    """A header that never ends, a byte at a time, for as long as somebody listens."""
    with suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.05)  # dripping is what it is about


BEHAVIOURS = (redirects, floods, packs, fails, babbles, nests, drips)
