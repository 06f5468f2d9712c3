"""The bill of a case: lines by the service's fees on the day of invoice, presented and paid in `payments`."""

from datetime import datetime, timedelta

from diwan.cases.context import entry_number, form_context
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.payments.actions import NewLine, issue_bill, void_bill
from diwan.payments.models import Bill
from diwan.people.actor import Actor, system
from diwan.people.models import Municipality


def request(case: Case, service: CompiledService, *, token: int, at: datetime) -> Bill:
    """Make the bill that a payment step waits for. The price is that of today; the billed price then stands."""
    context = form_context(service, applicant=case.applicant, renews=entry_number(case.facts))
    city_class = Municipality.objects.values_list("city_class", flat=True).get(pk=case.municipality_id)
    lines, _ = service.fee(case.data, case.facts.get("derived", {}), context, city_class=city_class)
    return issue_bill(
        case_id=case.pk,
        task_token=token,
        municipality_id=case.municipality_id,
        payer_ar=case.applicant.get("establishment_ar") or case.applicant.get("name_ar", ""),
        payer_en=case.applicant.get("establishment_en") or case.applicant.get("name_en", ""),
        lines=[
            NewLine(
                code=line.code,
                text_ar=line.name.ar,
                text_en=line.name.en,
                amount=line.amount,
                vat_class=line.line.vat,
                vat=line.vat,
                why={**line.why, "version": service.version_id},
            )
            for line in lines
        ],
        expires_at=at + timedelta(days=service.definition.bill_days),
        by=system("billing"),
    )


def withdraw(case: Case, *, by: Actor) -> None:
    """Void the open bill of a case, if there is one."""
    bill = Bill.objects.filter(case_id=case.pk, state=Bill.State.OPEN).first()
    if bill is not None:
        void_bill(bill_id=bill.pk, by=by)


def is_paid(case: Case) -> bool:
    """Whether a bill of the case was paid."""
    return Bill.objects.filter(case_id=case.pk, state=Bill.State.PAID).exists()
