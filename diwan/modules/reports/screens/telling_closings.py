"""A closing in words: who closed it, where and when its photos were taken, what was found afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from diwan.files.models import Upload
from diwan.kit import clock
from diwan.modules.reports.models import Closing
from diwan.modules.reports.papers import DISPUTE
from diwan.modules.reports.screens.work import far_words, in_language, photo_views, reasons_of
from diwan.modules.reports.work_queries import Evidence, dispute_of, evidence


def closing_views(
    case_id: int, uploads: Sequence[Upload], number: str, language: str
) -> list[dict[str, Any]]:
    """The closings of a report for a page, the newest first."""
    by_id = {one.pk: one for one in uploads}
    return [_view(one, by_id, number, language) for one in evidence(case_id, uploads)]


def _view(found: Evidence, by_id: dict[str, Upload], number: str, language: str) -> dict[str, Any]:
    closing = found.closing
    who = closing.contractor or closing.unit
    return {
        "number": closing.number,
        "at": closing.at,
        "who": in_language(who, language) if who else "",
        "crew": in_language(closing.crew, language) if closing.crew else "",
        "words": closing.words,
        "before": photo_views([by_id[pk] for pk in closing.before if pk in by_id], number),
        "after": photo_views([by_id[pk] for pk in closing.after if pk in by_id], number),
        "checks": _checks(found),
        "why_judged": _("Drawn for the independent sample, or in doubt.") if closing.sampled else "",
        "verdict": _verdict(closing),
        "means": _means(closing),
        "judged_at": closing.judged_at,
    }


def _checks(found: Evidence) -> list[tuple[str, str]]:
    """Kind of mark (success, warning) and sentence: place, time, arrival."""
    closing = found.closing
    checks = [_place(closing)]
    if found.taken is not None:
        words = _("The photo after the work was taken at {time} on {day}.").format(
            time=f"{clock.local(found.taken):%H:%M}", day=f"{clock.local(found.taken):%Y-%m-%d}"
        )
        checks.append(("success", words))
    elif closing.after:
        checks.append(("warning", _("The photos do not tell when they were taken.")))
    if found.arrival is not None and found.wait is not None:
        words = _("The crew said that it was there at {time}, {minutes} min before closing.").format(
            time=f"{clock.local(found.arrival.at):%H:%M}",
            minutes=max(0, round(found.wait.total_seconds() / 60)),
        )
        far = found.arrival.distance
        if far is not None:
            words += " " + _("Its device stood {far} from the place.").format(far=far_words(far))
        near = far is None or far <= settings.DIWAN.report_photo_metres
        checks.append(("success" if near else "warning", words))
    return checks


def _place(closing: Closing) -> tuple[str, str]:
    far = far_words(closing.distance)
    if closing.proof == Closing.Proof.PROVEN:
        return "success", _("Photos and device fit the place: {far} from the pin.").format(far=far)
    if closing.proof == Closing.Proof.FAR:
        return "warning", _("Taken {far} from the pin. Reason: {reason}").format(
            far=far, reason=closing.far_why
        )
    if closing.proof == Closing.Proof.NONE:
        return "info", _("This type is closed without photos.")
    return "warning", _("Neither photos nor device tell the place.")


def _verdict(closing: Closing) -> tuple[str, str]:
    if closing.verdict == Closing.Verdict.FALSE:
        return "error", _("Found not fixed")
    if closing.verdict == Closing.Verdict.CONFIRMED:
        return "success", _("Found fixed")
    return "plain", _("Not judged yet")


def _means(closing: Closing) -> str:
    words = {
        "sample": _("by a verifier"),
        "dispute": _("after the reporter's dispute"),
        "reporter": _("by the reporter"),
        "later": _("by the reporter, four weeks later"),
    }
    return words.get(closing.means, "")


def dispute_view(
    case_id: int, uploads: Sequence[Upload], number: str, language: str
) -> dict[str, Any] | None:
    """What the reporter said that is not fixed, with photos; None without a dispute."""
    row = dispute_of(case_id)
    if row is None:
        return None
    photos = [one for one in uploads if one.slot == DISPUTE]
    return {
        "at": row.at,
        "note": row.note,
        "reasons": [name for _code, name in reasons_of(row.reasons, language)],
        "photos": photo_views(photos, number),
    }
