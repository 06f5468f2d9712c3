"""Ways for the tests of the engine to bring a case to where they begin: what the worker and the bank would do."""

from datetime import timedelta
from typing import Any

from diwan.cases.actions.drafts import save_draft, start_draft
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.receive_payment import receive_payment
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.models import Case, OpenTask
from diwan.cases.services import service_of
from diwan.catalogue.queries import compiled_service
from diwan.files.actions import receive_upload
from diwan.files.rules import SlotRules
from diwan.forms.entry import clean, read_json, visible_slots
from diwan.kit import clock
from diwan.payments.models import Bill
from diwan.people.actor import Actor, system
from diwan.registers.models import RegisterEntry
from tests import cast

GROCERY = {
    "activities": ["471101"],
    "area_m2": "40",
    "trade_name_ar": "بقالة الاختبار",
    "trade_name_en": "Test Grocery",
}
RENEWAL = "shop-licence-renewal"


def instant(owner: Actor, **changed: Any) -> Case:
    """A submitted application for the instant licence of a grocery."""
    return cast.submit(owner, cast.INSTANT, **{**GROCERY, **changed})


def billed(owner: Actor) -> Case:
    """The same with its bill: every check was clear."""
    return cast.run_machine(instant(owner))


def bill_of(case: Case) -> Bill:
    """The case's latest bill."""
    bill = Bill.objects.filter(case_id=case.pk).order_by("-id").first()
    assert bill is not None
    return bill


def paid(case: Case) -> Case:
    """The notice of the payment has come."""
    bill = bill_of(case)
    return receive_payment(
        case_id=case.pk, token=bill.task_token, bill_number=bill.number, by=system("payment notice")
    )


def issued(case: Case) -> Case:
    """Paid, numbered and completed; the seal itself is tried with the documents."""
    case = paid(case)
    task = OpenTask.objects.get(case=case, kind=OpenTask.Kind.DOCUMENT)
    document = number_document(case_id=case.pk, token=task.token)
    assert document is not None
    complete_document(case_id=case.pk, token=task.token, document_id=document)
    return Case.objects.get(pk=case.pk)


def licensed(owner: Actor) -> RegisterEntry:
    """An instant licence in the register, of one year."""
    return RegisterEntry.objects.get(case=issued(billed(owner)))


def renew(entry: RegisterEntry, owner: Actor, **changed: Any) -> Case:
    """A submitted renewal with nothing changed but what is given; declarations are accepted anew."""
    service = compiled_service(RENEWAL, clock.today())
    assert service is not None
    draft = start_draft(version_id=service.version_id, days=30, by=owner, renews=entry.number)
    context = form_context(service, applicant=snapshot_of_draft(draft), renews=entry.number)
    declared = {field.key: True for field in service.form.fields() if field.kind == "declaration"}
    given = {
        **dict(context.entry),
        **declared,
        "nothing_changed": True,
        "years": "1",
        "wants_card": False,
        **changed,
    }
    known = {field.key for field in service.form.fields()}
    read = read_json(service.form, {key: value for key, value in given.items() if key in known}, context)
    assert not read.problems, read.problems
    save_draft(
        draft_id=draft.pk, values=clean(service.form, read.values, context), typed={}, page="", by=owner
    )
    for slot in visible_slots(service.form, read.values, context):
        if slot.required:
            receive_upload(
                stream=cast.picture(), filename="p.jpg", slot=slot.key, rules=SlotRules(kinds=slot.kinds),
                owner=f"draft:{draft.pk}", by=owner,
            )  # fmt: skip
    return Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=owner).case_id)


def steps_of(case: Case) -> set[str]:
    """Where the case waits."""
    return set(OpenTask.objects.filter(case=case).values_list("step", flat=True))


def met(case: Case, step: str, *but: str) -> dict[str, str]:
    """Every item of a visit's checklist met, but those named."""
    service = service_of(case.version_id)
    code = service.flow.steps[step].checklist
    assert code is not None
    return {item.code: "not_met" if item.code in but else "met" for item in service.checklist(code)}


DAY = timedelta(days=1)
