"""What a payment system has to offer. The adapter is named by dotted path in the setting `PAYMENT_GATEWAY`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class GatewayDown(Exception):
    """The payment system did not answer, or not in its own language; to be tried again."""


class GatewayRefused(Exception):
    """The payment system refuses this bill for good; the message is its code."""


class AlreadyPaid(Exception):
    """The bill cannot be taken back since it was paid; its notice is on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillToPresent:
    """A bill as the payment system needs it; amount in halalas."""

    biller: str
    number: str
    amount: int
    expires_at: datetime
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPayment:
    """One payment in the payment system's own list; amount in halalas."""

    payment_id: str
    biller: str
    bill_number: str
    amount: int
    paid_at: datetime


class PaymentGateway(Protocol):
    """Three calls; each raises GatewayDown when there is no usable answer."""

    def present(self, bill: BillToPresent) -> str:
        """Make the bill payable; the same bill twice is the same one. Returns its reference. GatewayRefused."""

    def take_back(self, *, biller: str, number: str) -> None:
        """Make an unpaid bill unpayable. A bill that it does not know is no error. AlreadyPaid."""

    def payments_on(self, day: date, *, biller: str) -> Sequence[BankPayment]:
        """Every payment of that day in Riyadh."""


class _Unconfigured:
    """Stands where no adapter is configured: bills wait, with their numbers."""

    def present(self, bill: BillToPresent) -> str:
        raise GatewayDown("no payment system is configured")

    def take_back(self, *, biller: str, number: str) -> None:
        raise GatewayDown("no payment system is configured")

    def payments_on(self, day: date, *, biller: str) -> Sequence[BankPayment]:
        raise GatewayDown("no payment system is configured")


def gateway() -> PaymentGateway:
    """The configured adapter, made anew for each use."""
    path: str = getattr(settings, "PAYMENT_GATEWAY", "")
    return cast(PaymentGateway, import_string(path)()) if path else _Unconfigured()
