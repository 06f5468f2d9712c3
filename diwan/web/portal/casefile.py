"""What the owner of a request reads on its page, gathered in few statements (at most 12 a page with the session's)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import prefetch_related_objects

from diwan.cases.accounting import account_of
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case, CheckResult, DoneTask, FieldRemark, History, OpenTask
from diwan.cases.services import service_of
from diwan.cases.visibility import can_see
from diwan.catalogue.compiled import CompiledService
from diwan.documents.models import IssuedDocument
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.kit.accounts import Account
from diwan.payments.models import Bill, Receipt
from diwan.payments.queries import Standing, standing
from diwan.people.actor import Actor

PAYING = ("invoiced", "paid", "issued", "expired")
SEALED = ("paid", "issued")


@dataclass
class CaseFile:
    """One request with all that its owner is shown."""

    case: Case
    service: CompiledService
    tasks: Sequence[OpenTask]
    history: Sequence[History]
    remarks: Sequence[FieldRemark] = ()
    failed: Sequence[CheckResult] = ()
    papers: Sequence[Upload] = ()
    bill: Bill | None = None
    standing: Standing | None = None
    receipt: Receipt | None = None
    documents: Sequence[IssuedDocument] = field(default_factory=list)

    @property
    def asked(self) -> OpenTask | None:
        """The task that waits for the applicant."""
        return self._waiting(OpenTask.Kind.APPLICANT)

    @property
    def payment(self) -> OpenTask | None:
        """The task that waits for the payment."""
        return self._waiting(OpenTask.Kind.PAYMENT)

    @property
    def is_moving(self) -> bool:
        """Whether a machine is at work, so that the page will change by itself within seconds."""
        machine = (OpenTask.Kind.AUTOMATIC, OpenTask.Kind.DOCUMENT, OpenTask.Kind.PAYMENT)
        return any(task.kind in machine for task in self.tasks)

    @property
    def public_history(self) -> list[History]:
        """Acts that the applicant is shown, newest first."""
        return [row for row in self.history if row.public]

    @property
    def since(self) -> datetime:
        """When whoever has it now got it."""
        since = self.case.opened_at
        for row in self.history:
            if row.holder != self.case.holder:
                break
            since = row.at
        return since

    @property
    def document(self) -> IssuedDocument | None:
        """The newest sealed document."""
        sealed = [one for one in self.documents if one.state == IssuedDocument.State.ISSUED]
        return sealed[0] if sealed else None

    def days(self) -> Account:
        """Working days spent by each holder; as written down once the case has ended."""
        return account_of(self.case, self.history, self._asked())

    def _asked(self) -> tuple[Sequence[OpenTask], Iterable[DoneTask]]:
        """Open tasks, and the finished ones of outside bodies (read when they are needed)."""
        return self.tasks, DoneTask.objects.filter(case_id=self.case.pk, entity_id__isnull=False)

    def _waiting(self, kind: str) -> OpenTask | None:
        return next((task for task in self.tasks if task.kind == kind), None)


def case_file(case_id: int, by: Actor) -> CaseFile:
    """The request, if the actor may see it. CaseNotFound otherwise. Five statements, and up to five by its state."""
    case = Case.objects.select_related("municipality", "district", "establishment").filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound
    tasks = list(OpenTask.objects.filter(case_id=case_id).select_related("entity").order_by("id"))
    if not can_see(by, case, tasks):
        raise CaseNotFound
    history = list(History.objects.filter(case_id=case_id).order_by("-id"))
    found = CaseFile(case, service_of(case.version_id), tasks, history, papers=uploads_of(f"case:{case_id}"))
    if found.asked is not None:
        found.remarks = list(FieldRemark.objects.filter(case_id=case_id, round=case.round).order_by("id"))
        failed = CheckResult.objects.filter(case_id=case_id, round=case.round, state=CheckResult.State.FAILED)
        found.failed = list(failed.order_by("code"))
    if case.state in PAYING:
        _add_payment(found)
    if case.state in SEALED:
        sealed = IssuedDocument.objects.filter(case_id=case_id).select_related("file")
        found.documents = list(sealed.order_by("-created_at"))
    return found


def _add_payment(found: CaseFile) -> None:
    """The newest bill with its receipt; its lines only while they matter."""
    bill = (
        Bill.objects.filter(case_id=found.case.pk)
        .select_related("receipt", "municipality")
        .order_by("-pk")
        .first()
    )
    if bill is None:
        return
    found.bill = bill
    found.receipt = getattr(bill, "receipt", None)
    prefetch_related_objects([bill], "lines")
    found.standing = standing(bill)
