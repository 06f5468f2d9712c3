"""How the installation is: one line a part, in words, with what to do."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.health.registry import ORDER, Finding, report, worst
from diwan.health.wording import advice_words, group_words, name_words, says_words, span_words, state_words
from diwan.kit import clock
from diwan.people.doors import needs_permission
from diwan.people.registry import VIEW_HEALTH

#: State -> kind of tag.
SIGNS: Final = {"good": "success", "watch": "warning", "bad": "error"}


@needs_permission(VIEW_HEALTH)
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """The report; parts that need something stand first on the page as well."""
    found = report()
    everything = [one for findings in found.values() for one in findings]
    urgent = sorted((one for one in everything if one.state != "good"), key=lambda one: -ORDER[one.state])
    context: dict[str, Any] = {
        "at": clock.real_now(),
        "state": worst(everything),
        "urgent": [_line(one) for one in urgent],
        "groups": [
            {"key": group, "name": group_words(group), "lines": [_line(one, group) for one in findings]}
            for group, findings in found.items()
            if findings
        ],
    }
    return render(request, "console/health.html", context)


def _line(finding: Finding, group: str = "") -> dict[str, Any]:
    return {
        "name": name_words(finding), "detail": finding.detail, "state": state_words(finding.state),
        "kind": SIGNS[finding.state], "facts": _facts(finding, group), "says": says_words(finding), "at": finding.at,
        "advice": advice_words(finding),
    }  # fmt: skip


def _facts(finding: Finding, group: str) -> list[str]:
    """How many and how old, each with its word."""
    facts = []
    if group == "queues" and finding.count is not None:
        facts.append(f"{_('Count')}: {finding.count}")
    if finding.age is not None:
        word = {"queues": _("Oldest"), "schedules": _("Last run, how long ago")}.get(group, _("How long ago"))
        facts.append(f"{word}: {span_words(finding.age)}")
    return facts
