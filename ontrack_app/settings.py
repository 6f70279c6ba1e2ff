"""The only home of configuration: one frozen `Settings`, read from the environment and `.env` once."""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-" + hashlib.sha256(str(PROJECT_ROOT).encode()).hexdigest()[:32]
OUR_PREFIX = "ONTRACK_"
OIDC_PREFIX = "OIDC_"
OIDC_NAME = re.compile(r"OIDC_([A-Z][A-Z0-9_]{0,38})_(CLIENT_ID|CLIENT_SECRET|METADATA_URL)")
OIDC_KNOWN = {
    "google": "https://accounts.google.com/.well-known/openid-configuration",
    "microsoft": "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
}
FEWEST_SIGNS = 12  # different characters of a secret key; 32 random ones have 20 and more
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class UnsafeSettings(Exception):
    """The environment holds values with which OnTrack must not start; the message names each one."""


@dataclass(frozen=True, slots=True)
class OidcProvider:
    """One provider that people may sign in with; `name` is a part of addresses, lower case."""

    name: str
    client_id: str
    client_secret: SecretStr
    metadata_url: str

    @property
    def label(self) -> str:
        """The provider's name as people read it."""
        return self.name.replace("_", " ").title()

    @property
    def is_on_this_machine(self) -> bool:
        """Whether the provider runs beside us, as in development; only then may it be asked without https."""
        return urlsplit(self.metadata_url).hostname in THIS_MACHINE


