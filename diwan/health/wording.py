"""The report in words: states, groups, spans of time. For the page and for the command line, in the active language."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext, ngettext

from diwan.health.registry import Finding, State
from diwan.kit.errors import N_, Problem, plural_message, text_of

STATES: Final[Mapping[State, str]] = {
    "good": N_("Good"),
    "watch": N_("To be watched"),
    "bad": N_("Needs action"),
}
GROUP_NAMES: Final[Mapping[str, str]] = {
    "services": N_("Processes"),
    "connectors": N_("Systems outside"),
    "queues": N_("What waits"),
    "schedules": N_("Work by the calendar"),
    "certificates": N_("Certificates"),
    "keeping": N_("Disk and backups"),
    "version": N_("Version"),
}
_UNITS: Final = (
    (86_400, plural_message("{count} day", "{count} days", count="count")),
    (3_600, plural_message("{count} hour", "{count} hours", count="count")),
    (60, plural_message("{count} minute", "{count} minutes", count="count")),
    (1, plural_message("{count} second", "{count} seconds", count="count")),
)


def state_words(state: State) -> str:
    """The state as a word."""
    return gettext(STATES[state])


def group_words(group: str) -> str:
    """The heading of a group."""
    return gettext(GROUP_NAMES[group])


def name_words(finding: Finding) -> str:
    """What the line is about."""
    return gettext(finding.name)


def says_words(finding: Finding) -> str:
    """What was found, or the empty text."""
    return gettext(finding.says).format(**finding.params) if finding.says else ""


def advice_words(finding: Finding) -> str:
    """What to do; empty where all is good."""
    return gettext(finding.advice) if finding.advice and finding.state != "good" else ""


def span_words(seconds: float | None) -> str:
    """A span in its largest unit, rounded down: `3 minutes`; empty for none."""
    if seconds is None:
        return ""
    size, message = next((unit for unit in _UNITS if seconds >= unit[0]), _UNITS[-1])
    problem = Problem("health.span", message, {"count": int(seconds // size)})
    return text_of(problem, gettext=gettext, ngettext=ngettext)
