"""Documents that came out of a client's cases: the list of a case, and the sealed file for whoever opened it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.http import HttpResponse
from pydantic import Field

from diwan.api.resources.common import DOCUMENTS, NUMBER, case_id_of
from diwan.audit.actions import AccessNote, log_access
from diwan.cases.errors import CaseNotFound
from diwan.cases.queries import case_for
from diwan.documents.models import IssuedDocument
from diwan.documents.queries import by_number, documents_of_case, file_of, standing
from diwan.files.serving import disposition
from diwan.kit.errors import N_
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import CASES_READ, PDF, Answer, Operation, Parameter, answers
from diwan.rest.refusals import Refused
from diwan.rest.shapes import Both, Told, with_example

DOCUMENT: Final = Parameter(
    "number",
    "Number of a document, twelve digits",
    {"type": "string", "pattern": r"^[0-9]{12}$"},
    "101260000176",
)


class DocumentTold(Told):
    """A document of a case."""

    number: str
    title: Both
    standing: str = Field(
        description="valid, not_yet_valid, expired, revoked, void or pending (waits for its seal)"
    )
    valid_from: date
    valid_to: date | None
    issued_at: datetime | None
    file: str | None = Field(description="Address of the sealed PDF; null while it waits for its seal")


class DocumentList(Told):
    """The documents of one case, the newest first; all of them."""

    model_config = with_example(
        {
            "items": [
                {
                    "number": "101260000176", "title": {"ar": "رخصة نشاط تجاري", "en": "Shop licence"},
                    "standing": "valid", "valid_from": "2026-11-29", "valid_to": "2027-11-28",
                    "issued_at": "2026-11-29T07:10:00Z", "file": "/api/v1/documents/101260000176/file",
                }
            ]
        }
    )  # fmt: skip
    items: list[DocumentTold]


@answers(
    Operation(
        method="GET", path="cases/{number}/documents", key="list_documents", tag=DOCUMENTS, scope=CASES_READ,
        parameters=(NUMBER,), title=N_("List the documents of a case"),
        about=N_("What the case has brought about: licences with their standing of today."),
        answers=(Answer(200, "The documents", DocumentList, headers=("ETag",)),), errors={CaseNotFound: 404},
    )
)  # fmt: skip
def list_documents(call: Call, number: str) -> Reply:
    """Documents of one case of the client."""
    case = case_for(case_id_of(number), call.by)
    log_access(by=call.by, notes=[AccessNote("case", str(case.pk), "api.documents")])
    found = documents_of_case(case.pk).exclude(number=None)
    return Reply(body=DocumentList(items=[_told(one) for one in found]))


@answers(
    Operation(
        method="GET", path="documents/{number}/file", key="download_document", tag=DOCUMENTS, scope=CASES_READ,
        parameters=(DOCUMENT,), title=N_("Download a document"),
        about=N_("The signed and sealed PDF, for the client that opened its case. The download is noted."),
        answers=(Answer(200, "The sealed PDF", kind=PDF, headers=("ETag",)),), errors={CaseNotFound: 404},
        refuses={404: "No such document among those of your cases, or it waits for its seal"},
    )
)  # fmt: skip
def download_document(call: Call, number: str) -> Reply:
    """The sealed file of one document."""
    document = by_number(number)
    if document is None:
        raise _none()
    try:
        case_for(document.case_id, call.by)
    except CaseNotFound as error:
        raise _none() from error
    file = file_of(document)
    if file is None:
        raise _none()
    log_access(by=call.by, notes=[AccessNote("document", str(document.pk), "api.download")])
    response = HttpResponse(file.content, content_type=PDF)
    response["Content-Disposition"] = disposition(file.name, download=True)
    response["ETag"] = f'"{file.sha256[:32]}"'
    return Reply(body=response)


def _told(document: IssuedDocument) -> DocumentTold:
    sealed = document.file_id is not None
    return DocumentTold(
        number=document.number or "", title=Both(ar=document.title_ar, en=document.title_en),
        standing=standing(document), valid_from=document.valid_from, valid_to=document.valid_to,
        issued_at=document.issued_at, file=f"/api/v1/documents/{document.number}/file" if sealed else None,
    )  # fmt: skip


def _none() -> Refused:
    return Refused(404, "documents.not_found", N_("There is no such document among those of your cases."))