class Settings(BaseSettings):
    """Everything that differs between one installation and the next; names as in `.env.example`."""

    model_config = SettingsConfigDict(
        env_file=PROJECT_ROOT / ".env",
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
    )

    env: Literal["development", "production"] = Field("development", validation_alias="ONTRACK_ENV")
    base_url_setting: str = Field("", validation_alias="ONTRACK_BASE_URL")
    secret_key: SecretStr = Field(SecretStr(DEVELOPMENT_SECRET), validation_alias="ONTRACK_SECRET_KEY")
    data_dir: Path = Field(PROJECT_ROOT / ".ontrack", validation_alias="ONTRACK_DATA_DIR")
    pg_bindir: Path | None = Field(None, validation_alias="ONTRACK_PG_BINDIR")
    port: int = Field(8000, ge=1, le=65535, validation_alias="PORT")
    database_url: str = Field("", validation_alias="DATABASE_URL", repr=False)
    database_owner_url: str = Field("", validation_alias="DATABASE_OWNER_URL", repr=False)
    database_worker_url: str = Field("", validation_alias="DATABASE_WORKER_URL", repr=False)
    redis_url: str = Field("", validation_alias="REDIS_URL", repr=False)
    smtp_url: SecretStr = Field(SecretStr(""), validation_alias="SMTP_URL")
    mail_from: str = Field("OnTrack <no-reply@localhost>", validation_alias="MAIL_FROM")
    s3_bucket: str = Field("", validation_alias="S3_BUCKET")
    s3_endpoint_url: str = Field("", validation_alias="S3_ENDPOINT_URL")
    s3_encryption: Literal["", "AES256", "aws:kms"] = Field("", validation_alias="S3_ENCRYPTION")
    aws_access_key_id: str = Field("", validation_alias="AWS_ACCESS_KEY_ID")
    aws_secret_access_key: SecretStr = Field(SecretStr(""), validation_alias="AWS_SECRET_ACCESS_KEY")
    aws_session_token: SecretStr = Field(SecretStr(""), validation_alias="AWS_SESSION_TOKEN")
    aws_region: str = Field("", validation_alias="AWS_REGION")
    clamd_url: str = Field("", validation_alias="CLAMD_URL")
    crew_worker: Literal["on", "off"] = Field("on", validation_alias="ONTRACK_CREW_WORKER")
    oidc_providers: tuple[OidcProvider, ...] = ()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *_: Any, **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where values come from, the first wins: given in code, the environment, `.env`, and the OIDC_ names of both."""
        given = [sources[name] for name in ("init_settings", "env_settings", "dotenv_settings")]
        return (*given, OidcNames(settings_cls, given))

    @property
    def is_production(self) -> bool:
        """Whether development conveniences (one-click sign-in, mail page, TEST gateway) must not exist."""
        return self.env == "production"

    @property
    def base_url(self) -> str:
        """Scheme, host and port that people use, without a trailing slash; every link in a mail starts with it."""
        return (self.base_url_setting or f"http://localhost:{self.port}").rstrip("/")

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the one we start ourselves."""
        return not self.database_url

    @model_validator(mode="after")
    def _whole_providers(self) -> "Settings":
        for each in self.oidc_providers:
            name, parts = f"OIDC_{each.name.upper()}", urlsplit(each.metadata_url)
            if not each.client_id or not each.client_secret.get_secret_value() or not each.metadata_url:
                raise ValueError(f"{name} needs its CLIENT_ID, CLIENT_SECRET and METADATA_URL")
            if parts.username or parts.fragment or not parts.hostname:
                raise ValueError(f"{name}_METADATA_URL is not the plain address of a discovery document")
            if parts.scheme != "https" and not (parts.scheme == "http" and each.is_on_this_machine):
                raise ValueError(f"{name}_METADATA_URL must start with https://")
        return self

    @model_validator(mode="after")
    def _usable_addresses(self) -> "Settings":
        parts = urlsplit(self.clamd_url)
        socket = parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc
        if self.clamd_url and not socket and not (parts.scheme == "tcp" and parts.hostname):
            raise ValueError("CLAMD_URL is unix:///path/of/the/socket or tcp://host:port")
        if self.s3_endpoint_url and not re.match(r"https?://[^/?#@]+/?$", self.s3_endpoint_url):
            raise ValueError(
                "S3_ENDPOINT_URL is the plain address of an S3 service, such as https://host:port"
            )
        return self

    @model_validator(mode="after")
    def _absolute_data_dir(self) -> "Settings":
        object.__setattr__(self, "data_dir", self.data_dir.expanduser().absolute())
        return self

    def problems(self) -> list[str]:
        """Why this must not run in production, in words; empty where nothing is wrong or in development."""
        if not self.is_production:
            return []
        secret, mail = self.secret_key.get_secret_value(), self.smtp_url.get_secret_value()
        address, redis = urlsplit(self.base_url), urlsplit(self.redis_url)
        given = (self.database_url, self.database_owner_url, self.database_worker_url)
        roles = [urlsplit(url).username for url in given if url]
        checks = {
            "ONTRACK_SECRET_KEY must be set to at least 32 random characters.": secret == DEVELOPMENT_SECRET
            or len(secret) < 32,
            "ONTRACK_SECRET_KEY must be random: it has too few different characters.": len(set(secret))
            < FEWEST_SIGNS,
            "ONTRACK_BASE_URL must be the public address, starting with https://.": address.scheme != "https",
            "ONTRACK_BASE_URL must be a host that people reach, without a path, a user or a query.": not address.hostname
            or address.hostname in THIS_MACHINE
            or bool(address.path or address.query or address.fragment or address.username),
            "SMTP_URL must be set, or no sign-in link reaches anybody.": not mail,
            "SMTP_URL must start with smtp:// or smtps:// and name a host.": bool(mail)
            and (urlsplit(mail).scheme not in ("smtp", "smtps") or not urlsplit(mail).hostname),
            "MAIL_FROM must be an address of yours, not of localhost.": "@localhost" in self.mail_from,
            "DATABASE_URL, DATABASE_OWNER_URL and DATABASE_WORKER_URL must each have a role of its own.": len(
                set(roles)
            )
            < len(roles),
            "REDIS_URL must have a password: whoever writes there rules every session's screen.": bool(
                redis.hostname
            )
            and redis.hostname not in THIS_MACHINE
            and not redis.password,
        }
        return [words for words, wrong in checks.items() if wrong] + [
            f"OIDC_{each.name.upper()}_METADATA_URL must start with https:// and name a public host."
            for each in self.oidc_providers
            if each.is_on_this_machine or not each.metadata_url.startswith("https://")
        ]


