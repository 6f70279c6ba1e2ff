"""The only home of secrets that people carry: session cookies, links and keys. Only their hashes are ever stored."""

import hashlib
import secrets

from ontrack_app.settings import Settings

SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh opaque secret of 256 random bits, safe in a URL and a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(raw: str) -> str:
    """What is stored and looked up in place of the secret itself (SHA-256, hex; the secret is random, so no salt)."""
    return hashlib.sha256(raw.encode()).hexdigest()


def cookie_name(settings: Settings) -> str:
    """`__Host-` where the browser accepts it (https); a plain name with the port on http localhost, so that
    two installations on one machine do not sign each other out."""
    if settings.base_url.startswith("https://"):
        return "__Host-ontrack"
    return f"ontrack_{settings.port}"
