"""A municipality, bills, and a payment system in memory."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.payments.gateway import MemoryGateway

if TYPE_CHECKING:
    from diwan.payments.models import Bill
    from diwan.people.models import Municipality


@pytest.fixture(autouse=True)
def gateway(settings: Any) -> Iterator[type[MemoryGateway]]:
    """The payment system, up."""
    settings.PAYMENT_GATEWAY = "tests.payments.gateway.MemoryGateway"
    MemoryGateway.clear()
    yield MemoryGateway


def make_city() -> "Municipality":
    """Municipality 101."""
    from diwan.people.models import Municipality  # models can be imported only after this file was read

    made, _ = Municipality.objects.get_or_create(
        code="101",
        defaults={"name_ar": "بلدية", "name_en": "City", "sort_key": "x", "valid_from": date(2020, 1, 1)},
    )
    return made


def make_bill(case_id: int = 2600000001, *, amount: int = 48000, vat: int = 0, **change: Any) -> "Bill":
    """An open bill of 480 riyals that expires in ten days."""
    from diwan.kit import clock  # kept beside their only use
    from diwan.payments.actions import NewLine, issue_bill
    from diwan.people.actor import system

    lines = [
        NewLine(
            code="activity",
            text_ar="رسم النشاط",
            text_en="Activity fee",
            amount=amount,
            vat_class="taxable" if vat else "out_of_scope",
            vat=vat,
            why={"rate": 300, "quantity": "80", "years": 2},
        )
    ]
    terms: dict[str, Any] = {
        "case_id": case_id,
        "task_token": 4,
        "municipality_id": make_city().pk,
        "payer_ar": "سعاد",
        "payer_en": "Suad",
        "lines": lines,
        "expires_at": clock.now() + timedelta(days=10),
        "by": system("test"),
    }
    return issue_bill(**{**terms, **change})


@pytest.fixture
def new_bill(db: None) -> "Callable[..., Bill]":
    """`make_bill` in the rolled-back test database."""
    return make_bill
