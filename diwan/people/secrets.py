"""Seeds of code generators, encrypted with the deployment's secret and bound to their account."""

import base64
import secrets

import pyotp
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from diwan.kit.keyed import derived_key

_NONCE = 12


def new_seed() -> str:
    """A fresh 160-bit seed in base32."""
    return pyotp.random_base32()


def sealed_seed(seed: str, *, account_id: int) -> str:
    """The seed encrypted (AES-256-GCM) so that it opens for this account only."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, seed.encode(), _bound(account_id))).decode()


def opened_seed(stored: str, *, account_id: int) -> str:
    """The seed of a stored text; InvalidTag when it was moved to another account or the secret differs."""
    raw = base64.b64decode(stored)
    return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], _bound(account_id)).decode()


def _cipher() -> AESGCM:
    return AESGCM(derived_key(secret=settings.SECRET_KEY, purpose="totp seed"))


def _bound(account_id: int) -> bytes:
    return f"account {account_id}".encode()
