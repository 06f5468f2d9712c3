"""How a report is told to its reporter and to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diwan.cases import secrets
from diwan.cases.explaining import explained, with_routing
from diwan.cases.models import Case, History
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row
from diwan.kit import clock, numbers
from diwan.modules.reports import types
from diwan.modules.reports.models import Report
from diwan.modules.reports.places import METRES_A_DEGREE
from diwan.people.queries import entity_name

ENTITY: Final = "entity:"
FINE: Final = 10
"""Metres to which every place is rounded in public: a pin is often set at the reporter's own door."""


def report_url(case: Case) -> str:
    """The reporter's page, by the secret of links."""
    link = secrets.link_of(case.pk, case.secret_generation)
    return reverse("reports:report", args=[numbers.case_number(case.pk), link])


def state_words(state: str, *, closed: bool) -> tuple[str, str]:
    """A state in a word, and the kind of tag it gets."""
    if state in ("resolved", "returned"):
        return _("Done, being confirmed"), "success"
    words = {
        "submitted": (_("Received"), "info"),
        "under_review": (_("Being checked"), "info"),
        "external_wait": (_("With another body"), "info"),
        "inspection": (_("In work"), "info"),
        "suspended": (_("On hold"), "warning"),
        "rejected": (_("Not taken as a report"), "plain"),
        "withdrawn": (_("Withdrawn"), "plain"),
    }
    return words.get(state, (pgettext("report", "Closed"), "plain") if closed else (_("In work"), "info"))


def holder_words(holder: str, language: str) -> str:
    """Who has the report: with us, with you, with a body; empty when it is over."""
    if holder.startswith(ENTITY):
        return _("With {body}").format(body=entity_name(holder.removeprefix(ENTITY), language))
    return {"us": _("With us"), "applicant": _("With you")}.get(holder, "")


def story(rows: Iterable[History], service: CompiledService, language: str) -> list[dict[str, Any]]:
    """What happened, newest first, each stage once in its public words, with why where a rule sent it; no names."""
    told: list[dict[str, Any]] = []
    before = ""
    newest_first = sorted(rows, key=lambda row: -row.pk)
    for row, *along in reversed(with_routing(newest_first)):
        text = service.public(row.stage, language)
        if not text or text == before:
            continue
        before = text
        why = explained([row, *along], service, language, plain=True)
        told.append(
            {
                "what": text, "when": row.at, "note": reasons(row.reasons, language), "who": "",
                "why": why.without_inputs() if why is not None else None,
            }
        )  # fmt: skip
    for place, entry in enumerate(reversed(told)):
        entry["now"] = place == 0
    return told[::-1]


def reasons(codes: Iterable[str], language: str) -> str:
    """The names of reasons, in one line."""
    rows = [lookup_row("reasons", code, clock.today()) for code in codes]
    names = [row.name.en if language == "en" else row.name.ar for row in rows if row is not None]
    return ("، " if language == "ar" else ", ").join(names)


def public_row(report: Report, language: str) -> dict[str, Any]:
    """A report as everybody may read it: type, district, state, days; no words of anybody and no exact place."""
    row = types.type_row(report.type)
    place = report.district or report.municipality
    word, kind = state_words(report.state, closed=report.closed_at is not None)
    number = numbers.case_number(report.pk)
    return {
        "report": report,
        "id": report.pk,
        "number": number,
        "shown_number": numbers.show_case_number(report.pk),
        "url": reverse("reports:seen", args=[number]),
        "name": types.called(row, language),
        "icon": str(row.data["icon"]) if row is not None else "flag",
        "place": place.name_en if language == "en" else place.name_ar,
        "state": word,
        "state_kind": kind,
        "opened_at": report.opened_at,
        "closed_at": report.closed_at,
        "due_at": report.due_at,
    }


def public_point(report: Report) -> tuple[float, float] | None:
    """(lat, lng) in public: rounded to a grid of some metres, coarser for types that would point at somebody's door."""
    if report.lat is None or report.lng is None:
        return None
    row = types.type_row(report.type)
    step = max(FINE, int(row.data.get("snap") or 0) if row is not None else 1000) / METRES_A_DEGREE
    return round(round(report.lat / step) * step, 6), round(round(report.lng / step) * step, 6)
