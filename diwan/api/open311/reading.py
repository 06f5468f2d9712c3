"""Requests are read: by number, and by time."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing

from diwan.api.open311.asked import Asked
from diwan.api.open311.door import Answer
from diwan.api.open311.telling import CLOSED, OPEN, own_cases, told
from diwan.kit import numbers
from diwan.kit.errors import N_, InvalidValue
from diwan.modules.reports.models import Report
from diwan.modules.reports.published import Wanted, reports_by_time, reports_named
from diwan.rest.refusals import Refused

MOST: Final = 1000
"""Requests of one answer (GeoReport v2: "first 1000 requests returned")."""
ROOT: Final = "service_requests"
_SIGNER: Final = signing.Signer(salt="diwan.open311.cursor")
_KEPT_OUT: Final = ("cursor", "api_key")


def requests(asked: Asked) -> Answer:
    """Service requests, the newest first: 90 days and 1000 at most; what follows stands behind `Link`.

    `service_request_id` overrides everything else, and what nobody may know of is simply not among the answers.
    """
    own = own_cases(asked)
    named = asked.several("service_request_id")
    if named:
        rows = reports_named(_keys(named), own)
        return Answer.of(ROOT, told(rows, asked, own))
    if asked.whole("page", most=MOST, usual=1) > 1:
        raise Refused(
            400, "page", N_("There are no pages by number here: follow the Link header of the answer.")
        )
    since, until = asked.span("start_date", "end_date")
    status = set(asked.among("status", (OPEN, CLOSED)))
    wanted = Wanted(
        since=since, until=until, kinds=asked.several("service_code"),
        closed=None if len(status) != 1 else status == {CLOSED},
        changed=(asked.moment("updated_after"), asked.moment("updated_before")), own=own, after=_place(asked),
    )  # fmt: skip
    size = asked.whole("page_size", most=MOST, usual=MOST)
    found = reports_by_time(wanted, limit=size + 1)
    shown = found[:size]
    headers = {"Link": _next(asked, shown[-1], since, until)} if len(found) > size else {}
    return Answer.of(ROOT, told(shown, asked, own), **headers)


def request(asked: Asked, number: str) -> Answer:
    """One service request, as a list of one. Raises Refused (404)."""
    own = own_cases(asked)
    rows = reports_named(_keys([number]), own)
    if not rows:
        raise not_found(number)
    return Answer.of(ROOT, told(rows, asked, own))


def not_found(number: str) -> Refused:
    """The answer for a request that is not there, or that this key may not know of: one for both."""
    return Refused(
        404, "service_request_id", N_("service_request_id was not found: {number}"), number=number[:60]
    )


def key_of(number: str) -> int | None:
    """The key of a report by its number, however it is spaced; None for what is no number."""
    try:
        return numbers.parse_case_number(number)
    except InvalidValue:
        return None


def _keys(given: list[str]) -> list[int]:
    return [key for key in map(key_of, given) if key is not None]


def _place(asked: Asked) -> tuple[datetime, int] | None:
    """Behind which request this page begins. Raises Refused (400) for a cursor of another list."""
    given = asked.one("cursor")
    if not given:
        return None
    try:
        moment, key, of = _SIGNER.unsign_object(given)
    except (signing.BadSignature, ValueError) as error:
        raise _not_ours() from error
    if of != _belongs(asked):
        raise _not_ours()
    return datetime.fromisoformat(moment), int(key)


def _next(asked: Asked, last: Report, since: datetime, until: datetime) -> str:
    """The Link to what follows, without the key: it is sent again by whoever follows."""
    mark = [last.opened_at.isoformat(), last.pk, _belongs(asked)]
    query: list[tuple[str, Any]] = [
        (name, value)
        for name, values in asked.query.lists()
        if name not in (*_KEPT_OUT, "start_date", "end_date")
        for value in values
    ]
    query += [("start_date", since.isoformat()), ("end_date", until.isoformat())]
    query.append(("cursor", _SIGNER.sign_object(mark, compress=True)))
    return f'<{settings.DIWAN.public_url}{asked.request.path}?{urlencode(query)}>; rel="next"'


def _belongs(asked: Asked) -> str:
    """What a cursor holds for: the filters beside time, and who reads."""
    parts = [
        ",".join(asked.several(name))
        for name in ("service_code", "status", "updated_after", "updated_before")
    ]
    return "|".join([str(asked.client.pk if asked.client else ""), *parts])


def _not_ours() -> Refused:
    return Refused(400, "cursor", N_("This cursor does not belong to this list. Start with the first page."))
