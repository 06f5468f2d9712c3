"""Figures in words: spans of time, shares, the bottleneck as one sentence."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diwan.mining.figures import StepFigures

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_EXACT: Final = 10
"""Below so many of a unit one decimal is shown."""


def _number(value: float) -> tuple[str, int | None]:
    """As written, and as a whole number where it is one."""
    rounded = round(value, 1) if value < _EXACT else float(round(value))
    return (str(int(rounded)), int(rounded)) if rounded == int(rounded) else (str(rounded), None)


def span(seconds: float) -> str:
    """Time that passed day and night: minutes, hours from two of them on, days from two of them on."""
    if seconds >= 2 * _DAY:
        text, whole = _number(seconds / _DAY)
        words = ngettext("%(n)s day", "%(n)s days", whole) if whole is not None else _("%(n)s days")
    elif seconds >= 2 * _HOUR:
        text, whole = _number(seconds / _HOUR)
        words = ngettext("%(n)s hour", "%(n)s hours", whole) if whole is not None else _("%(n)s hours")
    else:
        minutes = max(0, round(seconds / _MINUTE))
        text, words = str(minutes), ngettext("%(n)s minute", "%(n)s minutes", minutes)
    return words % {"n": text}


def work(seconds: float) -> str:
    """Working time: minutes, hours of work from two of them on."""
    if seconds < 2 * _HOUR:
        minutes = max(0, round(seconds / _MINUTE))
        return ngettext("%(n)s working minute", "%(n)s working minutes", minutes) % {"n": minutes}
    text, whole = _number(seconds / _HOUR)
    if whole is None:
        return _("%(n)s working hours") % {"n": text}
    return ngettext("%(n)s working hour", "%(n)s working hours", whole) % {"n": text}


def percent(share: float) -> str:
    """A share as per cent: whole numbers, "<1%" for what is less than one and not nothing."""
    return "<1%" if 0 < share < 0.01 else f"{round(100 * share)}%"


def bottleneck_words(step: StepFigures | None, title: str) -> str:
    """Where the time of cases goes, in one sentence with its numbers."""
    if step is None:
        return _("No step of this service has taken time in the period.")
    words = {
        "step": title, "share": percent(step.share), "median": span(step.elapsed), "slow": span(step.elapsed_p90),
        "late": _("less than one per cent") if 0 < (step.late_share or 0) < 0.01 else percent(step.late_share or 0),
    }  # fmt: skip
    if step.late:
        return (
            _(
                "Most time goes to the step “%(step)s”: %(share)s of the time of all cases. "
                "Half of them stay there longer than %(median)s, one in ten longer than %(slow)s, "
                "and %(late)s were late."
            )
            % words
        )
    return (
        _(
            "Most time goes to the step “%(step)s”: %(share)s of the time of all cases. "
            "Half of them stay there longer than %(median)s, one in ten longer than %(slow)s."
        )
        % words
    )
