"""The only home of form tokens: the proof that a native form was made by us for this very session (or other binding)."""

import hashlib

from itsdangerous import BadData, URLSafeTimedSerializer

from ontrack_app.settings import settings

SALT = "ontrack.form"
LASTS_S = 7 * 24 * 3600


def form_token(binding: str) -> str:
    """A token for forms of this binding: a session's hash, or what stands for a browser without one. Holds for a week."""
    return str(_signer().dumps(_short(binding)))


def holds(token: str, binding: str, *, lasts_s: int = LASTS_S) -> bool:
    """Whether the token was made by us for this binding, at most `lasts_s` seconds ago."""
    try:
        return bool(binding) and _signer().loads(token, max_age=lasts_s) == _short(binding)
    except BadData:
        return False


def _short(binding: str) -> str:
    return hashlib.sha256(f"{SALT}\n{binding}".encode()).hexdigest()[:32]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key.get_secret_value(), salt=SALT)
