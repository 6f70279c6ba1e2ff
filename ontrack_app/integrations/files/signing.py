"""The only home of signed addresses of files that we serve ourselves: made by the local store, read by `/files/{id}`."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from ontrack_app.integrations.files.protocol import Offer, checked

PATH = "/files/"
PARTS = ("key", "type", "name", "save", "until")


def address(secret: str, key: str, offer: Offer, seconds: int) -> str:
    """Path and query of an address that is good for so many seconds."""
    said = {
        "key": key,
        "type": offer.content_type,
        "name": offer.name,
        "save": "1" if offer.is_attachment else "0",
        "until": str(int(time.time()) + seconds),
    }
    _, file_id, _ = key.split("/")
    return f"{PATH}{file_id}?{urlencode(said | {'signature': _sign(secret, said)})}"


def read(secret: str, file_id: str, query: Mapping[str, str]) -> tuple[str, Offer] | None:
    """The key and offer of an address that we signed for this file and that is still good; None for any other."""
    said = {part: query.get(part, "") for part in PARTS}
    signature = query.get("signature", "")
    if not hmac.compare_digest(_sign(secret, said).encode(), signature.encode("utf-8", "replace")):
        return None
    if int(said["until"]) < time.time() or said["key"].split("/")[1] != file_id:
        return None
    return checked(said["key"]), Offer(said["type"], said["name"], said["save"] == "1")


def _sign(secret: str, said: Mapping[str, str]) -> str:
    words = "\n".join(f"{len(said[part])}:{said[part]}" for part in PARTS)
    return hmac.new(
        f"address of a file\n{secret}".encode(), words.encode("utf-8", "replace"), hashlib.sha256
    ).hexdigest()
