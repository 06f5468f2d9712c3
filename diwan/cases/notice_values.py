"""What messages may say of a case beyond its number: the bill, the document, the reason, the day to answer by.

Short forms (numeric dates, plain amounts), since a short message has room for little; what is not known is left out.
"""

from datetime import datetime

from diwan.cases.models import Case, History, OpenTask
from diwan.catalogue.queries import shelf
from diwan.documents.queries import documents_of_case
from diwan.kit import clock, numbers
from diwan.kit.dates import numeric
from diwan.kit.money import Halalas, plain_amount
from diwan.payments.queries import latest_bill, receipt_of


def values_of(case: Case, language: str) -> dict[str, str]:
    """`amount`, `biller`, `bill`, `expires`, `receipt`, `document`, `document_number`, `due`, `reason` as known."""
    return {**_bill(case.pk), **_document(case.pk, language), **_return(case), **_reason(case, language)}


def _short(moment: datetime) -> str:
    here = clock.local(moment)
    return f"{numeric(here.date())} {here:%H:%M}"


def _bill(case_id: int) -> dict[str, str]:
    bill = latest_bill(case_id)
    if bill is None:
        return {}
    found = {
        "amount": plain_amount(Halalas(bill.total)),
        "biller": bill.biller,
        "bill": bill.number,
        "expires": _short(bill.expires_at),
    }
    receipt = receipt_of(case_id)
    return found if receipt is None else {**found, "receipt": receipt.number}


def _document(case_id: int, language: str) -> dict[str, str]:
    document = documents_of_case(case_id).exclude(number=None).first()
    if document is None or document.number is None:
        return {}
    title = document.title_en if language == "en" else document.title_ar
    return {"document": title, "document_number": numbers.show_document_number(document.number)}


def _return(case: Case) -> dict[str, str]:
    due = (
        OpenTask.objects.filter(case_id=case.pk, kind=OpenTask.Kind.APPLICANT, due_at__isnull=False)
        .values_list("due_at", flat=True)
        .first()
    )
    return {} if due is None else {"due": numeric(clock.local(due).date())}


def _reason(case: Case, language: str) -> dict[str, str]:
    """The first reason of the newest act that gave one."""
    codes = (
        History.objects.filter(case=case, public=True)
        .exclude(reasons=[])
        .order_by("-id")
        .values_list("reasons", flat=True)
        .first()
    )
    row = shelf(clock.today()).row("reasons", codes[0]) if codes else None
    if row is None:
        return {}
    return {"reason": row.name.en if language == "en" else row.name.ar}
