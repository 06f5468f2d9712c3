"""Reports as service requests. Of a report of somebody else nothing is told that is not on the public map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from diwan.api.open311.asked import Asked
from diwan.api.open311.services import name_of
from diwan.api.tokens import require_scope
from diwan.audit.actions import AccessNote, log_access
from diwan.cases import visibility
from diwan.cases.models import Case
from diwan.cases.services import service_of
from diwan.kit import clock, numbers
from diwan.modules.reports import types
from diwan.modules.reports.actions.file_report import SERVICE
from diwan.modules.reports.models import Report
from diwan.modules.reports.published import first_photos
from diwan.modules.reports.words import public_point, state_words
from diwan.rest.declaring import REPORTS_READ

OPEN: Final = "open"
CLOSED: Final = "closed"


def own_cases(asked: Asked) -> QuerySet[Case] | None:
    """The reports that the client filed and that its key reaches; None without a key. Raises Refused (403)."""
    if asked.client is None:
        return None
    require_scope(asked.client, REPORTS_READ)
    return visibility.visible_to(asked.by).filter(service=SERVICE)


def told(rows: Sequence[Report], asked: Asked, own: QuerySet[Case] | None) -> list[dict[str, Any]]:
    """The rows as service requests; the reading of what is the client's own is noted."""
    ids = [row.pk for row in rows]
    mine = {} if own is None else own.in_bulk(ids)
    if mine:
        log_access(by=asked.by, notes=[AccessNote("case", str(pk), "open311.request") for pk in mine])
    photos = first_photos(ids)
    return [_request(row, asked.language, photos.get(row.pk, ""), mine.get(row.pk)) for row in rows]


def status_of(closed: bool) -> str:
    """The protocol knows two states."""
    return CLOSED if closed else OPEN


def w3c(moment: datetime | None) -> str | None:
    """A moment with its zone, in local time, to the second."""
    return None if moment is None else clock.local(moment).isoformat(timespec="seconds")


def notice(due: datetime | None) -> str:
    """What is to be expected, in a sentence."""
    if due is None:
        return gettext("The team in charge is being found.")
    when = clock.local(due)
    return gettext("Expected to be dealt with by {day} at {time}.").format(
        day=f"{when:%Y-%m-%d}", time=f"{when:%H:%M}"
    )


def _request(row: Report, language: str, photo: str, case: Case | None) -> dict[str, Any]:
    kind = types.type_row(row.type)
    closed = row.closed_at is not None
    return {
        "service_request_id": numbers.case_number(row.pk),
        "status": status_of(closed),
        "status_notes": _standing(row, language, case),
        "service_name": name_of(kind, language) if kind is not None else row.type,
        "service_code": row.type,
        "description": types.called(kind, language),
        "agency_responsible": _in(row.municipality, language),
        "service_notice": None if closed else notice(row.due_at),
        "requested_datetime": w3c(row.opened_at),
        "updated_datetime": w3c(row.updated_at or row.closed_at or row.opened_at),
        "expected_datetime": w3c(row.due_at),
        "address": _address(row, language),
        "address_id": row.district.code if row.district else None,
        "zipcode": None,
        **_point(public_point(row)),
        "media_url": settings.DIWAN.public_url + reverse("reports:photo", args=[photo]) if photo else None,
        **({} if case is None else _own(row, case, language)),
    }  # fmt: skip


def _own(row: Report, case: Case, language: str) -> dict[str, Any]:
    """What the client told us itself: its words, the place as it gave it."""
    given: Mapping[str, Any] = case.data
    landmark = str(given.get("landmark") or "")
    place = _address(row, language)
    exact = (row.lat, row.lng) if row.lat is not None and row.lng is not None else None
    return {
        "description": str(given.get("description") or "")
        or types.called(types.type_row(row.type), language),
        "address": _joined(language, landmark, place),
        **_point(exact),
    }


def _standing(row: Report, language: str, case: Case | None) -> str:
    """How it stands: for whoever filed it in the words of the reporter's page, else in a word."""
    if case is not None:
        found = service_of(case.version_id).public(case.stage, language)
        if found:
            return str(found)
    return state_words(row.state, closed=row.closed_at is not None)[0]


def _address(row: Report, language: str) -> str:
    district = _in(row.district, language) if row.district else ""
    return _joined(language, district, _in(row.municipality, language))


def _joined(language: str, *parts: str) -> str:
    return ("، " if language == "ar" else ", ").join(filter(None, parts))


def _point(point: tuple[float, float] | None) -> dict[str, float | None]:
    return {"lat": point[0] if point else None, "long": point[1] if point else None}


def _in(named: Any, language: str) -> str:
    return str(named.name_en if language == "en" else named.name_ar)
