"""What the pages of crews and judges read of a report: its names, its place, its time, its photos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diwan.cases.models import Case
from diwan.catalogue.queries import lookup, lookup_row
from diwan.files.models import Upload
from diwan.kit import clock
from diwan.kit.errors import InvalidValue
from diwan.kit.numbers import case_number, parse_case_number, show_case_number
from diwan.modules.reports import types
from diwan.modules.reports.models import Report
from diwan.modules.reports.route_order import URGENT

PHRASES: Final = "work_phrases"
MOST_PHRASES: Final = 5
PHOTOS: Final = "photos"
VOICE: Final = "voice"
_HOUR: Final = 3600.0


def case_id_of(number: str) -> int:
    """The case id of a number in an address; 404 for what is none."""
    try:
        return parse_case_number(number)
    except InvalidValue as error:
        raise Http404 from error


def whole(text: str) -> int:
    """A number from a form; -1 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def report_view(case: Case, report: Report, language: str) -> dict[str, Any]:
    """A report as a line of a list or the head of a page."""
    row = types.type_row(report.type)
    return {
        "case": case,
        "number": show_case_number(case.pk),
        "address": case_number(case.pk),
        "type": types.called(row, language),
        "icon": str(row.data["icon"]) if row else "flag",
        "urgent": report.priority == URGENT,
        "needs_photo": bool(row and row.data.get("photo")),
        "place": place_words(case, report, language),
        "pin": f"{report.lat:.6f},{report.lng:.6f}"
        if report.lat is not None and report.lng is not None
        else "",
        "crew": in_language(report.crew, language) if report.crew else "",
        "due": case.due_at,
        "due_words": due_words(case.due_at),
        "late": case.due_at is not None and case.due_at < clock.now(),
    }


def place_words(case: Case, report: Report, language: str) -> str:
    """District, landmark and number of the pole, as far as they are known."""
    parts = [in_language(report.district or report.municipality, language)]
    if case.data.get("landmark"):
        parts.append(str(case.data["landmark"]))
    if case.data.get("pole"):
        parts.append(_("Pole {number}").format(number=case.data["pole"]))
    return " · ".join(part for part in parts if part)


def due_words(due: datetime | None) -> str:
    """What is left of the time, or by how much it is over, in hours and days that run day and night."""
    if due is None:
        return ""
    left = (due - clock.now()).total_seconds() / _HOUR
    hours, days = round(abs(left)), round(abs(left) / 24)
    if abs(left) < 1:
        return _("Due within the hour") if left > 0 else _("Late since this hour")
    if left > 0 and hours < 48:
        return ngettext("{n} hour left", "{n} hours left", hours).format(n=hours)
    if left > 0:
        return ngettext("{n} day left", "{n} days left", days).format(n=days)
    if hours < 48:
        return ngettext("Late by {n} hour", "Late by {n} hours", hours).format(n=hours)
    return ngettext("Late by {n} day", "Late by {n} days", days).format(n=days)


def far_words(metres: float | None) -> str:
    """A distance as people say it."""
    if metres is None:
        return ""
    if metres < 950:
        return _("{n} m").format(n=round(metres / 10) * 10 if metres >= 10 else round(metres))
    return _("{n} km").format(n=f"{metres / 1000:.1f}")


def in_language(named: Any, language: str) -> str:
    """`name_ar` or `name_en` of a row."""
    return str(named.name_en if language == "en" else named.name_ar)


def phrases(category: str, language: str) -> list[tuple[str, str]]:
    """Five usual sentences about finished work (code, words): those of the category first."""
    rows = [
        row
        for row in lookup(PHRASES, clock.today())
        if category in (row.data.get("categories") or [category])
    ]
    rows.sort(key=lambda row: (not row.data.get("categories"), row.code))
    return [(row.code, _of(row.name, language)) for row in rows[:MOST_PHRASES]]


def words_of(codes: Iterable[str], free: str, language: str) -> str:
    """What was done: the ticked sentences in the reporter's language, then what was written."""
    rows = [lookup_row(PHRASES, code, clock.today()) for code in codes]
    return " ".join([*(_of(row.name, language) for row in rows if row is not None), free.strip()]).strip()


def voice_views(
    uploads: Iterable[Upload], number: str, *, view: str = "reports:work_file"
) -> list[dict[str, str]]:
    """What the reporter has said into the telephone, with addresses, for whoever may read the papers of the report."""
    return [
        {"url": reverse(view, args=[number, upload.pk])}
        for upload in uploads
        if upload.slot == VOICE and upload.media_type.startswith("audio/")
    ]


def photo_views(
    uploads: Iterable[Upload], number: str, *, view: str = "reports:work_file"
) -> list[dict[str, str]]:
    """Photos with their addresses, for whoever may read them."""
    return [
        {"id": upload.pk, "name": upload.filename, "url": reverse(view, args=[number, upload.pk])}
        for upload in uploads
        if upload.media_type.startswith("image/")
    ]


def reasons_of(codes: Sequence[str], language: str) -> list[tuple[str, str]]:
    """Reasons to choose from: code and words."""
    rows = [lookup_row("reasons", code, clock.today()) for code in codes]
    return [(row.code, _of(row.name, language)) for row in rows if row is not None]


def _of(name: Any, language: str) -> str:
    if isinstance(name, Mapping):
        return str(name.get(language, ""))
    return str(name.en if language == "en" else name.ar)
