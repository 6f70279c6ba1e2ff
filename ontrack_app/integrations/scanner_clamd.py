"""ClamAV's clamd as the scanner, asked over its socket. Its client is loaded when the first file is scanned."""

import importlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ontrack_app.integrations.scanner import ScannerAway, Verdict

SECONDS = 25.0  # for each step of the talk; a background function holds its message for a minute
LIMIT = (
    25 * 1024 * 1024
)  # what clamd looks into as Debian sets it up (MaxFileSize); a larger file it calls clean
OVER_THE_LIMIT = "Heuristics.Limits.Exceeded"  # what it finds with AlertExceedsMax in what it did not unpack
BY = "ClamAV"


class Clamd:
    """One clamd. `url` is unix:///path or tcp://host:port; `limit` is how many bytes it looks into, at least."""

    def __init__(self, url: str, *, limit: int = LIMIT, seconds: float = SECONDS) -> None:
        self._url = urlsplit(url)
        self._limit = limit
        self._seconds = seconds

    @property
    def words(self) -> str:
        """Where it is asked."""
        return f"ClamAV at {self._url.path if self._url.scheme == 'unix' else self._url.netloc}"

    def scan(self, path: Path) -> Verdict:
        """As `Scanner.scan`."""
        if path.stat().st_size > self._limit:
            return Verdict(
                "unscannable",
                BY,
                f"It is larger than the {self._limit // 1024**2} MB that the virus scanner looks into.",
            )
        client = self._client()
        with path.open("rb") as source:
            try:
                said = client.instream(source)
            except self._sdk.BufferTooLongError:
                return Verdict("unscannable", BY, "It is larger than the virus scanner takes.")
            except (self._sdk.ClamdError, OSError, ValueError) as error:
                raise ScannerAway(f"{self.words}: {error}") from error
        return self._verdict(said)

    def check(self) -> str:
        """As `Scanner.check`."""
        try:
            return str(self._client().version()).strip()
        except (self._sdk.ClamdError, OSError, ValueError) as error:
            raise ScannerAway(f"{self.words}: {error}") from error

    def _verdict(self, said: dict[str, tuple[str, str | None]]) -> Verdict:
        if len(said) != 1:
            raise ScannerAway(f"{self.words} hung up")
        status, name = next(iter(said.values()))
        if status == "OK":
            return Verdict("clean", BY)
        if status == "FOUND" and (name or "").startswith(OVER_THE_LIMIT):
            return Verdict("unscannable", BY, "It holds more than the virus scanner unpacks.")
        if status == "FOUND":
            return Verdict("harmful", BY, f"The virus scanner found {name}.")
        raise ScannerAway(f"{self.words}: {name or status}")

    @property
    def _sdk(self) -> Any:
        return importlib.import_module("clamav_client.clamd")

    def _client(self) -> Any:
        if self._url.scheme == "unix":
            return self._sdk.ClamdUnixSocket(self._url.path, timeout=self._seconds)
        return self._sdk.ClamdNetworkSocket(self._url.hostname, self._url.port or 3310, timeout=self._seconds)
