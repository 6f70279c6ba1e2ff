"""The only home of "is this us": which Host and Origin a request may name, derived from the base URL alone."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from ontrack_app.settings import Settings

LOOPBACK_NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Ourselves:
    """The exact origins (`scheme://host[:port]`) and hosts (`host[:port]`) that are ours; compared whole, never in part."""

    origins: frozenset[str]
    hosts: frozenset[str]

    @property
    def socket_sources(self) -> tuple[str, ...]:
        """Our origins as a browser names them for a websocket, for `connect-src`."""
        return tuple(sorted(origin.replace("http", "ws", 1) for origin in self.origins))


def ourselves(settings: Settings) -> Ourselves:
    """Who we are: the base URL's origin; in development the loopback names with the same port too."""
    base = urlsplit(settings.base_url.lower())
    origins = {f"{base.scheme}://{base.netloc}"}
    if not settings.is_production:
        port = f":{settings.port}"
        origins |= {f"http://{name}{port}" for name in LOOPBACK_NAMES}
        if base.hostname in LOOPBACK_NAMES and base.port and base.port != settings.port:
            origins |= {f"{base.scheme}://{name}:{base.port}" for name in LOOPBACK_NAMES}
    hosts = {urlsplit(origin).netloc for origin in origins}
    return Ourselves(origins=frozenset(origins), hosts=frozenset(hosts))
