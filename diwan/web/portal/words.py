"""How the portal says where a request stands: who has it, what was done, by whom; in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from diwan.cases.explaining import explained, with_routing
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.wording import act_text
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row
from diwan.kit import clock
from diwan.payments.queries import Standing
from diwan.people.queries import entity_name
from diwan.web.apply.words import article_text, reason_text

ENTITY = "entity:"
_TOLD = frozenset({"returned", "cancelled", "reopened", "ruled", "withdrawn"})
"""Acts whose reasons and note speak to the applicant; notes of other acts are between employees, but for
those that an action requires and that give the case into the applicant's hands or end it."""
_HIS = frozenset({"applicant", "choice", "end"})


def holder_words(holder: str, language: str) -> str:
    """Who has the case: with us, with you, with a body; empty when it is over."""
    if holder.startswith(ENTITY):
        return _("With {body}").format(body=entity_name(holder.removeprefix(ENTITY), language))
    return {
        "us": _("With us"),
        "applicant": _("With you"),
        "payer": _("With you, to pay"),
        "entity": _("With another body"),
        "party": _("With the other party"),
    }.get(holder, "")


def asked_bodies(tasks: Iterable[OpenTask]) -> list[OpenTask]:
    """The open tasks of outside bodies, each body once, in the order in which they were asked."""
    found: dict[int, OpenTask] = {}
    for task in tasks:
        if task.entity_id is not None:
            found.setdefault(task.entity_id, task)
    return list(found.values())


def standing_words(
    case: Case,
    service: CompiledService,
    tasks: Iterable[OpenTask],
    language: str,
    *,
    bill: Standing | None = None,
) -> tuple[str, str]:
    """Who has the case now and what the citizen reads there: every body of several that were asked at once, and the
    words of every step that is open beside the one that moved last.

    A payment that finance examines is with us: nothing is to be paid meanwhile.
    """
    if case.closed_at:
        return "", stage_words(service, case.stage, language)
    if bill == Standing.UNDER_REVIEW:
        return holder_words("us", language), ""
    who, steps = holder_words(case.holder, language), [case.stage]
    bodies = asked_bodies(tasks := list(tasks))
    if case.holder.startswith(ENTITY) and len(bodies) > 1:
        names = [
            (task.entity.name_en if language == "en" else task.entity.name_ar)
            for task in bodies
            if task.entity
        ]
        who = _("With {body}").format(body=_(" and ").join(names))
        steps = [task.step for task in bodies]
    steps += [task.step for task in tasks]
    texts = (stage_words(service, step, language) for step in dict.fromkeys(steps))
    return who, " ".join(dict.fromkeys(text for text in texts if text))


def stage_words(service: CompiledService, stage: str, language: str) -> str:
    """What the citizen reads at a step, without a first sentence that only says who has it."""
    text = service.public(stage, language)
    for start in ("عندنا. ", "عندكم. ", "With us. ", "With you. "):
        text = text.removeprefix(start)
    return text


_STATES = {
    "submitted": ("Received", "info"),
    "under_review": ("Under review", "info"),
    "returned": ("Waits for you", "warning"),
    "external_wait": ("With another body", "info"),
    "inspection": ("Visit", "info"),
    "approved": ("Approved", "success"),
    "rejected": ("Rejected", "error"),
    "invoiced": ("Waits for payment", "warning"),
    "paid": ("Paid", "success"),
    "issued": ("Issued", "success"),
    "expired": ("Lapsed", "plain"),
    "cancelled": ("Cancelled", "plain"),
    "withdrawn": ("Withdrawn", "plain"),
    "closed": ("Closed", "plain"),
}


