"""Everything that the file of a case holds, read at once; papers and documents stay in the store until they go."""

from collections.abc import Iterable
from dataclasses import dataclass

from diwan.audit.models import AccessRow
from diwan.audit.queries import reads_of
from diwan.cases.context import entry_number, form_context
from diwan.cases.queries import CasePage, case_page
from diwan.documents.models import IssuedDocument
from diwan.documents.queries import documents_of_case
from diwan.files.models import Upload
from diwan.forms.context import FormContext
from diwan.kit.numbers import case_number
from diwan.notify.models import Message
from diwan.payments.models import Bill
from diwan.payments.queries import bills_of
from diwan.people.actor import Actor
from diwan.people.models import Account, Position

MOST = 5_000
"""Reads and messages of one case that a file lists at most, the newest."""


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """One case with all that belongs to it; `folder` is its place in the archive."""

    page: CasePage
    folder: str
    context: FormContext
    uploads: list[Upload]
    documents: list[IssuedDocument]
    bills: list[Bill]
    messages: list[Message]
    reads: list[AccessRow]


def gather(case_id: int, by: Actor) -> CaseFolder:
    """The folder of a case that the actor may see. Raises CaseNotFound."""
    page = case_page(case_id, by)
    case = page.case
    uploads = list(
        Upload.objects.select_related("stored")
        .filter(owner=f"case:{case_id}")
        .order_by("slot", "created_at", "id")
    )
    documents = list(documents_of_case(case_id))
    return CaseFolder(
        page=page,
        folder=case_number(case_id),
        context=form_context(page.service, applicant=case.applicant, renews=entry_number(case.facts)),
        uploads=uploads,
        documents=documents,
        bills=list(bills_of(case_id).select_related("receipt")),
        messages=list(Message.objects.filter(case_id=case_id).order_by("-id")[:MOST]),
        reads=_reads(case_id, uploads, documents),
    )


def _reads(case_id: int, uploads: list[Upload], documents: list[IssuedDocument]) -> list[AccessRow]:
    found = [
        *reads_of("case", [str(case_id)])[:MOST],
        *reads_of("upload", [upload.pk for upload in uploads])[:MOST],
        *reads_of("document", [document.number for document in documents if document.number])[:MOST],
        *reads_of("listed", [str(case_id)])[:MOST],
    ]
    return sorted(found, key=lambda row: row.at)


def names_of(reads: Iterable[AccessRow], language: str) -> dict[str, str]:
    """What the labels of actors and capacities in the access log are called."""
    labels = {label for row in reads for label in (row.actor, row.capacity)}
    column = "name_en" if language == "en" else "name_ar"
    title = "title_en" if language == "en" else "title_ar"
    accounts = Account.objects.filter(pk__in=_ids(labels, "account:")).values_list("pk", column)
    posts = Position.objects.filter(pk__in=_ids(labels, "position:")).values_list("pk", title)
    return {
        **{f"account:{pk}": name for pk, name in accounts},
        **{f"position:{pk}": name for pk, name in posts},
    }


def _ids(labels: Iterable[str], prefix: str) -> list[int]:
    return [
        int(label.removeprefix(prefix))
        for label in labels
        if label.startswith(prefix) and label.removeprefix(prefix).isdecimal()
    ]
