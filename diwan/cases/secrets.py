"""The two secrets of a case: eight digits for slip, phone and kiosk, and 128 bits for links.

Both are HMACs of number and generation under keys derived from the deployment's secret, so that nothing secret is
stored, a slip can be printed again, and a leaked secret is replaced by counting the generation up (ADR 0006).
"""

import base64
import hmac
from hashlib import sha256

from django.conf import settings

from diwan.kit.digits import to_ascii
from diwan.kit.keyed import derived_key

_DIGITS = "case secret digits"
_LINK = "case secret link"


def _mac(purpose: str, case_id: int, generation: int) -> bytes:
    key = derived_key(secret=settings.SECRET_KEY, purpose=purpose)
    return hmac.digest(key, f"{case_id}.{generation}".encode(), sha256)


def digits_of(case_id: int, generation: int = 0) -> str:
    """The eight-digit secret that is printed on the receipt."""
    return f"{int.from_bytes(_mac(_DIGITS, case_id, generation)[:16]) % 100_000_000:08d}"


def link_of(case_id: int, generation: int = 0) -> str:
    """The 128-bit secret in links, 22 characters of base64url."""
    return base64.urlsafe_b64encode(_mac(_LINK, case_id, generation)[:16]).rstrip(b"=").decode()


def is_short(typed: str) -> bool:
    """Whether this is meant as the eight digits, which can be guessed, and not as the secret of a link."""
    return _plain(typed).isdecimal()


def _plain(typed: str) -> str:
    """Digits as typed from a slip: in any script, in groups."""
    return "".join(to_ascii(typed).split()).replace("-", "")


def matches(typed: str, case_id: int, generation: int) -> bool:
    """Whether what was typed or followed is one of the case's secrets; compares in constant time."""
    plain = _plain(typed)
    return hmac.compare_digest(
        plain.encode(), digits_of(case_id, generation).encode()
    ) or hmac.compare_digest(typed.strip().encode(), link_of(case_id, generation).encode())