def state_words(state: str) -> tuple[str, str]:
    """A state in a word, and the kind of tag it gets."""
    words = {
        "submitted": _("Request received"),
        "under_review": _("Under review"),
        "returned": _("Waits for you"),
        "external_wait": _("With another body"),
        "inspection": _("Visit"),
        "approved": _("Approved"),
        "rejected": _("Rejected"),
        "invoiced": _("Waits for payment"),
        "paid": _("Paid"),
        "issued": _("Issued"),
        "expired": _("Lapsed"),
        "cancelled": _("Cancelled"),
        "withdrawn": _("Withdrawn"),
        "closed": _("Closed"),
    }
    return words.get(state, state), _STATES.get(state, ("", "plain"))[1]


def timeline(
    history: Iterable[History], case: Case, service: CompiledService, language: str, *, own: bool = True
) -> list[dict[str, Any]]:
    """The acts that an applicant is shown, with why for those of the machine and for where rules sent the case.

    `history`: all of it, the newest first. Without `own` no names of people, and nothing of what the rules read.
    """
    entries: list[dict[str, Any]] = []
    shown = [rows for rows in with_routing(history) if rows[0].public]
    for place, (row, *along) in enumerate(shown):
        why = explained([row, *along], service, language, plain=True)
        entries.append(
            {
                "what": what_words(row, service, language),
                "who": who_words(row, language, own=own),
                "when": row.at,
                "note": _note(row, service, language, own=own),
                "now": place == 0 and case.closed_at is None,
                "why": why if own or why is None else why.without_inputs(),
            }
        )
    return entries


def what_words(row: History, service: CompiledService, language: str) -> str:
    """What was done, in the citizen's words."""
    if row.act == "acted":
        if row.state == "invoiced":
            return _("Approved")
        if row.state == "rejected":
            return _("Rejected")
        return _("Went to the next step")
    return act_text(row.act)


def who_words(row: History, language: str, *, own: bool) -> str:
    """By whom: a post by its title, the system, the applicant by name (on the own page only)."""
    if row.capacity.startswith("system:"):
        return _("The system, automatically")
    title = row.title_en if language == "en" else row.title_ar
    if row.position_id is not None or row.capacity.startswith("entity:"):
        return f"{title} ({row.on_behalf_of})" if row.on_behalf_of and own else title
    if not own:
        return _("The applicant")
    name = row.actor_en if language == "en" else row.actor_ar
    return f"{name}، {title}" if title and language == "ar" else f"{name}, {title}" if title else name


def told_words(row: History, service: CompiledService, language: str) -> str:
    """Reasons and words of an act as its applicant reads them."""
    return _note(row, service, language, own=True)


def _note(row: History, service: CompiledService, language: str, *, own: bool) -> str:
    told = row.act in _TOLD or (row.act == "acted" and (row.state == "rejected" or _speaks(row, service)))
    parts = [reason_text(code, language) for code in row.reasons] if told else []
    if own and row.note and told:
        parts.append(row.note)
    why = (row.why or {}).get("text") or {}
    if isinstance(why, Mapping) and why.get(language):
        parts.append(str(why[language]))
    if not parts and row.act in ("acted", "checked", "resubmitted", "opened", "silence", "paid"):
        parts.append(stage_words(service, row.stage, language))
    joint = "، " if language == "ar" else "; "
    return joint.join(part for part in parts if part)


def _speaks(row: History, service: CompiledService) -> bool:
    """Whether the act had to be put into words and gave the case into the applicant's hands, or ended it."""
    step = service.flow.steps.get(row.step)
    exit_ = step.exits.get(row.outcome) if step is not None else None
    return exit_ is not None and exit_.note == "required" and service.flow.steps[exit_.to].kind in _HIS


def refusal_articles(row: History | None, language: str) -> list[tuple[str, str]]:
    """The articles on which a refusal rests: title and text."""
    found = []
    for code in row.reasons if row is not None else ():
        article = _article_of(code)
        if article:
            found.append(article_text(article, language))
    return found


def _article_of(reason: str) -> str:
    row = lookup_row("reasons", reason, clock.today())
    return str(row.data.get("article", "")) if row is not None else ""
