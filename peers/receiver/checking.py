"""Checking a webhook as the recipe for partners says (docs/webhooks.md), with the standard library alone."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable, Mapping

TOLERANCE = 300


class NotGenuine(Exception):
    """What came was not signed with one of our secrets just now."""


def check(body: bytes, headers: Mapping[str, str], secrets: Iterable[str], now: float | None = None) -> str:
    """The id of a genuine webhook; NotGenuine otherwise. The body is that of the wire, byte for byte."""
    identity, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not identity or not moment.isdigit():
        raise NotGenuine("no id or time")
    if abs((time.time() if now is None else now) - int(moment)) > TOLERANCE:
        raise NotGenuine("too old, or from the future")
    given = [part[3:] for part in headers.get("webhook-signature", "").split() if part.startswith("v1,")]
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        digest = hmac.digest(key, f"{identity}.{moment}.".encode() + body, hashlib.sha256)
        expected = base64.b64encode(digest).decode()
        if any(hmac.compare_digest(expected, signature) for signature in given):
            return identity
    raise NotGenuine("no signature fits")
