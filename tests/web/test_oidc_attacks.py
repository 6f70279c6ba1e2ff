"""A hostile provider, browser or network: every token, answer and document that must open nothing, each beside one that does."""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from joserfc import jwk, jwt

from models.ids import new_id
from ontrack_app.integrations import oidc_documents, outgoing
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip
from tests.web.oidc_behaviours import BEHAVIOURS
from tests.web.oidc_providers import CLIENT_ID, CLIENT_SECRET, WELL_KNOWN, Hostile, hostile
from tests.web.oidc_walks import (
    answer,
    as_owner,
    asked,
    at,
    configured,
    events,
    last_event,
    press,
    token_of,
    who,
)

ORGANISATION = "0f3a1c2b-1111-4222-8333-444455556666"
Forge = Callable[[Hostile, str], str]


@pytest.fixture
def evil(database: object) -> Iterator[Hostile]:
    with hostile() as found, configured(evil=at(found.issuer), microsoft=at(found.issuer + "/common/v2.0")):
        yield found


@pytest.fixture
def subject(company: Company, evil: Hostile) -> str:
    """An identity of the hostile provider that is connected to the company's admin: whoever is believed gets in."""
    subject = f"ann-{new_id().hex[-8:]}"
    add_identity(company, evil.issuer, subject, "evil")
    return subject


def add_identity(company: Company, issuer: str, subject: str, provider: str) -> None:
    as_owner(
        "INSERT INTO auth.identities (issuer, subject, user_id, provider) VALUES (%s, %s, %s, %s)",
        issuer, subject, company.admin.user_id, provider,
    )  # fmt: skip


def tried(evil: Hostile, forge: Forge, name: str = "evil", **query: Any) -> tuple[int, str, str]:
    """Walks through a sign-in whose token is forged: status, who is signed in, and why not, as the trail has it."""
    browser, begun = Browser(ip=fresh_ip()), last_event()
    sent = asked(press(browser, name))
    evil.token = lambda _: {
        "access_token": "x",
        "token_type": "Bearer",
        "id_token": forge(evil, sent["nonce"]),
    }
    status = answer(browser, name, **{"code": "c", "state": sent["state"], **query}).status_code
    return status, who(browser), "".join(detail for _, _, detail in events(begun))


def with_claims(subject: str, **other: Any) -> Forge:
    return lambda evil, nonce: evil.signed(evil.claims(nonce, **{"sub": subject, **other}))


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(subject: str, algorithm: str) -> Forge:
    def forge(evil: Hostile, nonce: str) -> str:
        return f"{encoded({'alg': algorithm, 'kid': 'one'})}.{encoded(evil.claims(nonce, sub=subject))}."

    return forge


def by_secret(subject: str, secret: Callable[[Hostile], bytes]) -> Forge:
    def forge(evil: Hostile, nonce: str) -> str:
        token = f"{encoded({'alg': 'HS256', 'kid': 'one'})}.{encoded(evil.claims(nonce, sub=subject))}"
        digest = hmac.digest(secret(evil), token.encode(), "sha256")
        return f"{token}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    return forge


def test_a_token_that_nothing_is_wrong_with_opens(evil: Hostile, company: Company, subject: str) -> None:
    assert tried(evil, with_claims(subject))[:2] == (303, company.admin.email)
    sent = evil.posted[-1]
    assert (sent["grant_type"], sent["code"], sent.get("client_id", CLIENT_ID)) == ("authorization_code", "c", CLIENT_ID)  # fmt: skip
    assert len(sent["code_verifier"]) >= 43 and sent["redirect_uri"].endswith("/auth/oidc/evil/callback")


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_the_other_two_algorithms_open_too(
    evil: Hostile, company: Company, subject: str, algorithm: str
) -> None:
    key = evil.key if algorithm == "PS256" else jwk.ECKey.generate_key("P-256", {"kid": "one"})
    evil.keys = [key.as_dict(private=False)]
    forge = lambda evil, nonce: evil.signed(evil.claims(nonce, sub=subject), algorithm=algorithm, key=key)  # noqa: E731
    assert tried(evil, forge)[:2] == (303, company.admin.email)


CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another audience": ({"aud": "somebody-else"}, "aud"),
    "no audience": ({"aud": None}, "aud"),
    "an audience that is a number": ({"aud": 7}, "aud"),
    "several audiences and nobody authorized": ({"aud": [CLIENT_ID, "somebody-else"]}, "azp"),
    "another one authorized": ({"aud": [CLIENT_ID, "other"], "azp": "other"}, "azp"),
    "another one authorized, one audience": ({"azp": "other"}, "azp"),
    "another issuer": ({"iss": "https://accounts.google.com"}, "iss"),
    "an issuer with more behind it": ({"iss": "http://localhost:1/"}, "iss"),
    "no issuer": ({"iss": None}, "iss"),
    "another nonce": ({"nonce": "another"}, "nonce"),
    "no nonce": ({"nonce": None}, "nonce"),
    "no subject": ({"sub": None}, "sub"),
    "an empty subject": ({"sub": ""}, "sub"),
    "a subject that is a number": ({"sub": 7}, "sub"),
    "a subject without end": ({"sub": "s" * 300}, "sub"),
    "no end": ({"exp": None}, "exp"),
    "an end in the past": ({"exp": time.time() - 90}, "exp"),
    "an end that is none": ({"exp": "soon"}, "exp"),
    "no beginning": ({"iat": None}, "iat"),
    "a beginning in the future": ({"iat": time.time() + 7200}, "iat"),
    "a beginning before the question": ({"iat": time.time() - 7200}, "iat"),
    "not yet": ({"nbf": time.time() + 7200}, "nbf"),
    "another access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
}


@pytest.mark.parametrize("case", CLAIMS)
def test_a_claim_that_does_not_fit_opens_nothing(evil: Hostile, subject: str, case: str) -> None:
    other, claim = CLAIMS[case]
    assert tried(evil, with_claims(subject, **other)) == (403, "", f"evil: claim {claim}")


def brings_its_key(subject: str) -> Forge:
    def forge(evil: Hostile, nonce: str) -> str:
        key = jwk.RSAKey.generate_key(2048, {"kid": "own"})
        header = {
            "alg": "RS256",
            "kid": "own",
            "jwk": key.as_dict(private=False),
            "jku": evil.issuer + "/jwks",
        }
        return jwt.encode(header, evil.claims(nonce, sub=subject), key, algorithms=["RS256"])

    return forge


def changed(subject: str) -> Forge:
    def forge(evil: Hostile, nonce: str) -> str:
        header, _, signature = evil.signed(evil.claims(nonce, sub="nobody")).split(".")
        return f"{header}.{encoded(evil.claims(nonce, sub=subject))}.{signature}"

    return forge


def critical(subject: str) -> Forge:
    def forge(evil: Hostile, nonce: str) -> str:
        good = evil.signed(evil.claims(nonce, sub=subject))
        return (
            f"{encoded({'alg': 'RS256', 'kid': 'one', 'crit': ['more'], 'more': 1})}.{good.split('.', 1)[1]}"
        )

    return forge


