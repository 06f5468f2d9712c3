"""Licences and permits for the tests of the register."""

from datetime import timedelta
from typing import Any

from diwan.cases.actions.drafts import save_draft
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.models import Case, OpenTask
from diwan.catalogue.queries import compiled_service
from diwan.documents.models import IssuedDocument
from diwan.forms.entry import clean, read_json
from diwan.kit import clock
from diwan.people.actor import Actor, system
from diwan.registers.actions import Ground
from diwan.registers.changing import made_row
from diwan.registers.models import RegisterEntry
from diwan.web.apply.starting import begin_about
from tests import cast
from tests.cases import walking

GROUND = Ground(reasons=("RSN-23",), article="ART-05", note="لم تصحح ملاحظات الزيارة.")


def licence(owner: Actor | None = None) -> RegisterEntry:
    """An instant licence of a grocery in the register."""
    case = walking.instant(
        owner or cast.owner(), lease_number="10203040506" if owner is None else "10203040599"
    )
    return RegisterEntry.objects.get(case=walking.issued(cast.run_machine(case)))


def permit(
    parent: RegisterEntry, number: str = "101990000017", case: Case | None = None, **own: Any
) -> RegisterEntry:
    """A permit that hangs on an entry, without a document of its own."""
    now = clock.now()
    made = RegisterEntry.objects.create(
        kind="night_permit", number=number, municipality_id=parent.municipality_id, district_id=parent.district_id,
        holder_id=parent.holder_id, establishment_id=parent.establishment_id, case=case or parent.case, parent=parent,
        data={"answers": {}, "applicant": parent.data["applicant"]}, valid_from=clock.today(),
        valid_to=clock.today() + timedelta(days=100), created_at=now, changed_at=now, **own,
    )  # fmt: skip
    made_row(made, case_id=parent.case_id, at=now, by=system("issue"))
    return made


def status(entry: RegisterEntry) -> str:
    """The status as the database has it."""
    return RegisterEntry.objects.values_list("status", flat=True).get(pk=entry.pk)


def file_about(entry: RegisterEntry, slug: str, by: Actor | None = None, **given: Any) -> Case:
    """A submitted application of a service about an entry; declarations are accepted."""
    by = by or cast.owner()
    service = compiled_service(slug, clock.today())
    assert service is not None
    draft = begin_about(service=service, entry=entry, by=by)
    context = form_context(service, applicant=snapshot_of_draft(draft), renews=entry.number)
    declared = {field.key: True for field in service.form.fields() if field.kind == "declaration"}
    read = read_json(service.form, {**declared, **given}, context)
    assert not read.problems, read.problems
    values = clean(service.form, {**draft.data, **read.values}, context)
    save_draft(draft_id=draft.pk, values=values, typed={}, page="", by=by)
    return Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=by).case_id)


def sealed(case: Case) -> IssuedDocument:
    """The document that the case waits for, numbered and completed; the seal itself is tried with the documents."""
    task = OpenTask.objects.get(case=case, kind=OpenTask.Kind.DOCUMENT)
    number = number_document(case_id=case.pk, token=task.token)
    assert number is not None
    complete_document(case_id=case.pk, token=task.token, document_id=number)
    return IssuedDocument.objects.get(pk=number)


def night_permit(entry: RegisterEntry, by: Actor | None = None) -> RegisterEntry:
    """A permit to open 24 hours under a licence, by its own service."""
    case = cast.run_machine(file_about(entry, "night-permit", by, **NIGHT))
    sealed(walking.paid(case))
    return RegisterEntry.objects.get(case=case)


NIGHT: dict[str, Any] = {"supervisor_name": "سعيد أحمد", "supervisor_mobile": "0501234567"}
CLOSING: dict[str, Any] = {"reason": "closure", "stopped_on": "2026-11-01"}
