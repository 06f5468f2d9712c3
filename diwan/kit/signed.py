"""Signed notices from outside: HMAC-SHA256 over time and body, within a window, so none can be forged or replayed.

The sender puts three headers on a POST: `X-Notice-Id` (unique), `X-Notice-Time` (unix seconds) and
`X-Notice-Signature` (hexadecimal HMAC of `<time>.<body>` under the shared key). Whoever takes the notice must also
refuse an id that it has seen.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

WINDOW = timedelta(minutes=5)
ID, TIME, SIGNATURE = "X-Notice-Id", "X-Notice-Time", "X-Notice-Signature"
_ID = re.compile(r"[A-Za-z0-9._:-]{8,80}")


class BadSignature(Exception):
    """The notice is not what the agreed partner sent just now; `why` is for the log, never for the sender."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class SignedNotice:
    """A notice whose signature and time hold."""

    id: str
    body: bytes


def notice_signature(*, key: str, sent_at: str, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256 of `<sent_at>.<body>`."""
    return hmac.new(key.encode(), sent_at.encode() + b"." + body, sha256).hexdigest()


def verify_notice(*, body: bytes, headers: Mapping[str, str], key: str, now: datetime) -> SignedNotice:
    """Check signature, then time (five minutes to either side of `now`, real time). Raises BadSignature.

    An empty key is no key: nothing is accepted then.
    """
    sent_at, given, identity = (headers.get(name, "") for name in (TIME, SIGNATURE, ID))
    if not key:
        raise BadSignature("no key is configured")
    if not (sent_at.isascii() and sent_at.isdigit() and len(sent_at) <= 12):
        raise BadSignature("no time")
    expected = notice_signature(key=key, sent_at=sent_at, body=body)
    if not hmac.compare_digest(expected.encode(), given.lower().encode("utf-8", "replace")):
        raise BadSignature("signature differs")
    if abs(now.timestamp() - int(sent_at)) > WINDOW.total_seconds():
        raise BadSignature("outside the window")
    if not _ID.fullmatch(identity):
        raise BadSignature("no id")
    return SignedNotice(identity, body)
