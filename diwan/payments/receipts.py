"""Receipts with gap-free numbers: `R`, municipality (3), year (2), serial (6), check digit."""

from django.db import connection

from diwan.kit import clock, numbers
from diwan.payments.models import Bill, PaymentNotice, Receipt

_NEXT = """
INSERT INTO payments_receiptseries (municipality_id, year, last) VALUES (%s, %s, 1)
ON CONFLICT (municipality_id, year) DO UPDATE SET last = payments_receiptseries.last + 1
RETURNING last
"""


def issue_receipt(*, bill: Bill, notice: PaymentNotice) -> Receipt:
    """Make the receipt of a bill. Call it last: the series is locked from here to the commit."""
    year = clock.local(clock.now()).year % 100
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [bill.municipality_id, year])
        (serial,) = cursor.fetchone()
    return Receipt.objects.create(
        number=receipt_number(municipality=bill.municipality.code, year=year, serial=serial),
        bill=bill,
        notice=notice,
        amount=notice.amount,
        issued_at=clock.now(),
    )


def receipt_number(*, municipality: str, year: int, serial: int) -> str:
    """The number of a receipt; it never looks like a document's, which has no letter."""
    body = f"{municipality}{year:02d}{serial:06d}"
    return f"R{body}{numbers.damm_digit(body)}"
