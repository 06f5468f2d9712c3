"""A payment system in memory, named by the tests in the setting `PAYMENT_GATEWAY`."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from diwan.payments.ports import AlreadyPaid, BankPayment, BillToPresent, GatewayDown, GatewayRefused


class MemoryGateway:
    """Keeps what it is told; `mood` is up, down, refusing or paid."""

    mood: ClassVar[str] = "up"
    presented: ClassVar[list[BillToPresent]] = []
    taken_back: ClassVar[list[str]] = []
    payments: ClassVar[list[BankPayment]] = []

    @classmethod
    def clear(cls) -> None:
        """Forget everything."""
        cls.mood = "up"
        cls.presented, cls.taken_back, cls.payments = [], [], []

    def present(self, bill: BillToPresent) -> str:
        """Remember the bill."""
        self._answer()
        if self.mood == "refusing":
            raise GatewayRefused("amount")
        self.presented.append(bill)
        return f"ref-{bill.number}"

    def take_back(self, *, biller: str, number: str) -> None:
        """Remember that it was taken back."""
        self._answer()
        if self.mood == "paid":
            raise AlreadyPaid
        self.taken_back.append(number)

    def payments_on(self, day: date, *, biller: str) -> Sequence[BankPayment]:
        """What the test put there."""
        self._answer()
        return self.payments

    def _answer(self) -> None:
        if self.mood == "down":
            raise GatewayDown
