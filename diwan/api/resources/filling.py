"""What a draft looks like to a partner, however it is reached: its shapes, and how answers are read into it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils.translation import override
from pydantic import Field

from diwan.api.door import tag_of
from diwan.api.problems import language_of, said
from diwan.api.resources.prices import Fee, fee_of
from diwan.api.resources.submit import Applicant
from diwan.api.resources.uploads import UploadTold, told
from diwan.cases.actions.drafts import DraftNotFound
from diwan.cases.actions.submit_draft import by_slot
from diwan.cases.completing import asked_fields, fresh_fields, missing_papers, still_asked
from diwan.cases.context import form_context
from diwan.cases.errors import NotCovered
from diwan.cases.models import Case, Draft
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.files.rules import stands_in_the_form
from diwan.forms.context import FormContext
from diwan.forms.entry import examine, read_json
from diwan.kit.errors import N_, FieldErrors, Problem
from diwan.kit.numbers import case_number
from diwan.rest.calls import Call, Reply
from diwan.rest.paging import Paging
from diwan.rest.shapes import FieldProblem, Given, Told, with_example

ID: Final = "Zk3vW0h7m1Qe9xYtB2pRsA"
_APPLICANT: Final = {
    "national_id": "2123456788", "name_ar": "مريم حسن عثمان بخيت", "mobile": "+966500000001", "capacity": "owner",
}  # fmt: skip
_NOT_ASKED: Final = Problem(
    "cases.not_asked", N_("This was not asked for. Only what the return names can be mended.")
)
_SUMMARY: Final[dict[str, Any]] = {
    "id": ID, "service": "shop-licence-instant", "licence": None, "completes": None,
    "started_at": "2026-11-29T07:00:00Z", "saved_at": "2026-11-29T07:10:00Z", "expires_at": "2026-12-29T07:00:00Z",
}  # fmt: skip


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
    licence: str | None = Field(
        default=None, max_length=12, pattern="^[0-9]{12}$",
        description="Number of the applicant's licence that the service renews or is about",
    )  # fmt: skip
    language: str = Field(default="ar", pattern="^(ar|en)$", description="Of the messages to the applicant")


class DraftPatch(Given):
    """What changes (JSON Merge Patch, RFC 7396): an answer of null is taken back, others stay."""

    model_config = with_example({"answers": {"area_m2": "40", "floor": None}}, given=True)
    answers: dict[str, Any] = Field(max_length=200)


class DraftSummary(Told):
    """A draft as a list shows it."""

    id: str
    service: str
    licence: str | None = Field(description="Number of the licence that it renews or is about")
    completes: str | None = Field(description="Number of the returned case that it completes")
    started_at: datetime
    saved_at: datetime
    expires_at: datetime


class DraftPage(Told):
    """A page of drafts, the newest first."""

    model_config = with_example({"items": [_SUMMARY], "next": None})
    items: list[DraftSummary]
    next: str | None


class DraftsQuery(Paging):
    """Which drafts."""

    service: str | None = Field(default=None, pattern=r"^[a-z0-9-]{2,80}$", examples=["shop-licence-instant"])
    licence: str | None = Field(default=None, pattern=r"^[0-9]{12}$", examples=["101260000014"])


class DraftTold(DraftSummary):
    """A draft as it stands."""

    model_config = with_example(
        {
            **_SUMMARY, "revision": 2, "answers": {"trade_name_ar": "مشغل الشريك"},
            "documents": [], "asked": None, "complete": False,
            "problems": {"area_m2": [{"code": "forms.missing", "text": "Enter a number."}]},
            "fee": {
                "known": False, "total": None, "vat": None, "currency": "SAR", "lines": [], "missing": ["area_m2"],
            },
            "case": None,
        }
    )  # fmt: skip
    revision: int
    answers: dict[str, Any] = Field(description="Answers that hold, by key of the question")
    documents: list[UploadTold] = Field(description="Papers sent with the draft")
    asked: list[str] | None = Field(
        description="Of a completion: the questions and slots that may change now; null otherwise: all may"
    )
    complete: bool = Field(description="Whether it can be sent as it stands")
    problems: dict[str, list[FieldProblem]] = Field(
        description="What is missing or wrong, by question and slot"
    )
    fee: Fee
    case: str | None = Field(description="Number of the case that it became")


def summary_of(draft: Draft, slug: str) -> dict[str, Any]:
    """The members that a list shows."""
    return {
        "id": draft.pk, "service": slug, "licence": draft.renews or None,
        "completes": None if draft.amends is None else case_number(draft.amends),
        "started_at": draft.created_at, "saved_at": draft.saved_at, "expires_at": draft.expires_at,
    }  # fmt: skip


def still_offered(call: Call, draft: Draft) -> CompiledService:
    """The service of a draft that can still change. Raises NotCovered, DraftNotFound (it was sent)."""
    service = service_of(draft.version_id)
    if not call.by.covers(service.slug):
        raise NotCovered
    if draft.case_id is not None:
        raise DraftNotFound
    return service


def context_of(service: CompiledService, draft: Draft) -> FormContext:
    """What the draft's form is read and checked with."""
    return form_context(service, applicant=draft.visitor, renews=draft.renews)


