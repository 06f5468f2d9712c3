"""Bills presented to the payment system, in the shape of SADAD: the payer pays at a bank, a signed notice tells us."""

import logging
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import httpx
from django.conf import settings

from diwan.health.calls import note_call
from diwan.kit import tracing
from diwan.kit.breaker import Breaker
from diwan.payments.ports import AlreadyPaid, BankPayment, BillToPresent, GatewayDown, GatewayRefused

log = logging.getLogger("diwan.payments")
TIMEOUT = httpx.Timeout(8.0, connect=3.0)
#: Statuses by which the payment system says that it is not well, or knows us not; not the bill's fault.
UNWELL = frozenset((401, 403, 404, 408, 429))


@cache
def _http() -> httpx.Client:
    config = settings.DIWAN
    return httpx.Client(
        base_url=config.payments_url,
        headers={"X-Api-Key": config.payments_key, "Accept": "application/json"},
        timeout=TIMEOUT,
        limits=httpx.Limits(max_connections=8, keepalive_expiry=30),
        follow_redirects=False,
    )


@cache
def _breaker() -> Breaker:
    return Breaker()


class HttpGateway:
    """`diwan.payments.ports.PaymentGateway` over `DIWAN_PAYMENTS_URL`."""

    def present(self, bill: BillToPresent) -> str:
        """Create the bill; the payment system gives the same bill back when asked again with the same terms."""
        response = self._call(
            "POST",
            "/v1/bills",
            body={
                "biller_code": bill.biller,
                "bill_number": bill.number,
                "amount": bill.amount,
                "currency": "SAR",
                "expires_at": bill.expires_at.isoformat(),
                "description": bill.description,
            },
        )
        if response.status_code in UNWELL:
            raise GatewayDown(f"HTTP {response.status_code}")
        body = _object(response)
        if 400 <= response.status_code < 500:
            raise GatewayRefused(str(body.get("error", response.status_code)))
        reference, source = body.get("id"), body.get("source")
        if not isinstance(reference, str) or not isinstance(source, dict):
            raise GatewayDown("the answer is not a bill")
        if source.get("sadad_number") != bill.number or body.get("amount") != bill.amount:
            raise GatewayDown("the answer is another bill")
        return reference

    def take_back(self, *, biller: str, number: str) -> None:
        """Expire an unpaid bill at the payment system."""
        response = self._call("POST", f"/v1/bills/{biller}/{number}/expire")
        body = _object(response)
        if response.status_code == 409:
            raise AlreadyPaid
        if response.status_code == 404 and body.get("error") == "unknown_bill":
            return
        if response.status_code != 200:
            raise GatewayDown(f"HTTP {response.status_code}")

    def payments_on(self, day: date, *, biller: str) -> Sequence[BankPayment]:
        """The reconciliation list of a day in Riyadh."""
        query = {"date": day.isoformat(), "biller_code": biller}
        response = self._call("GET", "/v1/reconciliation", params=query)
        if response.status_code != 200:
            raise GatewayDown(f"HTTP {response.status_code}")
        try:
            return [read_payment(item) for item in _object(response)["items"]]
        except (KeyError, TypeError, ValueError) as error:
            raise GatewayDown("the list cannot be read") from error

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        if not settings.DIWAN.payments_url:
            raise GatewayDown("no payment system is configured")
        breaker = _breaker()
        if not breaker.may_try():
            raise GatewayDown("left alone after several failures")
        request_id = tracing.request_id() or tracing.fresh_id()
        try:
            response = _http().request(
                method, path, json=body, params=params, headers={"X-Request-Id": request_id}
            )
        except httpx.HTTPError as error:
            breaker.failed()
            note_call("payments", ok=False, error=type(error).__name__, breaker=breaker)
            log.warning(
                "the payment system does not answer: %s (request %s)", type(error).__name__, request_id
            )
            raise GatewayDown(type(error).__name__) from error
        if response.status_code >= 500:
            breaker.failed()
            note_call("payments", ok=False, error=f"HTTP {response.status_code}", breaker=breaker)
            raise GatewayDown(f"HTTP {response.status_code}")
        breaker.succeeded()
        note_call("payments", ok=True, breaker=breaker)
        return response


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError as error:
        raise GatewayDown("the answer cannot be read") from error
    if not isinstance(body, dict):
        raise GatewayDown("the answer is no object")
    return body


def read_payment(data: Any) -> BankPayment:
    """One payment of a list or notice; ValueError, KeyError or TypeError when it is none."""
    amount, paid_at = data["amount"], datetime.fromisoformat(data["paid_at"])
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 0 or data.get("currency") != "SAR":
        raise ValueError("amount in halalas and SAR expected")
    if paid_at.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    names = [data[name] for name in ("payment_id", "biller_code", "bill_number")]
    if not all(isinstance(name, str) and 0 < len(name) <= 80 for name in names):
        raise ValueError("names of payment, biller and bill expected")
    return BankPayment(
        payment_id=names[0], biller=names[1], bill_number=names[2], amount=amount, paid_at=paid_at
    )


def forget_connection() -> None:
    """Read the settings anew at the next call."""
    _http.cache_clear()
    _breaker.cache_clear()