class OidcNames(PydanticBaseSettingsSource):
    """Reads `OIDC_<NAME>_…` for every name that somebody chose; a provider without a single value is not there."""

    def __init__(self, settings_cls: type[BaseSettings], given: list[PydanticBaseSettingsSource]) -> None:
        super().__init__(settings_cls)
        read = [source.env_vars for source in reversed(given) if isinstance(source, EnvSettingsSource)]
        self._values = {name.upper(): value or "" for values in read for name, value in values.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        """Nothing field by field; all comes from `__call__`."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """The providers."""
        return {"oidc_providers": tuple(_oidc_providers(self._values))}


def _oidc_providers(values: Mapping[str, str]) -> Iterator[OidcProvider]:
    found: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        if (match := OIDC_NAME.fullmatch(name)) and value.strip():
            found.setdefault(match[1].lower(), {})[match[2]] = value.strip()
    for name in sorted(found):
        url = found[name].get("METADATA_URL") or OIDC_KNOWN.get(name, "")
        secret = SecretStr(found[name].get("CLIENT_SECRET", ""))
        yield OidcProvider(name, found[name].get("CLIENT_ID", ""), secret, url)


SECRET_NAME = re.compile(r"SECRET|PASSWORD|PASSWD|TOKEN|(?:^|_)KEY(?:_|$)|PRIVATE|CREDENTIAL")
SHORTEST_SECRET = 8


def secret_values() -> set[str]:
    """Every secret that this process was given: what logs must never show. Addresses give the password in them."""
    try:
        found = settings()
    except UnsafeSettings:
        return set()
    return secrets_of(found)


def secrets_of(found: "Settings") -> set[str]:
    """The secrets in these settings, and in the environment by the names that secrets usually have."""
    given = {
        found.secret_key.get_secret_value(),
        *(each.client_secret.get_secret_value() for each in found.oidc_providers),
    }
    given |= {value for name, value in os.environ.items() if SECRET_NAME.search(name)}
    addresses = [found.smtp_url.get_secret_value(), found.redis_url, found.database_url]
    for address in (*addresses, found.database_owner_url, found.database_worker_url):
        password = urlsplit(address).password if "://" in address else None
        given |= {password, unquote(password)} if password else set()
    return {value for value in given if len(value) >= SHORTEST_SECRET}


def unknown_names(environment: dict[str, str]) -> list[str]:
    """Names that start with ONTRACK_ or OIDC_ and mean nothing here: most likely misspelt."""
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    ours = {name for name in environment if name.startswith(OUR_PREFIX) and name not in known}
    oidc = {name for name in environment if name.startswith(OIDC_PREFIX) and not OIDC_NAME.fullmatch(name)}
    return sorted(ours | oidc)


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """One database as its three roles reach it (SQLAlchemy URLs)."""

    app: str
    owner: str
    worker: str


_embedded: list[DatabaseUrls] = []


def use_database(urls: DatabaseUrls) -> None:
    """Points this process at the database that was started for it; without it, `DATABASE_URL` and its siblings say."""
    _embedded[:] = [urls]


def database_urls() -> DatabaseUrls:
    """Where the database is, for each role. One `DATABASE_URL` serves all three where the others are not given.

    Raises:
        UnsafeSettings: no database is configured and none was started for this process.
    """
    if _embedded:
        return _embedded[0]
    found = settings()
    if not found.database_url:
        raise UnsafeSettings(
            "No database: set DATABASE_URL, or start with `ontrack up`, which brings its own."
        )
    return DatabaseUrls(
        app=_driver(found.database_url),
        owner=_driver(found.database_owner_url or found.database_url),
        worker=_driver(found.database_worker_url or found.database_url),
    )


def _driver(url: str) -> str:
    """The same address for the driver that we use, whichever way it was written."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process.

    Raises:
        UnsafeSettings: a name is unknown, a value cannot be read, or production would be unsafe.
    """
    if unknown := unknown_names(dict(os.environ)):
        raise UnsafeSettings(f"Unknown setting {', '.join(unknown)}. See .env.example for the names.")
    try:
        found = Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{item['loc'][0]}: {item['msg']}" if item["loc"] else item["msg"] for item in error.errors()
        )
        raise UnsafeSettings(f"A setting cannot be used. {wrong}") from None
    if problems := found.problems():
        raise UnsafeSettings("Production cannot start: " + " ".join(problems))
    return found
