"""Settings of providers to sign in with: what is known without being said, and what OnTrack refuses to start with."""

import pytest

from ontrack_app.settings import OIDC_KNOWN, Settings, UnsafeSettings, settings, unknown_names

GOOD = {"CLIENT_ID": "id", "CLIENT_SECRET": "secret"}
ELSEWHERE = "https://id.example/.well-known/openid-configuration"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("CLIENT_ID", "CLIENT_SECRET", "METADATA_URL"):
        for name in ("GOOGLE", "MICROSOFT", "ACME"):
            monkeypatch.delenv(f"OIDC_{name}_{part}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, name: str, **values: str) -> None:
    for part, value in values.items():
        monkeypatch.setenv(f"OIDC_{name}_{part}", value)


@pytest.mark.parametrize("name", ["google", "microsoft"])
def test_google_and_microsoft_need_no_address(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    given(monkeypatch, name.upper(), **GOOD)
    (found,) = Settings().oidc_providers
    assert (found.name, found.label, found.metadata_url) == (name, name.title(), OIDC_KNOWN[name])
    assert "secret" not in repr(found).replace("client_secret", "")


def test_any_other_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "ACME_WORKS", **GOOD, METADATA_URL=ELSEWHERE)
    assert [each.label for each in Settings().oidc_providers] == ["Acme Works"]


def test_nothing_configured_is_nothing_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "GOOGLE", CLIENT_ID="", CLIENT_SECRET=" ")
    assert Settings().oidc_providers == ()


@pytest.mark.parametrize(
    "values",
    [{"CLIENT_ID": "id"}, {"CLIENT_SECRET": "secret"}, GOOD, {**GOOD, "METADATA_URL": "http://id.example/x"}, {**GOOD, "METADATA_URL": "id"},
     {**GOOD, "METADATA_URL": "https://me@id.example/x"}, {**GOOD, "METADATA_URL": "https://id.example/x#y"}, {**GOOD, "METADATA_URL": "ftp://localhost/x"}],
)  # fmt: skip
def test_half_a_provider_or_a_bad_address_starts_nowhere(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    given(monkeypatch, "ACME", **values)
    settings.cache_clear()
    try:
        with pytest.raises(UnsafeSettings, match="OIDC_ACME") as refused:
            settings()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url, refused", [("http://localhost:9/x", True), ("https://localhost/x", True), ("https://127.0.0.1/x", True), (ELSEWHERE, False)])  # fmt: skip
def test_production_asks_providers_outside_only(
    monkeypatch: pytest.MonkeyPatch, url: str, refused: bool
) -> None:
    given(monkeypatch, "ACME", **GOOD, METADATA_URL=url)
    monkeypatch.setenv("ONTRACK_ENV", "production")
    assert any("OIDC_ACME_METADATA_URL" in words for words in Settings().problems()) is refused
    monkeypatch.setenv("ONTRACK_ENV", "development")
    assert Settings().problems() == []


def test_a_misspelt_name_is_told() -> None:
    assert unknown_names({"OIDC_GOOGLE_CLIENTID": "x", "OIDC_GOOGLE_CLIENT_ID": "x"}) == [
        "OIDC_GOOGLE_CLIENTID"
    ]
