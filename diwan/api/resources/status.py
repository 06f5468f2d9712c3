"""Status by number and secret as JSON: one statement, whose JSON text is made by PostgreSQL and passed through.

The words of the stage are added here: the service is remembered by the process, while the server would unpack the whole
compiled service, some 200 kB, for one sentence of it. What is asked of the history hangs on the parameter alone, so
that the server estimates one look-up and keeps its plan: planning over the partitions costs ten times the execution.
"""

import json
from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from diwan.api import allowances
from diwan.api.problems import answers_problems
from diwan.api.reading import require_acceptable
from diwan.api.resources.common import CASES
from diwan.cases import secrets
from diwan.cases.services import service_of
from diwan.kit.errors import N_, InvalidValue
from diwan.kit.numbers import case_number, parse_case_number
from diwan.outbox.prepared import Prepared
from diwan.people.actions import count_attempt, take_back_attempt
from diwan.rest.declaring import JSON, Access, Answer, Operation, Parameter, answers
from diwan.rest.refusals import Refused
from diwan.rest.shapes import Both, Given, Told, with_example
from diwan.ui.callers import client_address

WRONG_SECRETS: Final = 5
WINDOW: Final = timedelta(minutes=15)
A_MINUTE: Final = 120_000
"""Looks from one address in each process: what a runaway program may ask."""
TYPED: Final = Parameter(
    "number", "Number of a case as people type it", {"type": "string", "maxLength": 40}, "26000000179"
)
SECRET: Final = Parameter(
    "X-Case-Secret", "Secret of the case: eight digits, or that of a link", {"type": "string", "maxLength": 60},
    "48290157", required=False,
)  # fmt: skip


class StatusQuery(Given):
    """The secret, for programs that cannot send headers."""

    secret: str = Field(default="", max_length=60, description="Secret of the case; better in X-Case-Secret")


_STATUS: Final = Prepared(
    name="diwan_status",
    query="""
SELECT c.secret_generation::text,
    (SELECT r.count FROM people_ratewindow r
     WHERE r.key = 'case secret:' || asked.id AND r.window_start > now() - interval '15 minutes')::text,
    c.version_id::text, c.stage,
    json_build_object(
        'number', asked.number, 'service', c.service, 'state', c.state, 'holder', c.holder, 'opened', c.opened_at,
        'expected', c.due_at, 'closed', c.closed_at,
        'updated', (SELECT max(h.at) FROM history h WHERE h.case_id = asked.id AND h.public)
    )::text
FROM (SELECT %s::bigint AS id, %s::text AS number) asked
LEFT JOIN "case" c ON c.id = asked.id
""",
)


class Status(Told):
    """Where a case stands, without anything personal."""

    model_config = with_example(
        {
            "number": "26000000179", "service": "shop-licence-with-approvals", "state": "under_review",
            "holder": "us", "opened": "2026-11-29T10:00:00+03:00", "expected": "2026-12-06T15:00:00+03:00",
            "closed": None, "updated": "2026-11-29T10:00:00+03:00",
            "stage": {"ar": "الطلب عند موظف التراخيص", "en": "Your request is with the licensing officer"},
        }
    )  # fmt: skip
    number: str
    service: str
    state: str
    holder: str
    opened: datetime
    expected: datetime | None
    closed: datetime | None
    updated: datetime | None
    stage: Both | None


@answers(
    Operation(
        method="GET", path="cases/{number}/status", key="read_status", tag=CASES, access=Access.SECRET,
        parameters=(TYPED,), headers=(SECRET,), query=StatusQuery, title=N_("Follow a case by its secret"),
        about=N_("For whoever holds the number and the secret of the slip; no token is needed."),
        answers=(Answer(200, "Where it stands", Status),), own_door=True,
    )
)  # fmt: skip
@answers_problems
def status(request: HttpRequest, number: str) -> HttpResponse:
    """The public status of a case. The secret goes in `X-Case-Secret`, or in `secret`; a wrong pair is a plain 404.

    After five wrong secrets for a number, answers are slowed: 429 with Retry-After.
    """
    require_acceptable(request, (JSON,))
    allowances.spend(f"status {client_address(request)}", limit=A_MINUTE, shared=False)
    secret = request.META.get("HTTP_X_CASE_SECRET") or request.GET.get("secret", "")
    try:
        case_id = parse_case_number(number)
    except InvalidValue as error:
        raise _no_pair() from error
    generation, wrong, version, stage, text = _STATUS.row(str(case_id), case_number(case_id))
    if wrong is not None and int(wrong) >= WRONG_SECRETS:
        raise _slowed()
    key = f"case secret:{case_id}"
    # Once somebody has guessed, each further guess is counted before it is compared, and a right one taken back.
    counted = wrong is not None and secrets.is_short(secret)
    if counted and not count_attempt(key=key, limit=WRONG_SECRETS, window=WINDOW).allowed:
        raise _slowed()
    if not secrets.matches(secret, case_id, int(generation or 0)) or generation is None:
        if not counted and not count_attempt(key=key, limit=WRONG_SECRETS, window=WINDOW).allowed:
            raise _slowed()
        raise _no_pair()
    if counted:
        take_back_attempt(key=key)
    return HttpResponse(
        f'{(text or "{}")[:-1]}, "stage" : {_words(int(version or 0), stage or "")}}}',
        content_type=JSON,
        headers={"Cache-Control": "no-store"},
    )


def _words(version_id: int, stage: str) -> str:
    """What the citizen reads at the stage, as JSON: {"ar", "en"}, or null for a stage without public words."""
    service = service_of(version_id)
    words = {language: service.public(stage, language) for language in ("ar", "en")}
    return json.dumps(words if words["ar"] else None, ensure_ascii=False)


def _no_pair() -> Refused:
    return Refused(404, "cases.not_found", N_("There is no case with this number and secret."))


def _slowed() -> Refused:
    seconds = str(int(WINDOW.total_seconds()))
    return Refused(
        429,
        "too_many",
        N_("Too many wrong secrets for this number. Try again later."),
        {"Retry-After": seconds},
    )
