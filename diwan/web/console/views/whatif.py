"""What would be if: changes to times, posts or a step of a service, simulated beside how it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.kit.digits import to_ascii
from diwan.kit.errors import DiwanError
from diwan.mining.naming import role_names
from diwan.mining.registry import READ_PROCESS
from diwan.mining.whatif import FACTORS, STAFF, Answer, Change, Modelled, Result, modelled, what_if
from diwan.mining.words import percent, span, work
from diwan.people.doors import needs_permission
from diwan.ui.saying import problems, say
from diwan.web.console.asked import asked_of, places, wanted_of


@needs_permission(READ_PROCESS)
@require_GET
def whatif(request: HttpRequest, service: str) -> HttpResponse:
    """The form of changes; with ``run`` in the address both sides beside each other. Nothing is kept."""
    wanted = wanted_of(request)
    asked = asked_of(request, service, wanted)
    context: dict[str, Any] = {
        **wanted.context, "slug": service, "name": asked.service.name(asked.language),
        "places": places(request, service, wanted),
    }  # fmt: skip
    errors = dict(wanted.errors)
    try:
        of = modelled(asked)
        context |= _form(of, request.GET)
        if "run" in request.GET:
            change = _change(of, request.GET, errors)
            if not errors:
                context |= _beside(of, what_if(of, change), change)
    except DiwanError as error:
        errors[""] = say(error)
    context |= problems(errors)
    for row in (*context.get("times", ()), *context.get("roles", ())):
        row["error"] = errors.get(row["name"], "")
    return render(request, "console/whatif.html", context, status=422 if errors else 200)


def _form(of: Modelled, typed: QueryDict) -> dict[str, Any]:
    """What can be changed, with what was typed."""
    service, language = of.asked.service, of.asked.language
    names = role_names(language)
    return {
        "times": [
            {
                "name": f"time-{key}", "title": service.title(key, language), "typed": typed.get(f"time-{key}", ""),
                "spent": span(of.figures.steps[key].total / of.figures.steps[key].done),
            }
            for key in of.steps
        ],
        "roles": [
            {
                "name": f"staff-{role}", "title": names.get(role, role), "posts": posts, "units": units,
                "typed": typed.get(f"staff-{role}", ""),
            }
            for role, (posts, units) in of.staff.items()
        ],
        "leavable": [(key, service.title(key, language)) for key in of.leavable],
        "without": typed.get("without", ""),
    }  # fmt: skip


def _change(of: Modelled, typed: QueryDict, errors: dict[str, str]) -> Change:
    """The change that was typed: per cent of today's time by step, posts more or fewer by role, a step left out.

    What is no number, or none that can be meant, is told beside its field.
    """
    least, most = (round(100 * factor) for factor in FACTORS)
    percents = _numbers(typed, "time-", of.steps, (least, most), errors)
    staff = _numbers(typed, "staff-", list(of.staff), STAFF, errors)
    return Change(
        factors={key: value / 100 for key, value in percents.items() if value != 100},
        staff={role: more for role, more in staff.items() if more}, without=typed.get("without", "")[:60],
    )  # fmt: skip


def _numbers(
    typed: QueryDict, prefix: str, keys: list[str], bounds: tuple[int, int], errors: dict[str, str]
) -> dict[str, int]:
    found = {}
    least, most = bounds
    for key in keys:
        text = to_ascii(typed.get(prefix + key, "")).strip().rstrip("%٪").replace("\u2212", "-").strip()
        if re.fullmatch(r"-?\d{1,5}", text, re.ASCII) and least <= int(text) <= most:
            found[key] = int(text)
        elif text:
            errors[prefix + key] = _("Write a whole number from %(least)s to %(most)s.") % {
                "least": least,
                "most": most,
            }
    return found


def _beside(of: Modelled, answer: Answer, change: Change) -> dict[str, Any]:
    """Both sides, row by row."""
    sides = [answer.measured, answer.as_is, *([answer.to_be] if answer.to_be is not None else [])]
    return {
        "answer": answer, "weeks": round(answer.weeks), "rows": _rows(sides),
        "step_rows": _step_rows(of, answer, change), "use_rows": _use_rows(of, answer),
    }  # fmt: skip


def _rows(sides: list[Result]) -> list[dict[str, Any]]:
    """The whole: what ends in a week, lead times."""
    return [
        {"title": _("Ended in a week"), "cells": [str(round(side.ended_a_week, 1)) for side in sides]},
        {"title": _("Half of all end within"), "cells": [_time(side.lead) for side in sides]},
        {"title": _("Nine in ten end within"), "cells": [_time(side.lead_p90) for side in sides]},
    ]


def _time(seconds: float | None) -> str:
    return "—" if seconds is None else span(seconds)


def _step_rows(of: Modelled, answer: Answer, change: Change) -> list[dict[str, Any]]:
    """Steps of posts with how long a case waits for one, all with the mean time at them."""
    found = []
    for key in of.steps:
        now, then = answer.as_is.steps.get(key), answer.to_be.steps.get(key) if answer.to_be else None
        pooled = bool(of.learned.model.steps[key].pools)
        found.append(
            {
                "title": of.asked.service.title(key, of.asked.language), "left_out": key == change.without,
                "waits": [work(side.waited) if side and pooled else "—" for side in (now, then)],
                "spent": [span(side.spent) if side else "—" for side in (now, then)],
            }
        )  # fmt: skip
    return found


def _use_rows(of: Modelled, answer: Answer) -> list[dict[str, Any]]:
    names: Mapping[str, str] = role_names(of.asked.language)
    return [
        {
            "title": names.get(role, role), "now": percent(use),
            "then": percent(answer.to_be.use.get(role, 0.0)) if answer.to_be else "",
        }
        for role, use in answer.as_is.use.items()
    ]  # fmt: skip
