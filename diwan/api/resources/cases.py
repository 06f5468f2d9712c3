"""What a partner's system opened: a list by keyset, one case, and what happened to it in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext, override
from pydantic import Field

from diwan.api.resources.common import CASES, NUMBER, case_id_of
from diwan.audit.actions import AccessNote, log_access
from diwan.cases.accounting import account_of
from diwan.cases.day_words import days_told
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case, History
from diwan.cases.queries import case_for, opened_by_client, public_history
from diwan.cases.services import service_of
from diwan.cases.wording import act_text
from diwan.kit.errors import N_
from diwan.kit.numbers import case_number, show_case_number
from diwan.people.models import Municipality
from diwan.places.models import District
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import CASES_READ, Answer, Operation, answers
from diwan.rest.paging import Paging, following, place_after
from diwan.rest.shapes import Both, Told, with_example

_NUMBER: Final = "26000000179"
_STAGE: Final = {"ar": "الطلب عند موظف التراخيص", "en": "Your request is with the licensing officer"}
_CASE: Final[dict[str, Any]] = {
    "number": _NUMBER, "shown": "260-0000-0179", "service": "shop-licence-with-approvals", "state": "under_review",
    "holder": "us", "stage": _STAGE, "opened": "2026-11-29T07:00:00Z", "expected": "2026-12-06T12:00:00Z",
    "closed": None,
}  # fmt: skip


class CaseSummary(Told):
    """A case as a list shows it."""

    model_config = with_example(_CASE)
    number: str
    shown: str = Field(description="The number as people read it")
    service: str
    state: str = Field(description="Code of the state, e.g. submitted, returned, invoiced, issued, rejected")
    holder: str = Field(description="Who has it now: us, applicant, payer, entity:<code> or none")
    stage: Both | None = Field(description="What the applicant reads at this stage")
    opened: datetime
    expected: datetime | None
    closed: datetime | None


class CasePage(Told):
    """A page of cases, the newest first."""

    model_config = with_example({"items": [_CASE], "next": None})
    items: list[CaseSummary]
    next: str | None


class DaysPart(Told):
    """Working days of one holder."""

    holder: str = Field(description="us, applicant, payer, party or entity:<code>")
    days: int


class DaysTold(Told):
    """The account of days: the parts add up to the total."""

    total: int
    parts: list[DaysPart]
    says: Both


class CaseTold(CaseSummary):
    """One case with its answers."""

    model_config = with_example(
        {
            **_CASE, "municipality": "101", "district": "D01", "language": "ar",
            "applicant": {"national_id": "2123456788", "name_ar": "مريم حسن عثمان بخيت"},
            "answers": {"trade_name_ar": "مشغل الشريك"}, "round": 1,
            "days": {
                "total": 3, "parts": [{"holder": "us", "days": 2}, {"holder": "applicant", "days": 1}],
                "says": {
                    "ar": "3 أيام عمل: 2 عندنا، 1 عندكم", "en": "3 working days: 2 with us, 1 with you",
                },
            },
        }
    )  # fmt: skip
    municipality: str = Field(description="Code of the municipality")
    district: str | None = Field(description="Code of the district")
    language: str
    applicant: dict[str, Any]
    answers: dict[str, Any]
    round: int = Field(description="1, and one more for each completion after a return")
    days: DaysTold = Field(description="Whose working days it has used; they stand once it has ended")


class Act(Told):
    """One thing that happened."""

    at: datetime
    act: str = Field(description="Code of the act, e.g. opened, returned, paid, issued")
    says: Both
    stage: Both | None = Field(description="What the applicant reads since")
    state: str
    holder: str


class HistoryPage(Told):
    """What happened, the newest first."""

    model_config = with_example(
        {
            "items": [
                {
                    "at": "2026-11-29T07:00:00Z", "act": "opened",
                    "says": {"ar": "تقديم الطلب", "en": "Application submitted"}, "stage": _STAGE,
                    "state": "submitted", "holder": "us",
                }
            ],
            "next": None,
        }
    )  # fmt: skip
    items: list[Act]
    next: str | None


class CasesQuery(Paging):
    """Which cases."""

    state: str | None = Field(default=None, pattern=r"^[a-z_]{2,16}$", examples=["returned"])
    service: str | None = Field(default=None, pattern=r"^[a-z0-9-]{2,80}$", examples=["shop-licence-instant"])


@answers(
    Operation(
        method="GET", path="cases", key="list_cases", tag=CASES, scope=CASES_READ, query=CasesQuery,
        title=N_("List the cases that you opened"),
        about=N_("The newest first, of the services and in the municipalities of your token."),
        answers=(Answer(200, "A page of cases", CasePage, headers=("Link",)),),
    )
)  # fmt: skip
def list_cases(call: Call) -> Reply:
    """The client's cases by number descending."""
    asked: CasesQuery = call.query
    found = opened_by_client(
        call.by,
        limit=asked.limit + 1,
        below=place_after(call),
        state=asked.state or "",
        service=asked.service or "",
    )
    shown = found[: asked.limit]
    cursor, headers = following(call, found, shown[-1].pk if shown else 0)
    items = [CaseSummary(**summary(case)) for case in shown]
    return Reply(body=CasePage(items=items, next=cursor), headers=headers)