def read_answers(service: CompiledService, given: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
    """The answers, read as those of the pages. Raises FieldErrors by `answers.<key>`."""
    found = read_json(service.form, given, context)
    if found.problems:
        raise FieldErrors({f"answers.{key}": [problem] for key, problem in found.problems.items()})
    return dict(found.values)


def papers_of(draft: Draft) -> dict[str, list[str]]:
    """Ids of the papers that count by slot: of a completion those of the case, unless the draft brings others."""
    earlier = by_slot(uploads_of(f"case:{draft.amends}")) if draft.amends is not None else {}
    found = {**earlier, **by_slot(uploads_of(f"draft:{draft.pk}"))}
    asked = still_asked(found, service_of(draft.version_id).form)
    return {slot: ids for slot, ids in asked.items() if stands_in_the_form(slot)}


def may_change(
    service: CompiledService, draft: Draft, values: Mapping[str, Any], context: FormContext
) -> frozenset[str] | None:
    """Questions and slots that a completion with these answers may change; None for a draft that completes nothing."""
    if draft.amends is None:
        return None
    case = Case.objects.get(pk=draft.amends)
    fresh = fresh_fields(service, before=case.data, now=values, context=context)
    lacking = missing_papers(service, now=values, documents=papers_of(draft), context=context)
    return asked_fields(case, service) | fresh | lacking


def require_asked(name: str, keys: Mapping[str, Any], allowed: frozenset[str] | None) -> None:
    """Raise FieldErrors (`<name>.<key>`, or `name` itself for a single slot) for what a completion may not change."""
    wrong = sorted(set(keys) - allowed) if allowed is not None else []
    if wrong:
        raise FieldErrors({f"{name}.{key}" if name != "slot" else name: [_NOT_ASKED] for key in wrong})


def shown(call: Call, draft: Draft, *, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    """The draft as it stands, with the ETag on which a change rests."""
    service = service_of(draft.version_id)
    context = context_of(service, draft)
    own: list[Upload] = uploads_of(f"draft:{draft.pk}")
    found = examine(service.form, draft.data, papers_of(draft), context)
    with override(language_of(call.request)):
        problems = {
            key: [FieldProblem(code=problem.code, text=said(problem))]
            for key, problem in found.problems.items()
        }
    allowed = may_change(service, draft, draft.data, context) if draft.case_id is None else None
    body = DraftTold(
        **summary_of(draft, service.slug), revision=draft.revision, answers=draft.data,
        documents=[told(paper) for paper in own], asked=None if allowed is None else sorted(allowed),
        complete=not problems, problems=problems, fee=fee_of(service, found.values, context),
        case=None if draft.case_id is None else case_number(draft.case_id),
    )  # fmt: skip
    text = tag_of(body.model_dump_json()).strip('"')
    return Reply(body=body, status=status, etag=f'"{draft.revision}.{text}"', headers=headers or {})
