"""The sandbox: a version tried with test people, step by step; what would have happened is told, and nothing does."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from diwan.catalogue.compiled import load_definition
from diwan.catalogue.errors import NoSuchService, NotAllowed
from diwan.kit.errors import DiwanError
from diwan.people.doors import actor_of
from diwan.sandbox.actions import begin_run, make_move, take_back
from diwan.sandbox.errors import NotYours, RunUnknown
from diwan.sandbox.known import checks_at
from diwan.sandbox.models import Run
from diwan.sandbox.moves import Move
from diwan.sandbox.people import employees
from diwan.sandbox.playing import Play
from diwan.sandbox.printed import specimen
from diwan.sandbox.queries import played, run_of, runs_of
from diwan.ui.saying import say
from diwan.web.console import sandbox_shown as shown
from diwan.web.console.drawing import lane_names, picture
from diwan.web.console.guards import needs_catalogue
from diwan.web.console.names import person_name
from diwan.web.console.sandbox_words import Words
from diwan.web.signin.words import problems

DOES = frozenset({"send", "act", "sign", "message", "wait", "withdraw", "cancel", "intervene", "reopen"})


@needs_catalogue
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """The newest runs."""
    actor = actor_of(request)
    rows = [
        {
            "row": run, "name": load_definition(run.version).name(actor.language),
            "by": person_name(run.begun_by, actor.language), "is_mine": run.begun_by_id == actor.account_id,
        }
        for run in runs_of()
    ]  # fmt: skip
    return render(request, "console/sandbox_runs.html", {"rows": rows})


@needs_catalogue
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a run of the version with the person chosen; `like` takes the answers of another run."""
    like = _number(request, "like")
    try:
        run = begin_run(
            version_id=_number(request, "version") or 0, person=request.POST.get("person", ""), by=actor_of(request),
            like=like,
        )  # fmt: skip
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except (NoSuchService, RunUnknown) as error:
        raise Http404 from error
    except DiwanError as error:
        messages.error(request, say(error))
        return HttpResponseRedirect(reverse("console:version", args=[_number(request, "version") or 0]))
    return HttpResponseRedirect(reverse("console:sandbox_run", args=[run.pk]))


@needs_catalogue
@require_GET
def run(request: HttpRequest, run: int) -> HttpResponse:
    """Where a run stands and what has happened."""
    return run_page(request, run_or_404(run))


@needs_catalogue
@require_POST
def move(request: HttpRequest, run: int) -> HttpResponse:
    """Do what was pressed; refused, the page shows why and keeps what was typed."""
    found = run_or_404(run)
    made = _move(request, found)
    try:
        make_move(run_id=run, revision=_number(request, "revision") or 0, move=made, by=actor_of(request))
    except NotYours as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return run_page(request, found, errors={"": say(error)}, tried=made)
    return HttpResponseRedirect(reverse("console:sandbox_run", args=[run]) + "#now")


@needs_catalogue
@require_POST
def back(request: HttpRequest, run: int) -> HttpResponse:
    """Take moves back: only the first `keep` stay."""
    found = run_or_404(run)
    try:
        take_back(
            run_id=run, revision=_number(request, "revision") or 0, keep=_number(request, "keep") or 0,
            by=actor_of(request),
        )  # fmt: skip
    except NotYours as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return run_page(request, found, errors={"": say(error)})
    return HttpResponseRedirect(reverse("console:sandbox_run", args=[run]) + "#now")


@needs_catalogue
@require_GET
def document(request: HttpRequest, run: int) -> HttpResponse:
    """The document as it would be printed, marked as a specimen."""
    try:
        pdf = specimen(played(run_or_404(run)))
    except DiwanError as error:
        messages.error(request, say(error))
        return HttpResponseRedirect(reverse("console:sandbox_run", args=[run]))
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="specimen-{run}.pdf"'},
    )


def run_or_404(run: int) -> Run:
    """The run."""
    try:
        return run_of(run)
    except RunUnknown as error:
        raise Http404 from error


def run_page(
    request: HttpRequest, found: Run, *, errors: Mapping[str, str] | None = None, tried: Move | None = None
) -> HttpResponse:
    """The page of a run; `tried` is the move that was refused."""
    actor, play = actor_of(request), played(found)
    words = Words(play, actor.language, lane_names(actor.language))
    asks_form = not play.sent or any(
        play.table.steps[one.token.step].kind == "applicant" for one in play.open.values()
    )
    context: dict[str, Any] = {
        "run": found, "play": play, "service": play.service, "name": play.service.name(actor.language),
        "version": found.version, "person": words.text(play.setting.person.name),
        "about": words.text(play.setting.person.about), "is_mine": found.begun_by_id == actor.account_id,
        "by": person_name(found.begun_by, actor.language),
        "tasks": [shown.task(play, words, one) for one in sorted(play.open.values(), key=lambda one: one.token.id)],
        "lines": [words.line(one) for one in reversed(play.lines)], "whole": shown.whole(play, words),
        "misfit": None if play.misfit is None else
        {"row": play.misfit, "text": say(play.misfit.error), "title": words.title(play.misfit.move.step)},
        "form": shown.form_state(found, play, "", actor.language) if asks_form else [],
        "parts": {
            one.token.step: shown.form_state(found, play, one.token.step, actor.language)
            for one in play.open.values() if shown.pages_of(play, one.token.step)
        },
        "asks_entry": bool(play.setting.kept_fields()) and not play.sent,
        "picture": picture(play.table, actor.language, shown.open_steps(play)),
        "tried": tried, "how_far": shown.how_far(found.version, actor.language),
        "end": play.service.public(play.position.end or "", actor.language),
        "people": [(code, words.text(name)) for code, name in employees().items()], **problems(errors or {}),
    }  # fmt: skip
    return render(request, "console/sandbox_run.html", context, status=422 if errors else 200)


def _move(request: HttpRequest, found: Run) -> Move:
    """What was pressed. Anything that is none of the page's buttons is not found."""
    posted = request.POST
    do, _dot, pressed = posted.get("do", "").partition(".")
    if do not in DOES:
        raise Http404
    play = played(found)
    step = posted.get("step", "")[:80]
    waiting = [one for one in play.open.values() if one.token.step == step]
    kind = play.table.steps[step].kind if waiting else ""
    takes_form = do == "send" or kind in ("applicant", "party")
    return Move(
        do=do, step=step, token=_number(request, "token") or 0, outcome=pressed[:80],
        who=posted.get("who", "") if posted.get("who", "") in employees() else "",
        note=posted.get("note", "").strip()[:2000], reason=posted.get("reason", "")[:80],
        checks=_checks(request, play, step) if waiting else {},
        votes={code: posted[f"vote-{code}"][:80] for code in employees() if f"vote-{code}" in posted},
        failing=[code[:80] for code in posted.getlist("failing")][:100],
        values=found.values if takes_form else None, papers=found.papers if takes_form else None,
    )  # fmt: skip


def _checks(request: HttpRequest, play: Play, step: str) -> dict[str, str]:
    codes = [check.code for check in checks_at(play.setting, play.table.steps[step], play.facts())]
    given = {code: request.POST.get(f"check-{code}", "") for code in codes}
    return {code: state for code, state in given.items() if state in ("passed", "failed", "silent")}


def _number(request: HttpRequest, name: str) -> int | None:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 18 else None
