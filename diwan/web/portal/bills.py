"""Paying: how a bill stands for the person who pays it, its lines with reasons, and its print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from diwan.cases import secrets
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.documents.contents import DEMO_MARK, HEAD_OFFICE, both_calendars
from diwan.documents.render import render
from diwan.kit import clock, numbers
from diwan.kit.errors import N_
from diwan.kit.money import Halalas, plain_amount
from diwan.kit.tafqit import tafqit
from diwan.payments.models import Bill, BillLine
from diwan.payments.queries import Standing
from diwan.people.models import Municipality

if TYPE_CHECKING:
    from diwan.web.portal.casefile import CaseFile

HOW_TO_PAY = {
    "ar": "عبر سداد من تطبيق البنك أو الصراف: المدفوعات، سداد الفواتير، ثم رمز المفوتر ورقم الفاتورة.",
    "en": "Through SADAD in a bank's application or cash machine: bill payments, then biller code and bill number.",
}


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A bill as its payer reads it."""

    standing: str
    biller: str
    number: str
    shown_number: str
    total: int
    vat: int
    lines: tuple[dict[str, Any], ...]
    expires_at: datetime
    paid_at: datetime | None
    receipt: str
    title: str
    text: str

    @property
    def is_open(self) -> bool:
        """Whether it can be paid now."""
        return self.standing in (Standing.PAYABLE, Standing.PREPARING, Standing.GATEWAY_DOWN)


def payment_view(found: CaseFile, language: str) -> PaymentView | None:
    """The bill of a request with its standing in words; None without one."""
    bill = found.bill
    if bill is None or found.standing is None:
        return None
    title, text = standing_words(found.standing)
    return PaymentView(
        standing=str(found.standing),
        biller=bill.biller,
        number=bill.number,
        shown_number=numbers.show_bill_number(bill.number),
        total=bill.total,
        vat=bill.vat,
        lines=tuple(_line(line, language) for line in bill.lines.all()),
        expires_at=bill.expires_at,
        paid_at=bill.paid_at,
        receipt=found.receipt.number if found.receipt is not None else "",
        title=title,
        text=text,
    )


_STANDINGS: Final = {
    Standing.PREPARING: (
        N_("Pay the bill"),
        N_("The bill is being sent to the payment system; it can be paid in a minute."),
    ),
    Standing.GATEWAY_DOWN: (
        N_("The payment system does not answer now"),
        N_("The bill and its number stand. It can be paid as soon as the payment system answers again."),
    ),
    Standing.PAYABLE: (N_("Pay the bill"), ""),
    Standing.ENDING: (
        N_("The time to pay is over"),
        N_("Do not pay now. A payment made in time may still reach us; the page then shows it."),
    ),
    Standing.PAID: (N_("The bill is paid"), ""),
    Standing.EXPIRED: (
        N_("The time to pay is over"),
        N_("Do not pay this bill. A new request can be filed with the same answers."),
    ),
    Standing.VOID: (N_("The bill is void"), N_("Do not pay this bill.")),
    Standing.UNDER_REVIEW: (
        N_("A payment is being examined"),
        N_(
            "A payment differs in amount or time. The finance department decides and tells you; do not pay again."
        ),
    ),
}


def standing_words(standing: Standing) -> tuple[str, str]:
    """Title and sentence for how a bill stands: what it is, then what to do."""
    title, text = _STANDINGS[standing]
    return _(title), _(text) if text else ""


def bill_pdf(case: Case, service: CompiledService, bill: Bill) -> bytes:
    """The bill on A4, every line with its reason."""
    return render(template="bill", data=bill_data(case, service, bill), created=bill.issued_at).pdf


def bill_data(case: Case, service: CompiledService, bill: Bill) -> dict[str, Any]:
    """What the bill prints; see the head of the template."""
    head_office = Municipality.objects.get(code=HEAD_OFFICE)
    expires = clock.local(bill.expires_at)
    link = secrets.link_of(case.pk, case.secret_generation)
    paid = bill.state == Bill.State.PAID
    return {
        "title": {"ar": "فاتورة مسددة", "en": "Paid bill"} if paid else {"ar": "فاتورة سداد", "en": "Bill"},
        "organisation": {"ar": head_office.name_ar, "en": head_office.name_en},
        "municipality": {"ar": bill.municipality.name_ar, "en": bill.municipality.name_en},
        "service": {"ar": service.name("ar"), "en": service.name("en")},
        "payer": {"ar": bill.payer_ar, "en": bill.payer_en or bill.payer_ar},
        "case_number": numbers.case_number(case.pk),
        "biller": bill.biller,
        "bill_number": bill.number,
        "barcode": bill.number,
        "expires": both_calendars(expires.date()) | {"time": f"{expires:%H:%M}"},
        "lines": list(_printed(bill.lines.all())),
        "total": plain_amount(Halalas(bill.total)),
        "total_words": tafqit(Halalas(bill.total)),
        "how_to_pay": HOW_TO_PAY,
        "verify_url": f"{settings.DIWAN.public_url}/t/{numbers.case_number(case.pk)}/{link}",
        "watermark": DEMO_MARK if settings.DIWAN.mark_demo_data else [],
    }


def _line(line: BillLine, language: str) -> dict[str, Any]:
    why = line.why.get("text") or {}
    return {
        "name": line.text_en if language == "en" else line.text_ar,
        "why": str(why.get(language, "")),
        "amount": line.amount,
    }


def _printed(lines: Iterable[BillLine]) -> Iterable[dict[str, Any]]:
    vat = 0
    for line in lines:
        why = line.why.get("text") or {}
        vat += line.vat
        yield {
            "name": {"ar": line.text_ar, "en": line.text_en},
            "why": {"ar": str(why.get("ar", "")), "en": str(why.get("en", ""))},
            "amount": plain_amount(Halalas(line.amount)),
        }
    if vat:
        yield {
            "name": {"ar": "ضريبة القيمة المضافة", "en": "Value added tax"},
            "why": {"ar": "", "en": ""},
            "amount": plain_amount(Halalas(vat)),
        }
