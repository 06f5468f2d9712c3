"""A case that came back: what is to be mended and why, and the draft in which the partner mends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pydantic import Field

from diwan.api.resources.common import CASES, NUMBER, case_id_of
from diwan.api.resources.filling import DraftTold, shown
from diwan.audit.actions import AccessNote, log_access
from diwan.cases.actions.begin_completion import begin_completion
from diwan.cases.completing import Why, completed_by, whys_of
from diwan.cases.errors import CaseNotFound, WrongMoment
from diwan.cases.models import OpenTask
from diwan.cases.queries import completion_under_way
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row
from diwan.kit import clock
from diwan.kit.errors import N_
from diwan.kit.numbers import case_number
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import CASES_READ, CASES_WRITE, Answer, Operation, answers
from diwan.rest.shapes import Both, Told, both, with_example

_REMARK: Final[dict[str, Any]] = {
    "of": "officer", "code": "RSN-02", "note": "الصورة لا تظهر الواجهة كاملة",
    "says": {"ar": "المستند غير واضح", "en": "The document is not clear"},
}  # fmt: skip


class ReasonTold(Told):
    """Why something is to be mended."""

    of: str = Field(description="`officer`: a remark; `check`: what a register answered")
    code: str = Field(description="Code of the reason, or of the check")
    says: Both = Field(description="The reason, or what to do")
    note: str | None = Field(description="The officer's own words, as written")


class AskedTold(Told):
    """One question or slot that is asked for again."""

    key: str
    kind: str = Field(description="`answer` or `paper`")
    label: Both
    reasons: list[ReasonTold]


class CompletionTold(Told):
    """What a returned case waits for."""

    model_config = with_example(
        {
            "number": "26000000179", "round": 1, "due": "2026-12-13T12:00:00Z", "draft": None,
            "asked": [
                {
                    "key": "facade", "kind": "paper", "reasons": [_REMARK],
                    "label": {"ar": "صورة الواجهة", "en": "Photo of the front"},
                }
            ],
        }
    )  # fmt: skip
    number: str
    round: int = Field(description="1 after the first return, and one more after each")
    due: datetime | None = Field(description="Until when it waits")
    asked: list[AskedTold]
    draft: str | None = Field(description="Id of the draft in which the completion is under way")


@answers(
    Operation(
        method="GET", path="cases/{number}/completion", key="read_completion", tag=CASES, scope=CASES_READ,
        parameters=(NUMBER,), title=N_("Read what a returned case waits for"),
        about=N_("Which answers and papers are asked for again, and why. The reading is noted."),
        answers=(Answer(200, "What is to be mended", CompletionTold, headers=("ETag",)),),
        errors={CaseNotFound: 404, WrongMoment: 409}, refuses={409: "Nothing is asked of the applicant now"},
    )
)  # fmt: skip
def read_completion(call: Call, number: str) -> Reply:
    """What the client's case waits for."""
    case = completed_by(case_id_of(number), call.by)
    log_access(by=call.by, notes=[AccessNote("case", str(case.pk), "api.completion")])
    service = service_of(case.version_id)
    task = OpenTask.objects.filter(case_id=case.pk, kind=OpenTask.Kind.APPLICANT).earliest("id")
    draft = completion_under_way(case.pk, call.by)
    return Reply(
        body=CompletionTold(
            number=case_number(case.pk), round=case.round, due=task.due_at, draft=draft.pk if draft else None,
            asked=_asked(service, whys_of(case, service)),
        )
    )  # fmt: skip


@answers(
    Operation(
        method="POST", path="cases/{number}/completion", key="start_completion", tag=CASES, scope=CASES_WRITE,
        parameters=(NUMBER,), title=N_("Begin to complete a returned case"),
        about=N_(
            "Gives the draft with the answers as they stand: the one under way, else a new one. It is changed and gets "
            "papers as any draft does, as far as `asked` allows, and is sent with If-Match."
        ),
        answers=(Answer(201, "A new draft", DraftTold, headers=("ETag", "Location")),
                 Answer(200, "The draft that is under way", DraftTold, headers=("ETag", "Location"))),
        errors={CaseNotFound: 404, WrongMoment: 409}, writes=True,
    )
)  # fmt: skip
def start_completion(call: Call, number: str) -> Reply:
    """The draft that completes the client's case."""
    case_id = case_id_of(number)
    fresh = completion_under_way(case_id, call.by) is None
    draft = begin_completion(case_id=case_id, by=call.by)
    log_access(by=call.by, notes=[AccessNote("draft", draft.pk, "api.draft")])
    return shown(
        call, draft, status=201 if fresh else 200, headers={"Location": f"/api/v1/drafts/{draft.pk}"}
    )


def _asked(service: CompiledService, whys: list[Why]) -> list[AskedTold]:
    """Each question and slot once, in the order in which it was asked for."""
    by_field: dict[str, list[ReasonTold]] = {}
    for why in whys:
        by_field.setdefault(why.field, []).append(_reason(why))
    return [
        AskedTold(
            key=key, kind="answer" if service.form.slot(key) is None else "paper", reasons=reasons,
            label=Both(ar=service.label(key, "ar"), en=service.label(key, "en")),
        )
        for key, reasons in by_field.items()
    ]  # fmt: skip


def _reason(why: Why) -> ReasonTold:
    if why.fix is not None:
        return ReasonTold(of="check", code=why.code, says=both(why.fix), note=None)
    row = lookup_row("reasons", why.code, clock.today())
    says = Both(ar=why.code, en=why.code) if row is None else both(row.name)
    return ReasonTold(of="officer", code=why.code, says=says, note=why.note or None)
