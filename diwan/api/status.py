"""Status by number and secret as JSON: one statement, whose JSON text is made by PostgreSQL and passed through.

The words of the stage are added here: the service is remembered by the process, while the server would unpack the whole
compiled service, some 200 kB, for one sentence of it. What is asked of the history hangs on the parameter alone, so
that the server estimates one look-up and keeps its plan: planning over the partitions costs ten times the execution.
"""

import json
from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from diwan.api.problems import Refused, answers_problems
from diwan.cases import secrets
from diwan.cases.services import service_of
from diwan.kit.errors import InvalidValue
from diwan.kit.numbers import case_number, parse_case_number
from diwan.outbox.prepared import Prepared
from diwan.people.actions import count_attempt, take_back_attempt

WRONG_SECRETS: Final = 5
WINDOW: Final = timedelta(minutes=15)

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


@require_GET
@answers_problems
def status(request: HttpRequest, number: str) -> HttpResponse:
    """The public status of a case. The secret goes in `X-Case-Secret`, or in `secret`; a wrong pair is a plain 404.

    After five wrong secrets for a number, answers are slowed: 429 with Retry-After.
    """
    secret = request.META.get("HTTP_X_CASE_SECRET") or request.GET.get("secret", "")
    try:
        case_id = parse_case_number(number)
    except InvalidValue as error:
        raise Refused(404, "cases.not_found", "No case with this number and secret.") from error
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
        raise Refused(404, "cases.not_found", "No case with this number and secret.")
    if counted:
        take_back_attempt(key=key)
    return HttpResponse(
        f'{(text or "{}")[:-1]}, "stage" : {_words(int(version or 0), stage or "")}}}',
        content_type="application/json",
    )


def _words(version_id: int, stage: str) -> str:
    """What the citizen reads at the stage, as JSON: {"ar", "en"}, or null for a stage without public words."""
    service = service_of(version_id)
    words = {language: service.public(stage, language) for language in ("ar", "en")}
    return json.dumps(words if words["ar"] else None, ensure_ascii=False)


def _slowed() -> Refused:
    seconds = str(int(WINDOW.total_seconds()))
    return Refused(
        429, "too_many", "Too many wrong secrets for this number. Try again later.", {"Retry-After": seconds}
    )
