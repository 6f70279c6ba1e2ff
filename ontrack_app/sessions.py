"""The only home of secrets that people carry: session cookies, links, codes and keys. Only their hashes are ever stored."""

import hashlib
import hmac
import secrets

from ontrack_app.settings import Settings

SECRET_BYTES = 32
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read for another one
CODE_LENGTH = 8


def new_secret() -> str:
    """A fresh opaque secret of 256 random bits, safe in a URL and a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(raw: str) -> str:
    """What is stored and looked up in place of the secret itself (SHA-256, hex; the secret is random, so no salt)."""
    return hashlib.sha256(raw.encode()).hexdigest()


def hash_browser(cookie: str) -> str:
    """What is stored on a link of the browser that asked for it; `cookie` is the value that only this browser has."""
    return hash_secret(f"browser of a link\n{cookie}")


def new_code() -> str:
    """A fresh code that a person can type, such as K7QX-2MPD: 39 random bits, so it may be tried a few times only."""
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    return f"{signs[: CODE_LENGTH // 2]}-{signs[CODE_LENGTH // 2 :]}"


def plain_code(typed: str) -> str:
    """A code as it is compared: capitals without dashes and spaces; empty where what was typed can be no code."""
    signs = "".join(typed.upper().split()).replace("-", "").replace("\u2013", "")
    return signs if len(signs) == CODE_LENGTH and set(signs) <= set(CODE_SIGNS) else ""


def hash_code(code: str, settings: Settings) -> str:
    """What is stored in place of a code. Keyed: a code is short enough to be guessed from a plain hash."""
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, f"code of a link\n{plain_code(code)}".encode(), hashlib.sha256).hexdigest()


def cookie_name(settings: Settings) -> str:
    """`__Host-` where the browser accepts it (https); a plain name with the port on http localhost, so that
    two installations on one machine do not sign each other out."""
    if settings.base_url.startswith("https://"):
        return "__Host-ontrack"
    return f"ontrack_{settings.port}"
