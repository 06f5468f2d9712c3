"""Whether a restored copy is an installation that works: what a restore drill asks of it. Never run on the real one."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from django.db import transaction

from diwan.audit.actions import seal_committed
from diwan.audit.verify import verify
from diwan.cases.actions.cancel import CANCEL, cancel
from diwan.cases.errors import NotAllowed, WrongMoment
from diwan.cases.models import Case
from diwan.cases.services import service_of
from diwan.documents.models import IssuedDocument
from diwan.documents.queries import file_of
from diwan.documents.verify import Finding, verify_own
from diwan.files.models import StoredFile
from diwan.files.queries import read_content
from diwan.kit.numbers import case_number
from diwan.people.actor import Actor

#: So many of the newest documents are verified as a stranger would.
VERIFIED: Final = 20
TRIED: Final = 50


class DrillFailed(Exception):
    """The copy does not hold; the message says what."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was looked at: sealed audit rows, stored files compared with their digests, documents, the case moved."""

    audit_rows: int
    files: int
    documents: int
    case: str


def check_copy() -> Outcome:
    """Look at everything once. Raises DrillFailed at the first thing that does not hold."""
    return Outcome(audit_rows=_audit(), files=_files(), documents=_documents(), case=_case_goes_on())


def as_dict(outcome: Outcome) -> dict[str, object]:
    """The outcome as plain data."""
    return asdict(outcome)


def _audit() -> int:
    seal_committed()
    report = verify()
    if not report.sound:
        raise DrillFailed(f"audit: {report.faults[0].text}")
    return report.rows


def _files() -> int:
    """Every stored content that something refers to is there, byte for byte."""
    count = 0
    for stored in StoredFile.objects.filter(references__gt=0).order_by("pk").iterator(chunk_size=500):
        try:
            content = read_content(stored.classification, stored.sha256)
        except OSError as error:
            raise DrillFailed(f"files: {stored.sha256[:12]} is missing") from error
        if sha256(content).hexdigest() != stored.sha256:
            raise DrillFailed(f"files: {stored.sha256[:12]} has changed")
        count += 1
    return count


def _documents() -> int:
    """The newest issued documents are there and are found whole and ours; age alone may have ended them."""
    issued = IssuedDocument.objects.filter(state=IssuedDocument.State.ISSUED).select_related("file")
    count = 0
    for document in issued.order_by("-issued_at")[:VERIFIED]:
        found = file_of(document)
        if found is None:
            raise DrillFailed(f"documents: {document.number} has no file")
        verdict = verify_own(found.content)
        if verdict.finding is not Finding.VALID or not verdict.same_as_issued:
            raise DrillFailed(f"documents: {document.number} is {verdict.finding}")
        count += 1
    return count


def _case_goes_on() -> str:
    """Move one open case through its workflow: cancelled, as the role of its service may. The copy is thrown away."""
    for case in Case.objects.filter(closed_at__isnull=True).order_by("-pk")[:TRIED]:
        service = service_of(case.version_id)
        rule, reasons = service.flow.cancel, service.reason_codes("cancel")
        if rule is None or not reasons:
            continue
        by = Actor(
            account_id=None, capacity="system:drill", permissions=frozenset({CANCEL}), roles=frozenset({rule.role}),
            municipality_ids=None,
        )  # fmt: skip
        try:
            with transaction.atomic():
                moved = cancel(case_id=case.pk, reasons=sorted(reasons)[:1], by=by, note="drill")
        except (WrongMoment, NotAllowed):
            continue
        if moved.closed_at is None:
            raise DrillFailed(f"case {case_number(case.pk)} did not move")
        return case_number(case.pk)
    return ""
