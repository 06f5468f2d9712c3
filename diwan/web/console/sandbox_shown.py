"""Where a run of the sandbox stands, as its page shows it: what is open, and what each test person can do there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from diwan.catalogue.compiled import CompiledService, load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.schema import Check
from diwan.flow.table import ACTION_EFFECTS, NO_QUORUM, Exit, Step
from diwan.forms.entry import examine, plan_pages
from diwan.forms.plan import Page, in_language
from diwan.sandbox.known import ABSTAINS, AWAY, CHECKS, checks_at
from diwan.sandbox.models import Run
from diwan.sandbox.people import employees, fitting
from diwan.sandbox.playing import BY_STAFF, Play, Waiting
from diwan.sandbox.queries import tried
from diwan.web.console.sandbox_words import Words

HANDED: frozenset[str] = frozenset({"automatic", "document", "child"})
"""Kinds in which the machine acts: one button, with what it answers where that can differ."""


def task(play: Play, words: Words, waiting: Waiting) -> dict[str, Any]:
    """A step that waits, with the ways out of it."""
    step = play.table.steps[waiting.token.step]
    barred = play.barred(step)
    ways = sorted(step.exits.values(), key=lambda one: ACTION_EFFECTS.index(one.effect))
    exits = [_exit(words, step, one) for one in ways if _offered(step, one)]
    return {
        "waiting": waiting, "step": step, "title": words.title(step.key), "whom": words.whom(step),
        "public": words.text(step.public), "ladder": words.ladder(step.deadline), "exits": exits,
        "reasons": [(code, words.reason(code)) for code in _reasons(play, step)],
        "people": [
            (code, words.text(name) + (f" — {_('may not do this step')}" if code in barred else ""))
            for code, name in employees().items()
        ] if step.kind in BY_STAFF and step.kind != "vote" else [],
        "first": next((code for code in employees() if code not in barred), ""),
        "checks": [_check(words, check) for check in checks_at(play.setting, step, play.facts(item=waiting.item))],
        "decides_itself": step.act == CHECKS,
        "votes": _votes(words, step), "items": _items(play, words, step),
        "pages": pages_of(play, step.key) if step.kind == "party" else [],
        "total": words.total() if step.kind == "payment" else "",
        "guards": [exit_.guard for exit_ in step.exits.values() if exit_.guard],
        "one_button": _one_button(step), "waits_for_message": step.message if step.kind == "wait" else "",
        "up_to": _last_role(play, words, step, waiting),
    }  # fmt: skip


def _offered(step: Step, exit_: Exit) -> bool:
    """Whether a button leads out by it: not what only time or a count brings about."""
    if step.kind == "vote" or step.act == CHECKS or step.kind in ("payment", "wait", "document"):
        return False
    return step.kind != "applicant" and (exit_.key != step.on_expired or step.silence is not None)


def _one_button(step: Step) -> str:
    """The word of the only button of a step, "" where its ways out have their own."""
    return {
        "payment": _("Pay the bill"), "document": _("Issue the document"), "applicant": _("Send again"),
        "vote": _("Count the votes"),
    }.get(step.kind, _("Run the checks") if step.act == CHECKS else "")  # fmt: skip


def _exit(words: Words, step: Step, exit_: Exit) -> dict[str, Any]:
    asks = [
        text
        for text, asked in (
            (_("a reason"), exit_.reason == "required"), (_("words"), exit_.note == "required"),
            (_("a fresh code"), exit_.step_up),
        )
        if asked
    ]  # fmt: skip
    return {
        "key": exit_.key,
        "label": words.outcome(step.key, exit_.key),
        "effect": exit_.effect,
        "asks": asks,
    }


def _reasons(play: Play, step: Step) -> list[str]:
    found = [
        code
        for exit_ in step.exits.values()
        if exit_.reason != "none"
        for code in play.service.reasons_for(exit_)
    ]
    return list(dict.fromkeys(found))


def _check(words: Words, check: Check) -> dict[str, Any]:
    return {"code": check.code, "name": words.text(check.name), "is_rule": check.kind == "rule"}


def _votes(words: Words, step: Step) -> dict[str, Any] | None:
    if step.vote is None:
        return None
    choices = [(key, words.outcome(step.key, key)) for key in step.exits if key != NO_QUORUM]
    return {
        "members": [(code, words.text(name)) for code, name in employees().items()],
        "choices": [*choices, (ABSTAINS, _("Abstains")), (AWAY, _("Does not come"))], "rule": step.vote,
    }  # fmt: skip


def _items(play: Play, words: Words, step: Step) -> list[tuple[str, str]]:
    items = play.service.checklist(step.checklist) if step.checklist is not None else ()
    return [
        (item.code, f"{words.text(item.text)} ({item.weight}{'، ' if words.language == 'ar' else ', '}{_('critical')})")
        if item.critical else (item.code, f"{words.text(item.text)} ({item.weight})")
        for item in items
    ]  # fmt: skip


def _last_role(play: Play, words: Words, step: Step, waiting: Waiting) -> str:
    """The role whose signature ends a chain."""
    if step.kind != "chain":
        return ""
    role = str(play.service.evaluate(step.up_to or "", play.facts(item=waiting.item)).value)
    return words.lanes.get(role, role)


# The form
def pages_of(play: Play, part: str) -> list[Page]:
    """The pages that are asked of the applicant ("") or of the party of a step."""
    return [page for page in play.service.form.pages if page.by == part]


def form_state(run: Run, play: Play, part: str, language: str) -> list[dict[str, Any]]:
    """The pages of a part with what is still wrong on each."""
    context, plan = play.setting.context(part), play.service.form
    papers = {
        slot.key: [str(number) for number in range(max(1, slot.least))]
        for slot in plan.slots
        if slot.key in run.papers
    }
    wrong = set(examine(plan, run.values, papers, context).problems)
    return [
        {
            "page": page, "title": in_language(page.title, language),
            "open": len(wrong & {*page.slots, *(field.key for group in page.groups for field in group.fields)}),
        }
        for page in plan_pages(plan, run.values, context)
    ]  # fmt: skip


def open_steps(play: Play) -> dict[str, int]:
    """Step -> how many wait there, for the diagram."""
    found: dict[str, int] = {}
    for one in play.open.values():
        found[one.token.step] = found.get(one.token.step, 0) + 1
    return found


def whole(play: Play, words: Words) -> list[tuple[str, str, str]]:
    """What can be done to the whole where it stands: (do, name, label)."""
    table, steps = play.table, {one.token.step for one in play.open.values()}
    found = []
    if (
        play.ended
        and table.reopen is not None
        and (not table.reopen.ends or play.position.end in table.reopen.ends)
    ):
        found += [("reopen", to, f"{_('Open again at')} {words.title(to)}") for to in table.reopen.to]
    if play.ended or not steps:
        return found
    if table.withdraw is not None and _anywhere(table.withdraw.allowed_in, steps):
        found.append(("withdraw", "", _("The applicant withdraws")))
    if table.cancel is not None and _anywhere(table.cancel.allowed_in, steps):
        found.append(
            ("cancel", "", _("Cancel") + f" ({words.lanes.get(table.cancel.role, table.cancel.role)})")
        )
    for name, rule in table.interventions.items():
        if _anywhere(rule.allowed_in, steps):
            found.append(("intervene", name, words.ruling(name)))
    return found


def _anywhere(allowed: tuple[str, ...], steps: set[str]) -> bool:
    return not allowed or steps <= set(allowed)


def how_far(version: ServiceVersion, language: str) -> Mapping[str, Any] | None:
    """How far a version was tried, in words; None for one without a workflow."""
    found = tried(version)
    if found is None:
        return None
    service = load_definition(version)
    return {
        "tried": found, "exits": len(found.exits), "taken": len(found.exits) - len(found.open_exits),
        "ends": len(found.ends), "reached": len(found.ends) - len(found.open_ends),
        "open_ends": [service.title(step, language) for step in found.open_ends],
        "open_exits": [
            (service.title(step, language), service.outcome(step, outcome, language))
            for step, outcome in found.open_exits
        ],
    }  # fmt: skip


def choosable(service: CompiledService, language: str) -> list[tuple[str, str]]:
    """The test people who can apply for a service; none for one without a workflow."""
    found = fitting(service) if service.table is not None else []
    return [(one.code, in_language(one.about, language)) for one in found]
