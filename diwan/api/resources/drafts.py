"""Drafts of a partner: an application filled in step by step, told what is still wrong, and sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.utils.translation import override
from pydantic import Field

from diwan.api.door import tag_of
from diwan.api.problems import language_of, said
from diwan.api.resources.common import DRAFT, DRAFTS, offered
from diwan.api.resources.prices import Fee, fee_of
from diwan.api.resources.submit import Applicant, Opened, applicant_of
from diwan.api.resources.uploads import MOST_BYTES, UploadTold, receive, slot_of, told
from diwan.audit.actions import AccessNote, log_access
from diwan.cases.actions.drafts import (
    DraftChanged,
    DraftNotFound,
    discard_draft,
    own_draft,
    save_draft,
    start_draft,
)
from diwan.cases.actions.submit_draft import by_slot, submit_draft
from diwan.cases.checks import Blocked
from diwan.cases.context import form_context
from diwan.cases.errors import DraftMoved, NotCovered
from diwan.cases.models import Draft
from diwan.cases.places import NotOfferedThere, OutsideTheCity
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.files.actions import CannotDiscard, UploadMissing, discard_upload
from diwan.files.errors import CheckUnavailable, NoSuchFile, UploadRefused
from diwan.files.queries import uploads_by_id, uploads_of
from diwan.forms.context import FormContext
from diwan.forms.entry import examine, read_json
from diwan.kit.errors import N_, FieldErrors
from diwan.kit.numbers import case_number, show_case_number
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import (
    CASES_READ,
    CASES_WRITE,
    FORM,
    JSON,
    MERGE,
    Answer,
    Body,
    Operation,
    Parameter,
    answers,
)
from diwan.rest.shapes import FieldProblem, Given, Told, with_example

_ID: Final = "Zk3vW0h7m1Qe9xYtB2pRsA"
_APPLICANT: Final = {
    "national_id": "2123456788", "name_ar": "مريم حسن عثمان بخيت", "mobile": "+966500000001", "capacity": "owner",
}  # fmt: skip
UPLOAD: Final = Parameter(
    "upload", "Id of a paper", {"type": "string", "pattern": r"^[A-Za-z0-9_-]{16,24}$"}, _ID
)


class DraftGiven(Given):
    """A draft to start."""

    model_config = with_example(
        {
            "service": "shop-licence-instant", "applicant": _APPLICANT,
            "answers": {"trade_name_ar": "مشغل الشريك"}, "language": "ar",
        },
        given=True,
    )  # fmt: skip
    service: str = Field(max_length=80, description="Short name of the service")
    applicant: Applicant
    answers: dict[str, Any] = Field(default_factory=dict, max_length=200)
    language: str = Field(default="ar", pattern="^(ar|en)$", description="Of the messages to the applicant")


class DraftPatch(Given):
    """What changes (JSON Merge Patch, RFC 7396): an answer of null is taken back, others stay."""

    model_config = with_example({"answers": {"area_m2": "40", "floor": None}}, given=True)
    answers: dict[str, Any] = Field(max_length=200)


class DraftTold(Told):
    """A draft as it stands."""

    model_config = with_example(
        {
            "id": _ID, "service": "shop-licence-instant", "revision": 2, "answers": {"trade_name_ar": "مشغل الشريك"},
            "documents": [], "complete": False,
            "problems": {"area_m2": [{"code": "forms.missing", "text": "Enter a number."}]},
            "fee": {
                "known": False, "total": None, "vat": None, "currency": "SAR", "lines": [], "missing": ["area_m2"],
            },
            "expires_at": "2026-12-29T07:00:00Z", "case": None,
        }
    )  # fmt: skip
    id: str
    service: str
    revision: int
    answers: dict[str, Any] = Field(description="Answers that hold, by key of the question")
    documents: list[UploadTold]
    complete: bool = Field(description="Whether it can be sent as it stands")
    problems: dict[str, list[FieldProblem]] = Field(
        description="What is missing or wrong, by question and slot"
    )
    fee: Fee
    expires_at: datetime
    case: str | None = Field(description="Number of the case that it became")


@answers(
    Operation(
        method="POST", path="drafts", key="start_draft", tag=DRAFTS, scope=CASES_WRITE, body=Body(DraftGiven),
        title=N_("Start a draft"),
        about=N_("Answers that cannot be read are refused; what is missing is told in `problems`."),
        answers=(Answer(201, "The draft", DraftTold, headers=("ETag", "Location")),), writes=True,
    )
)  # fmt: skip
def start(call: Call) -> Reply:
    """A new draft of the client."""
    service = offered(call.token, call.body.service)
    applicant = applicant_of(call.body.applicant.model_dump(exclude_none=True))
    values = _read(service, call.body.answers, form_context(service, applicant=applicant))
    made = start_draft(
        version_id=service.version_id,
        days=service.definition.draft_days,
        by=replace(call.by, language=call.body.language),
        channel="api",
        values=values,
        visitor=applicant,
    )
    return _shown(call, made, status=201, headers={"Location": f"/api/v1/drafts/{made.pk}"})


@answers(
    Operation(
        method="GET", path="drafts/{id}", key="read_draft", tag=DRAFTS, scope=CASES_READ, parameters=(DRAFT,),
        title=N_("Read a draft"),
        about=N_("The answers, what is still missing or wrong, and what it would cost as it stands."),
        answers=(Answer(200, "The draft", DraftTold, headers=("ETag",)),), errors={DraftNotFound: 404},
    )
)  # fmt: skip
def read(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """A draft of the client; the reading is noted."""
    draft = own_draft(id, call.by)
    log_access(by=call.by, notes=[AccessNote("draft", draft.pk, "api.draft")])
    return _shown(call, draft)


@answers(
    Operation(
        method="PATCH", path="drafts/{id}", key="change_draft", tag=DRAFTS, scope=CASES_WRITE, parameters=(DRAFT,),
        body=Body(DraftPatch, kinds=(MERGE, JSON)), title=N_("Change a draft"),
        about=N_("Merges answers into the draft. If-Match names what you read, so that nothing is overwritten unseen."),
        answers=(Answer(200, "The draft", DraftTold, headers=("ETag",)),),
        errors={DraftNotFound: 404, DraftChanged: 412}, writes=True, conditional=True,
    )
)  # fmt: skip
def change(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Merge answers into a draft that is still as it was read."""
    draft = own_draft(id, call.by, lock=True)
    call.require_match(str(draft.revision))
    service = _still_offered(call, draft)
    given = {key: value for key, value in call.body.answers.items() if value is not None}
    fresh = _read(service, given, form_context(service, applicant=draft.visitor))
    values = {key: value for key, value in draft.data.items() if key not in call.body.answers}
    saved = save_draft(
        draft_id=draft.pk, values={**values, **{key: fresh[key] for key in fresh if key in given or key not in values}},
        typed={}, page="", by=call.by, revision=draft.revision,
    )  # fmt: skip
    return _shown(call, saved)


