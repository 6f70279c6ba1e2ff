"""The only home of the keys by which a phone hands its work in once nobody can sign in on it any more (see hand_in.py)."""

from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer

from models.devices import Device
from ontrack_app.errors import SignedOut
from ontrack_app.settings import settings

PURPOSE = "ontrack crew phone hand-in 1"
SIGN_IN = "Sign in on this phone. What is on it is kept."


def key_for(device: Device) -> str:
    """The key of a device; the same each time, so that a lost answer costs nothing."""
    key: str = _seal().dumps([device.tenant_id.hex, device.id.hex])
    return key


def tenant_of(key: str, device_id: UUID) -> UUID:
    """The company that a key was given in.

    Raises:
        SignedOut: it is no key of ours, or another device's.
    """
    try:
        tenant, device = _seal().loads(key)
    except (BadData, TypeError, ValueError):
        raise SignedOut(SIGN_IN) from None
    if device != device_id.hex:
        raise SignedOut(SIGN_IN)
    return UUID(hex=tenant)


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt=PURPOSE)