TOKENS: dict[str, Callable[[str], Forge]] = {
    "alg none": lambda subject: unsigned(subject, "none"),
    "alg None": lambda subject: unsigned(subject, "None"),
    "alg RS256 without signature": lambda subject: unsigned(subject, "RS256"),
    "HS256 by the public key": lambda subject: by_secret(
        subject, lambda evil: evil.key.as_pem(private=False)
    ),
    "HS256 by the client secret": lambda subject: by_secret(subject, lambda _: CLIENT_SECRET.encode()),
    "RS512": lambda subject: (
        lambda evil, nonce: evil.signed(evil.claims(nonce, sub=subject), algorithm="RS512")
    ),
    "another key under the same name": lambda subject: (
        lambda evil, nonce: evil.signed(evil.claims(nonce, sub=subject), key=jwk.RSAKey.generate_key(2048))
    ),
    "a key of another name": lambda subject: (
        lambda evil, nonce: evil.signed(evil.claims(nonce, sub=subject), kid="two")
    ),
    "a key that it brings itself": brings_its_key,
    "changed after signing": changed,
    "no token": lambda _: lambda *_: "",
    "no token at all": lambda _: lambda *_: None,  # type: ignore[return-value,misc]
    "words": lambda _: lambda *_: "this.is.none",
    "five parts": lambda _: lambda *_: "a.b.c.d.e",
    "too long": lambda subject: (
        lambda evil, nonce: evil.signed(evil.claims(nonce, sub=subject, more="x" * 40_000))
    ),
    "a list": lambda _: lambda evil, _nonce: f"{encoded({'alg': 'RS256', 'kid': 'one'})}.{encoded([1])}.AA",
    "a critical header that nobody knows": critical,
}


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_that_proves_nothing_opens_nothing(evil: Hostile, subject: str, case: str) -> None:
    status, person, reason = tried(evil, TOKENS[case](subject))
    assert (status, person) == (403, "")
    assert reason.startswith("evil: ")


def test_a_secret_among_the_keys_signs_nothing(evil: Hostile, subject: str) -> None:
    secret = b"known to everybody, thirty-two b"
    evil.keys = [jwk.OctKey.import_key(secret, {"kid": "one"}).as_dict()]
    assert tried(evil, by_secret(subject, lambda _: secret))[:2] == (403, "")


