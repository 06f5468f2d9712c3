"""Issue a bill for a case, inside the transaction of the step that asks for payment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock, numbers
from diwan.kit.errors import N_, DiwanError
from diwan.outbox.actions import emit
from diwan.payments.events import ISSUED
from diwan.payments.models import Bill, BillLine
from diwan.people.actor import Actor


class NothingToPay(DiwanError):
    """A bill of nothing is not issued: the step that asks for payment is passed over."""

    code = "payments.nothing_to_pay"
    message = N_("There is nothing to pay for this request.")


class OpenBillExists(DiwanError):
    """The case has an open bill already."""

    code = "payments.open_bill_exists"
    message = N_("This request already has an open bill. Withdraw it before issuing another.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """One computed line. `amount` before VAT and `vat` in halalas; `why` explains both (rate, quantity, rule, ...)."""

    code: str
    text_ar: str
    text_en: str
    amount: int
    vat_class: str
    vat: int
    why: Mapping[str, Any]


def issue_bill(
    *,
    case_id: int,
    task_token: int,
    municipality_id: int,
    payer_ar: str,
    payer_en: str,
    lines: Sequence[NewLine],
    expires_at: datetime,
    by: Actor,
) -> Bill:
    """Insert the bill with its lines; it is presented to the payment system afterwards, by a job.

    The billed price stands whatever the price table says later. NothingToPay for a total of zero, OpenBillExists.
    """
    vat = sum(line.vat for line in lines)
    total = sum(line.amount for line in lines) + vat
    if total <= 0:
        raise NothingToPay
    bill_id = _next_id()
    bill = Bill(
        pk=bill_id,
        number=numbers.bill_number(bill_id),
        biller=settings.DIWAN.payments_biller,
        case_id=case_id,
        task_token=task_token,
        municipality_id=municipality_id,
        payer_ar=payer_ar[:200],
        payer_en=payer_en[:200],
        total=total,
        vat=vat,
        price_date=clock.today(),
        issued_at=clock.now(),
        expires_at=expires_at,
        try_at=clock.real_now(),
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                bill.save(force_insert=True)
        except IntegrityError as error:
            raise OpenBillExists from error
        BillLine.objects.bulk_create([_line(bill, place, line) for place, line in enumerate(lines, start=1)])
        emit(name=ISSUED, subject=f"bill:{bill.number}", data=event_data(bill))
        audit_row(
            by=by,
            action="payments.bill.issued",
            object_type="bill",
            object_id=bill.number,
            municipality_id=municipality_id,
            values={"case": case_id, "total": total, "vat": vat, "expires_at": expires_at},
        )
    return bill


def event_data(bill: Bill) -> dict[str, Any]:
    """What every event of a bill carries."""
    return {"bill": bill.number, "case": bill.case_id, "token": bill.task_token}


def _line(bill: Bill, place: int, line: NewLine) -> BillLine:
    return BillLine(
        bill=bill,
        position=place,
        code=line.code,
        text_ar=line.text_ar,
        text_en=line.text_en,
        amount=line.amount,
        vat_class=line.vat_class,
        vat=line.vat,
        why=dict(line.why),
    )


def _next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('payments_bill', 'id'))")
        (value,) = cursor.fetchone()
    return int(value)
