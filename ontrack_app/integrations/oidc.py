"""The only home of signing in with a provider of OpenID Connect: where to send a browser, and who came back.

Authlib makes the address, the request for the token and the checks of its claims, joserfc checks the signature; both load when
the first person signs in with somebody else. What they leave open is decided here: which algorithms, whose issuer, how old.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from ontrack_app.integrations import outgoing
from ontrack_app.integrations.oidc_documents import TENANT, Document, Refused, document, here, keys
from ontrack_app.integrations.outgoing import Unreachable
from ontrack_app.settings import OidcProvider

SCOPE = "openid email"
ALGORITHMS = ("RS256", "PS256", "ES256")
LEEWAY_SECONDS = 60
TENANT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST_TOKEN, LONGEST_SUBJECT, LONGEST_EMAIL = 32 * 1024, 255, 254


@dataclass(frozen=True, slots=True)
class Flow:
    """What one sign-in was started with; its answer is checked against it. `started` in seconds since 1970."""

    provider: OidcProvider
    redirect_uri: str
    nonce: str
    verifier: str
    started: float


@dataclass(frozen=True, slots=True)
class Identity:
    """Who came back: issuer and subject are the identity; the e-mail is a label, empty unless the provider vouches for it."""

    issuer: str
    subject: str
    email: str


def address(flow: Flow, state: str) -> str:
    """Where the browser goes to sign in with the provider.

    Raises:
        Unreachable, Refused: the provider does not say where, or not in a way that can be used.
    """
    said = document(flow.provider)
    asked = {"state": state, "code_verifier": flow.verifier, "nonce": flow.nonce}
    made, _ = _client(flow, said).create_authorization_url(said.authorization_endpoint, **asked)
    return str(made)


def check_sender(provider: OidcProvider, answer: Mapping[str, str]) -> None:
    """Stops an answer that another provider sent (RFC 9207): one that names itself must, and nobody may name another.

    Raises:
        Refused: it is another's. Unreachable: the provider cannot be asked.
    """
    said = document(provider)
    if ("iss" in answer or said.names_itself) and answer.get("iss") != said.issuer:
        raise Refused("issuer of the answer")


def identity(flow: Flow, code: str) -> Identity:
    """Who signed in, for a code that the provider gave.

    Raises:
        Unreachable: the provider gives no usable answer. Refused: its answer does not prove who it is.
    """
    said = document(flow.provider)
    token = _token(flow, said, code)
    id_token = token.get("id_token")
    if not isinstance(id_token, str) or not 0 < len(id_token) <= LONGEST_TOKEN:
        raise Refused("no id token")
    signed = _signed(flow.provider, id_token)
    issuer = _issuer_for(said, signed.claims)
    _check_key(flow.provider, said, str(signed.header.get("kid")), issuer)
    _check_claims(flow, signed, issuer, token.get("access_token"))
    return _identity_of(signed.claims)


@lru_cache(maxsize=1)
def _tools() -> SimpleNamespace:
    """Authlib and joserfc, loaded when somebody first needs them: they cost every other start of the program too much."""
    return SimpleNamespace(
        OAuth2Client=import_module("authlib.oauth2.client").OAuth2Client,
        OAuth2Error=import_module("authlib.oauth2.base").OAuth2Error,
        CodeIDToken=import_module("authlib.oidc.core").CodeIDToken,
        jwt=import_module("joserfc.jwt"),
        KeySet=import_module("joserfc.jwk").KeySet,
        JWSRegistry=import_module("joserfc.jws").JWSRegistry,
        errors=import_module("joserfc.errors"),
    )


class _Session:
    """What Authlib sends its requests with: our own careful client."""

    def __init__(self, provider: OidcProvider) -> None:
        self._here = here(provider)

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any
    ) -> outgoing.Answer:
        """Posts a form, with the proof of who we are that `auth` adds."""
        url, signed, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return outgoing.ask(url, body=body.encode(), headers=signed, here=self._here)


def _client(flow: Flow, said: Document) -> Any:
    return _tools().OAuth2Client(
        _Session(flow.provider),
        client_id=flow.provider.client_id,
        client_secret=flow.provider.client_secret.get_secret_value(),
        token_endpoint_auth_method="client_secret_" + ("post" if said.takes_secret_in_form else "basic"),
        scope=SCOPE,
        redirect_uri=flow.redirect_uri,
        code_challenge_method="S256",
    )


def _token(flow: Flow, said: Document, code: str) -> Mapping[str, Any]:
    given = {"code": code, "code_verifier": flow.verifier, "grant_type": "authorization_code"}
    try:
        found: Mapping[str, Any] = _client(flow, said).fetch_token(said.token_endpoint, **given)
    except _tools().OAuth2Error:
        raise Refused("code") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unreachable("json") from None
    return found


def _signed(provider: OidcProvider, id_token: str) -> Any:
    """The token with its header and claims, signed by one of the provider's keys; asked for anew where there is none such."""
    tools = _tools()
    registry = tools.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    for newer in (False, True):
        try:
            known = tools.KeySet.import_key_set({"keys": keys(provider, newer=newer)})
            return tools.jwt.decode(id_token, known, registry=registry)
        except tools.errors.InvalidKeyIdError:
            continue
        except tools.errors.JoseError as error:
            raise Refused(error.error.replace("_", " ")) from None
        except (ValueError, TypeError, KeyError, RecursionError):
            raise Refused("id token") from None
    raise Refused("unknown key")


def _issuer_for(said: Document, claims: Mapping[str, Any]) -> str:
    """The only issuer that this token may have."""
    if TENANT not in said.issuer:
        return said.issuer
    organisation = claims.get("tid")
    if not isinstance(organisation, str) or not TENANT_ID.fullmatch(organisation):
        raise Refused("no organisation")
    return said.issuer.replace(TENANT, organisation)


def _check_key(provider: OidcProvider, said: Document, kid: str, issuer: str) -> None:
    """Microsoft says of each key for whose tokens it is: a key of one organisation signs for no other."""
    for key in keys(provider):
        if str(key.get("kid")) == kid and key.get("issuer", issuer) not in (issuer, said.issuer):
            raise Refused("issuer of the key")


def _check_claims(flow: Flow, signed: Any, issuer: str, access_token: Any) -> None:
    tools, client_id = _tools(), flow.provider.client_id
    needed: dict[str, dict[str, Any]] = {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client_id},
        **{name: {"essential": True} for name in ("sub", "exp", "iat")},
    }
    known = {"nonce": flow.nonce, "client_id": client_id, "access_token": access_token}
    try:
        tools.CodeIDToken(signed.claims, signed.header, needed, known).validate(leeway=LEEWAY_SECONDS)
    except tools.errors.ClaimError as error:
        raise Refused(f"claim {error.claim}") from None
    except (tools.errors.JoseError, ValueError, TypeError, KeyError):
        raise Refused("claims") from None
    if signed.claims["iat"] < flow.started - LEEWAY_SECONDS:
        raise Refused("claim iat")


def _identity_of(claims: Mapping[str, Any]) -> Identity:
    subject, email = claims["sub"], claims.get("email")
    if not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise Refused("claim sub")
    vouched = claims.get("email_verified") is True and isinstance(email, str) and email.isprintable()
    return Identity(claims["iss"], subject, str(email)[:LONGEST_EMAIL] if vouched else "")
