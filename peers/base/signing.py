"""Signed notices: HMAC-SHA256 over time and body, so a notice can be neither forged nor replayed late."""

import hashlib
import hmac
import time
import uuid

ID_HEADER = "X-Notice-Id"
TIME_HEADER = "X-Notice-Time"
SIGNATURE_HEADER = "X-Notice-Signature"


def new_id() -> str:
    """A unique notice id."""
    return uuid.uuid4().hex


def signature(*, key: str, sent_at: int, body: bytes) -> str:
    """Hex HMAC-SHA256 of `<unix seconds>.<body>` under `key`."""
    return hmac.new(key.encode(), str(sent_at).encode() + b"." + body, hashlib.sha256).hexdigest()


def headers(*, key: str, notice_id: str, body: bytes, sent_at: int | None = None) -> dict[str, str]:
    """The three headers of a notice sent now (or at `sent_at`, unix seconds)."""
    moment = int(time.time()) if sent_at is None else sent_at
    return {
        "Content-Type": "application/json",
        ID_HEADER: notice_id,
        TIME_HEADER: str(moment),
        SIGNATURE_HEADER: signature(key=key, sent_at=moment, body=body),
    }