@answers(
    Operation(
        method="GET", path="cases/{number}", key="read_case", tag=CASES, scope=CASES_READ, parameters=(NUMBER,),
        title=N_("Read a case"), about=N_("Where it stands, with applicant and answers. The reading is noted."),
        answers=(Answer(200, "The case", CaseTold, headers=("ETag",)),), errors={CaseNotFound: 404},
    )
)  # fmt: skip
def read_case(call: Call, number: str) -> Reply:
    """One case of the client."""
    case = case_for(case_id_of(number), call.by)
    log_access(by=call.by, notes=[AccessNote("case", str(case.pk), "api.case")])
    municipality = Municipality.objects.values_list("code", flat=True).get(pk=case.municipality_id)
    district = District.objects.filter(pk=case.district_id or 0).values_list("code", flat=True).first()
    return Reply(
        body=CaseTold(
            **summary(case), municipality=municipality, district=district, language=case.language,
            applicant=case.applicant, answers=case.data, round=case.round, days=_days(case),
        )
    )  # fmt: skip


@answers(
    Operation(
        method="GET", path="cases/{number}/history", key="read_history", tag=CASES, scope=CASES_READ,
        parameters=(NUMBER,), query=Paging, title=N_("Read what happened to a case"),
        about=N_("Every act that the applicant is shown, in words, the newest first."),
        answers=(Answer(200, "A page of acts", HistoryPage, headers=("ETag", "Link")),), errors={CaseNotFound: 404},
    )
)  # fmt: skip
def read_history(call: Call, number: str) -> Reply:
    """Public acts of one case of the client."""
    case = case_for(case_id_of(number), call.by)
    log_access(by=call.by, notes=[AccessNote("case", str(case.pk), "api.history")])
    found = public_history(case.pk, limit=call.query.limit + 1, below=place_after(call))
    shown = found[: call.query.limit]
    cursor, headers = following(call, found, shown[-1].pk if shown else 0)
    items = [_act(row, case) for row in shown]
    return Reply(body=HistoryPage(items=items, next=cursor), headers=headers)


def _days(case: Case) -> DaysTold:
    found = account_of(case)
    told = {}
    for language in ("ar", "en"):
        with override(language):
            told[language] = days_told(found, language, own=True)
    parts = [DaysPart(holder=item.holder, days=item.working_days) for item in found.items]
    return DaysTold(total=found.total.working_days, parts=parts, says=Both(**told))


def summary(case: Case) -> dict[str, Any]:
    """The members of a `CaseSummary`."""
    return {
        "number": case_number(case.pk), "shown": show_case_number(case.pk), "service": case.service,
        "state": case.state, "holder": case.holder, "stage": _stage(case, case.stage), "opened": case.opened_at,
        "expected": case.due_at, "closed": case.closed_at,
    }  # fmt: skip


def _stage(case: Case, step: str) -> Both | None:
    service = service_of(case.version_id)
    arabic, english = service.public(step, "ar"), service.public(step, "en")
    return Both(ar=arabic, en=english) if arabic else None


def _act(row: History, case: Case) -> Act:
    return Act(
        at=row.at, act=row.act, says=Both(ar=_says(row, "ar"), en=_says(row, "en")), stage=_stage(case, row.stage),
        state=row.state, holder=row.holder,
    )  # fmt: skip


def _says(row: History, language: str) -> str:
    """What was done, in the words of the applicant's own page."""
    with override(language):
        if row.act != "acted":
            return act_text(row.act)
        if row.state == "invoiced":
            return gettext("Approved")
        return gettext("Rejected") if row.state == "rejected" else gettext("Went to the next step")
