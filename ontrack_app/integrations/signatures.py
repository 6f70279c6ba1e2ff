"""The only home of signed messages between machines: HMAC over time and raw body, compared in constant time."""

import hashlib
import hmac

TOLERANCE_SECONDS = 300


def derive(secret: str, purpose: str) -> bytes:
    """A key for one purpose, so that no signature made for one serves another."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def sign(key: bytes, raw: bytes, at: int) -> str:
    """The signature header of a body sent at `at` (seconds since 1970)."""
    return f"t={at},v1={_digest(key, raw, at)}"


def holds(key: bytes, raw: bytes, header: str, now: int) -> bool:
    """Whether the header signs exactly this body, no more than five minutes before or after `now`."""
    parts = [part.partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name.strip() == "t"]
    given = [value.strip() for name, _, value in parts if name.strip() == "v1"]
    if len(times) != 1 or not times[0].isascii() or not times[0].isdigit() or len(times[0]) > 12:
        return False
    at = int(times[0])
    expected = _digest(key, raw, at).encode()
    matches = [hmac.compare_digest(expected, value.encode("utf-8", "replace")) for value in given]
    return any(matches) and abs(now - at) <= TOLERANCE_SECONDS


def _digest(key: bytes, raw: bytes, at: int) -> str:
    return hmac.new(key, f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