@answers(
    Operation(
        method="DELETE", path="drafts/{id}", key="discard_draft", tag=DRAFTS, scope=CASES_WRITE, parameters=(DRAFT,),
        title=N_("Throw a draft away"), about=N_("The draft and its papers go. A case that it became stays."),
        answers=(Answer(204, "The draft is gone"),), errors={DraftNotFound: 404}, writes=True, conditional=True,
    )
)  # fmt: skip
def discard(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Throw away a draft that is still as it was read."""
    draft = own_draft(id, call.by, lock=True)
    call.require_match(str(draft.revision))
    if draft.case_id is not None:
        raise DraftNotFound
    discard_draft(draft_id=draft.pk, by=call.by)
    return Reply(status=204)


class SlotGiven(Given):
    """The field beside the file."""

    model_config = with_example({"slot": "facade"}, given=True)
    slot: str = Field(max_length=60, description="Slot of the service's form")


@answers(
    Operation(
        method="POST", path="drafts/{id}/documents", key="attach_document", tag=DRAFTS, scope=CASES_WRITE,
        parameters=(DRAFT,), body=Body(SlotGiven, kinds=(FORM,), files=("file",), most=MOST_BYTES),
        title=N_("Attach a paper to a draft"), about=N_("The paper goes with the application when it is sent."),
        answers=(Answer(201, "The paper was received", UploadTold),),
        errors={DraftNotFound: 404, NoSuchFile: 404, UploadRefused: 422, CheckUnavailable: 503},
        refuses={503: "Files cannot be examined just now"}, writes=True,
    )
)  # fmt: skip
def attach(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Receive one paper of a draft."""
    draft = own_draft(id, call.by)
    service = _still_offered(call, draft)
    made = receive(call, slot_of(service.form.slot(call.body.slot)), f"draft:{draft.pk}")
    return Reply(body=made, status=201)


@answers(
    Operation(
        method="DELETE", path="drafts/{id}/documents/{upload}", key="detach_document", tag=DRAFTS,
        scope=CASES_WRITE, parameters=(DRAFT, UPLOAD), title=N_("Take a paper out of a draft"),
        about=N_("The paper no longer goes with the application."), answers=(Answer(204, "The paper is gone"),),
        errors={DraftNotFound: 404, NoSuchFile: 404, CannotDiscard: 409}, writes=True,
    )
)  # fmt: skip
def detach(call: Call, id: str, upload: str) -> Reply:  # noqa: A002  the name in the address
    """Take one paper of a draft away."""
    draft = own_draft(id, call.by)
    if upload not in uploads_by_id([upload], owner=f"draft:{draft.pk}"):
        raise NoSuchFile
    discard_upload(upload_id=upload, by=call.by)
    return Reply(status=204)


@answers(
    Operation(
        method="POST", path="drafts/{id}/send", key="send_draft", tag=DRAFTS, scope=CASES_WRITE, parameters=(DRAFT,),
        title=N_("Send a draft"),
        about=N_("Opens the case. What is missing or wrong is refused by question; sent again, it answers the same."),
        answers=(Answer(201, "The case was opened", Opened, headers=("Location",)),
                 Answer(200, "The draft had become this case before", Opened, headers=("Location",))),
        errors={
            DraftNotFound: 404, NotOfferedThere: 409, OutsideTheCity: 422, NotCovered: 403, UploadMissing: 422,
            DraftMoved: 409, Blocked: 409,
        }, writes=True, repeats=True,
    )
)  # fmt: skip
def send(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Open the case of a draft."""
    opened = submit_draft(draft_id=id, by=call.by)
    body = Opened(number=opened.number, shown=show_case_number(opened.case_id), secret=opened.secret)
    return Reply(
        body=body,
        status=201 if opened.fresh else 200,
        headers={"Location": f"/api/v1/cases/{opened.number}", "Cache-Control": "no-store"},
    )


def _still_offered(call: Call, draft: Draft) -> CompiledService:
    service = service_of(draft.version_id)
    if not call.by.covers(service.slug):
        raise NotCovered
    if draft.case_id is not None:
        raise DraftNotFound
    return service


def _read(service: CompiledService, given: dict[str, Any], context: FormContext) -> dict[str, Any]:
    """The answers, read as those of the pages. Raises FieldErrors by `answers.<key>`."""
    found = read_json(service.form, given, context)
    if found.problems:
        raise FieldErrors({f"answers.{key}": [problem] for key, problem in found.problems.items()})
    return dict(found.values)


def _shown(call: Call, draft: Draft, *, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    service = service_of(draft.version_id)
    context = form_context(service, applicant=draft.visitor)
    papers = uploads_of(f"draft:{draft.pk}")
    found = examine(service.form, draft.data, by_slot(papers), context)
    with override(language_of(call.request)):
        problems = {
            key: [FieldProblem(code=problem.code, text=said(problem))]
            for key, problem in found.problems.items()
        }
    body = DraftTold(
        id=draft.pk, service=service.slug, revision=draft.revision, answers=draft.data,
        documents=[told(paper) for paper in papers], complete=not problems, problems=problems,
        fee=fee_of(service, found.values, context), expires_at=draft.expires_at,
        case=None if draft.case_id is None else case_number(draft.case_id),
    )  # fmt: skip
    text = tag_of(body.model_dump_json()).strip('"')
    return Reply(body=body, status=status, etag=f'"{draft.revision}.{text}"', headers=headers or {})
