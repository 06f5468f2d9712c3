"""The independent sample of closings: nobody without the key can tell which are drawn, whoever has it draws them again.

A closing is drawn when the keyed digest of the case and the number of its closing, read as 0 to 9,999, is below the
rate in hundredths of a per cent. The key is derived from the deployment's secret.
"""

import hmac
from hashlib import sha256
from typing import Final

from django.conf import settings

from diwan.kit.keyed import derived_key

WORK: Final = "report sample"
LATER: Final = "report later"
STEPS: Final = 10_000


def draw(purpose: str, case_id: int, number: int) -> int:
    """The number drawn for a closing: 0 to 9,999, the same at every call."""
    key = derived_key(secret=settings.SECRET_KEY, purpose=purpose)
    digest = hmac.digest(key, f"{case_id}.{number}".encode(), sha256)
    return int.from_bytes(digest[:8]) % STEPS


def is_drawn(purpose: str, case_id: int, number: int, *, percent: int) -> bool:
    """Whether the closing is in the sample of so many per cent."""
    return draw(purpose, case_id, number) < percent * (STEPS // 100)
