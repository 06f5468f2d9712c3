"""Short messages over a web gateway that recognises our reference: a second try is never a second message."""

import httpx
from django.conf import settings

from diwan.kit import tracing
from diwan.notify.transports import (
    ChannelDown,
    OutcomeUnknown,
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
)

TIMEOUT = httpx.Timeout(10.0, connect=3.0)
#: The gateway does not know us or this address: no message would fare better.
NOT_OURS = frozenset((401, 403, 404, 405))


def open_sms() -> "SmsTransport | None":
    """The transport for the configured gateway; None when there is none."""
    return SmsTransport() if settings.DIWAN.sms_url else None


class SmsTransport:
    """`POST <sms_url>` with `{to, sender, text, reference}`, `Idempotency-Key` and the key in `X-Api-Key`."""

    resumable = True

    def __init__(self) -> None:
        self._http = httpx.Client(
            headers={"X-Api-Key": settings.DIWAN.sms_key}, timeout=TIMEOUT, follow_redirects=False
        )

    def send(self, outgoing: Outgoing) -> str:
        """Hand one message over and return the gateway's id."""
        try:
            response = self._http.post(
                settings.DIWAN.sms_url,
                headers={
                    "Idempotency-Key": outgoing.reference,
                    "X-Request-Id": tracing.request_id() or outgoing.reference,
                },
                json={
                    "to": outgoing.to,
                    "sender": settings.DIWAN.sms_sender,
                    "text": outgoing.body,
                    "reference": outgoing.reference,
                },
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ChannelDown(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise OutcomeUnknown(type(error).__name__) from error
        return _given(response)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _given(response: httpx.Response) -> str:
    code = response.status_code
    if code in NOT_OURS:
        raise ChannelDown(f"HTTP {code}")
    if code >= 500 or code in (408, 425, 429):
        raise TemporaryFailure(f"HTTP {code}")
    if not 200 <= code < 300:
        raise PermanentFailure(f"HTTP {code}")
    try:
        return str(response.json()["id"])
    except (ValueError, KeyError, TypeError) as error:
        raise OutcomeUnknown("the answer cannot be read") from error