def test_a_new_key_is_asked_for_but_not_again_and_again(
    evil: Hostile, company: Company, subject: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tried(evil, with_claims(subject))[0] == 303
    evil.key = jwk.RSAKey.generate_key(2048, {"kid": "two"})
    new = lambda evil, nonce: evil.signed(evil.claims(nonce, sub=subject), kid="two")  # noqa: E731
    for _ in range(3):
        assert tried(evil, new)[0] == 403
    assert evil.asked.count("/jwks") == 1
    monkeypatch.setattr(oidc_documents, "ASK_AGAIN_SECONDS", 0)
    assert tried(evil, new)[:2] == (303, company.admin.email)
    assert evil.asked.count("/jwks") == 2
    assert evil.asked.count(WELL_KNOWN) == 1


def organisation(evil: Hostile, subject: str, tid: Any, issued_by: str = ORGANISATION) -> Forge:
    issuer = f"{evil.issuer}/{issued_by}/v2.0"
    return with_claims(subject, iss=issuer, tid=tid)


def microsoft(evil: Hostile, company: Company) -> str:
    """Makes the provider speak as Microsoft does for everybody; somebody of one organisation is connected."""
    evil.said = {"issuer": f"{evil.issuer}/{{tenantid}}/v2.0"}
    subject = f"ann-{new_id().hex[-8:]}"
    add_identity(company, f"{evil.issuer}/{ORGANISATION}/v2.0", subject, "microsoft")
    return subject


def test_microsofts_issuer_is_that_of_the_organisation(evil: Hostile, company: Company) -> None:
    subject = microsoft(evil, company)
    assert tried(evil, organisation(evil, subject, ORGANISATION), "microsoft")[:2] == (
        303,
        company.admin.email,
    )
    another = ORGANISATION.replace("0f3a", "aaaa")
    stranger = tried(evil, organisation(evil, subject, another, another), "microsoft")
    assert stranger == (403, "", "microsoft: connected to nobody")


@pytest.mark.parametrize(
    "tid, reason",
    [(None, "no organisation"), (7, "no organisation"), ("", "no organisation"), ("{tenantid}", "no organisation"),
     ("../common", "no organisation"), (ORGANISATION.replace("0f3a", "aaaa"), "claim iss")],
)  # fmt: skip
def test_a_token_without_its_organisation_opens_nothing(
    evil: Hostile, company: Company, tid: Any, reason: str
) -> None:
    subject = microsoft(evil, company)
    assert tried(evil, organisation(evil, subject, tid), "microsoft") == (403, "", f"microsoft: {reason}")


def test_a_key_of_one_organisation_signs_for_no_other(evil: Hostile, company: Company) -> None:
    subject = microsoft(evil, company)
    key = evil.key.as_dict(private=False)
    evil.keys = [{**key, "issuer": f"{evil.issuer}/{ORGANISATION.replace('0f3a', 'aaaa')}/v2.0"}]
    refused = tried(evil, organisation(evil, subject, ORGANISATION), "microsoft")
    assert refused == (403, "", "microsoft: issuer of the key")
    evil.keys = [{**key, "issuer": evil.said["issuer"]}]
    oidc_documents.forget()
    assert tried(evil, organisation(evil, subject, ORGANISATION), "microsoft")[0] == 303


def test_an_answer_that_names_another_sender_is_refused(
    evil: Hostile, company: Company, subject: str
) -> None:
    assert (
        tried(evil, with_claims(subject), iss="https://accounts.google.com")[2]
        == "evil: issuer of the answer"
    )
    assert tried(evil, with_claims(subject), iss=evil.issuer)[:2] == (303, company.admin.email)


@pytest.mark.parametrize(
    "query",
    [
        {"code": ""},
        {"code": "c" * 5000},
        {"code": "\u2603"},
        {"error": "x<script>"},
        {"error": "server_error"},
    ],
)
def test_an_answer_without_a_code_opens_nothing(evil: Hostile, subject: str, query: dict[str, str]) -> None:
    status, person, reason = tried(evil, with_claims(subject), **query)
    assert (status, person) == (403, "") and "<" not in reason
    assert evil.posted == []


@pytest.mark.parametrize(
    "told", [{"error": "invalid_grant"}, {"error": "x", "error_description": "\u2603"}, {}, {"id_token": 7}]
)
def test_a_code_that_the_provider_does_not_know_opens_nothing(evil: Hostile, told: dict[str, Any]) -> None:
    browser = Browser(ip=fresh_ip())
    sent = asked(press(browser, "evil"))
    evil.token = lambda _: told
    assert answer(browser, "evil", code="c", state=sent["state"]).status_code in (403, 502)
    assert who(browser) == ""


def start(browser: Browser) -> int:
    page = browser.open("/auth/sign-in")
    return browser.send("/auth/oidc/evil", {"form_token": token_of(page, "/auth/oidc/evil")}).status_code


DOCUMENTS: dict[str, dict[str, Any]] = {
    "another's issuer": {"issuer": "https://accounts.google.com"},
    "an issuer that is none": {"issuer": 7},
    "everybody's issuer": {"issuer": "http://localhost/{tenantid}/v2.0"},
    "no place to sign in": {"authorization_endpoint": None},
    "a place without encryption": {"authorization_endpoint": "http://evil.example/auth"},
    "a script": {"authorization_endpoint": "javascript:alert(1)//"},
    "a place inside": {"token_endpoint": "http://169.254.169.254/latest"},
    "keys of another scheme": {"jwks_uri": "file:///etc/passwd"},
    "a hidden host": {"jwks_uri": "https://accounts.google.com@evil.example/"},
}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_a_document_that_lies_leads_nowhere(evil: Hostile, case: str) -> None:
    evil.said = DOCUMENTS[case]
    browser = Browser(ip=fresh_ip())
    assert start(browser) == 502
    evil.said = {}
    asked_before = len(evil.asked)
    assert start(browser) == 502, "it is left alone for a moment"
    assert len(evil.asked) == asked_before


@pytest.mark.parametrize("behaves", BEHAVIOURS)
def test_a_provider_that_behaves_badly_is_told_in_words(
    evil: Hostile, behaves: Callable[[BaseHTTPRequestHandler], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SECONDS", 1.0)
    evil.answer = behaves
    begun = time.monotonic()
    assert start(Browser(ip=fresh_ip())) == 502
    assert time.monotonic() - begun < 10
