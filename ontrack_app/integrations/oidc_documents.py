"""The only home of what providers of OpenID Connect say of themselves: discovery document and keys, checked and kept a while."""

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from ontrack_app.integrations import outgoing
from ontrack_app.integrations.outgoing import Unreachable
from ontrack_app.settings import OidcProvider, settings

KEY_TYPES = ("RSA", "EC")
KEPT_SECONDS, ASK_AGAIN_SECONDS, TRY_AGAIN_SECONDS = 3600, 60, 10
WELL_KNOWN = "/.well-known/openid-configuration"
# Microsoft's issuer where people of every organisation may come; in a token the organisation's own id stands there.
TENANT = "{tenantid}"
EVERYBODY = ("common", "organizations")


class Refused(Exception):
    """What a provider or browser sent does not prove anything; the message is a few words for logs, never a secret."""


@dataclass(frozen=True, slots=True)
class Document:
    """A provider's discovery document, as far as we go by it. `names_itself`: its answers say whose they are (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    names_itself: bool
    takes_secret_in_form: bool


@dataclass(slots=True)
class _Known:
    """What a provider last said of itself, and when (seconds of the monotonic clock)."""

    lock: Lock = field(default_factory=Lock)
    document: Document | None = None
    keys: list[dict[str, Any]] = field(default_factory=list)
    document_at: float = float("-inf")
    keys_at: float = float("-inf")
    failed_at: float = float("-inf")


_known: dict[OidcProvider, _Known] = {}


def forget() -> None:
    """Forgets every provider's words, as a restart does."""
    _known.clear()


def here(provider: OidcProvider) -> bool:
    """Whether the provider may be asked on this machine, by http: in development, where it was configured there."""
    return provider.is_on_this_machine and not settings().is_production


def document(provider: OidcProvider) -> Document:
    """The provider's discovery document, kept for an hour; a provider that did not answer is left alone for a moment.

    Raises:
        Unreachable: it does not answer. Refused: the document is not this issuer's, or misses what we need.
    """
    known = _known.setdefault(provider, _Known())
    with known.lock:
        now = time.monotonic()
        if known.document is not None and now - known.document_at < KEPT_SECONDS:
            return known.document
        if now - known.failed_at < TRY_AGAIN_SECONDS:
            raise Unreachable("a moment ago")
        try:
            known.document = _checked(provider, _json(provider, provider.metadata_url))
        except (Unreachable, Refused):
            known.failed_at = time.monotonic()
            raise
        known.document_at = time.monotonic()
        return known.document


def keys(provider: OidcProvider, *, newer: bool = False) -> list[dict[str, Any]]:
    """The provider's signing keys, kept for an hour; with `newer` for a minute: somebody came with a key that is not in them.

    Raises:
        Unreachable: it does not answer. Refused: its discovery document cannot be used.
    """
    address = document(provider).jwks_uri
    known = _known.setdefault(provider, _Known())
    with known.lock:
        if time.monotonic() - known.keys_at >= (ASK_AGAIN_SECONDS if newer else KEPT_SECONDS):
            found = _json(provider, address).get("keys")
            listed = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
            known.keys = [each for each in listed if _signs(each)]
            known.keys_at = time.monotonic()
        return known.keys


def _signs(key: dict[str, Any]) -> bool:
    return key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"


def _checked(provider: OidcProvider, found: dict[str, Any]) -> Document:
    issuer = found.get("issuer")
    if not isinstance(issuer, str) or not _speaks_for(provider.metadata_url, issuer):
        raise Refused("issuer of the discovery document")
    ways = found.get("token_endpoint_auth_methods_supported")
    return Document(
        issuer=issuer,
        authorization_endpoint=_address(provider, found.get("authorization_endpoint")),
        token_endpoint=_address(provider, found.get("token_endpoint")),
        jwks_uri=_address(provider, found.get("jwks_uri")),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        takes_secret_in_form=isinstance(ways, list) and "client_secret_post" in ways,
    )


def _address(provider: OidcProvider, url: Any) -> str:
    if not isinstance(url, str):
        raise Refused("discovery document")
    outgoing.check_url(url, here=here(provider))
    return url


def _speaks_for(metadata_url: str, issuer: str) -> bool:
    """Whether the document at this address may speak for the issuer: its own, or Microsoft's for every organisation."""
    issuers = [issuer.replace(TENANT, each) for each in EVERYBODY] if TENANT in issuer else [issuer]
    return metadata_url in [each.rstrip("/") + WELL_KNOWN for each in issuers]


def _json(provider: OidcProvider, url: str) -> dict[str, Any]:
    answer = outgoing.ask(url, here=here(provider))
    answer.raise_for_status()
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        raise Unreachable("json") from None
    if not isinstance(found, dict):
        raise Unreachable("json")
    return found
