"""The only home of how a person's proofs are kept: seeds are sealed, short codes hashed, each under a key for its person.

All keys come from ONTRACK_SECRET_KEY. Whoever changes it makes every second factor and recovery code useless.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ontrack_app.errors import Conflict
from ontrack_app.settings import settings

WORK = 2**14  # of scrypt: about 40 ms and 16 MB for one recovery code
UNREADABLE = (
    "This account's second factor can no longer be read: the server's secret has changed. "
    "Ask whoever runs the server to take the factor off your account."
)


def seal(user_id: UUID, seed: str) -> str:
    """The seed as it is stored; moved to another person's row it opens nothing."""
    return Fernet(base64.urlsafe_b64encode(_key(f"seed {user_id}"))).encrypt(seed.encode()).decode()


def unseal(user_id: UUID, sealed: str) -> str:
    """The seed again.

    Raises:
        Conflict: it was sealed for somebody else or under another secret.
    """
    try:
        return Fernet(base64.urlsafe_b64encode(_key(f"seed {user_id}"))).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Conflict(UNREADABLE) from None


def hash_recovery_code(user_id: UUID, code: str) -> str:
    """What is stored of a recovery code (50 random bits): slow to work out, and with a salt that the database lacks."""
    salt = _key(f"recovery {user_id}")
    return hashlib.scrypt(code.encode(), salt=salt, n=WORK, r=8, p=1, dklen=32).hex()


def hash_mailed_code(session_hash: str, code: str) -> str:
    """What is stored of a code that was mailed to the person of one session; it lives for minutes."""
    return hmac.new(_key("mailed code"), f"{session_hash} {code}".encode(), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    secret = settings().secret_key.get_secret_value().encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"ontrack {purpose}".encode()).derive(secret)
