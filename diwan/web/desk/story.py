"""The story of a case in words: who did what and why, who has it, how long each had it, what is unusual about it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diwan.cases.accounting import account_of
from diwan.cases.contests import contested
from diwan.cases.day_words import days_told
from diwan.cases.explaining import check_explained, explained
from diwan.cases.models import Case, CheckResult, History
from diwan.cases.queries import CasePage
from diwan.cases.wording import act_text
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row
from diwan.kit import clock, numbers
from diwan.people.queries import entity_name
from diwan.web.desk.rows import names_at
from diwan.web.desk.steps import in_words, reason_words

_APPROVING: Final = frozenset({"approve", "recommend", "confirm", "passed"})
_APPLICANT: Final = frozenset({"self", "establishment", "secret"})
"""Capacities of the applicant's side (`diwan.people.actor`; `secret` is whoever holds the secret of the case)."""


def history_views(
    page: CasePage, language: str, *, outside: bool = False, plain: bool = False
) -> list[dict[str, Any]]:
    """The history in words: who, in what capacity, what, why; the newest first.

    An `outside` body reads what the applicant did without the name, and, as whoever reads it `plain`, no rule's name.
    """
    return [_history_view(row, page.service, language, outside, plain) for row in page.history]


def _history_view(
    row: History, service: CompiledService, language: str, outside: bool, plain: bool
) -> dict[str, Any]:
    by_applicant = row.capacity.partition(":")[0] in _APPLICANT
    return {
        "what": act_words(row, service, language),
        "who": _("The applicant") if outside and by_applicant else actor_words(row, language),
        "when": row.at,
        "note": "\n".join(note for note in _notes(row, service, language) if note),
        "why": explained([row], service, language, plain=outside or plain),
    }


def act_words(row: History, service: CompiledService, language: str) -> str:
    """What was done, at which step, with which outcome."""
    if row.act == "decided":
        step, to = service.title(row.step, language), service.title(row.outcome, language)
        return (
            f"{act_text(row.act)}: {step} ← {to}"
            if language == "ar"
            else f"{act_text(row.act)}: {step} → {to}"
        )
    step = service.title(row.step, language) if row.step else ""
    outcome = service.outcome(row.step, row.outcome, language) if row.act in ("acted", "returned") else ""
    if row.act in ("ruled", "voted"):
        outcome = service.outcome(row.step, row.outcome, language) if row.outcome else ""
        return ": ".join(part for part in (act_text(row.act), outcome) if part)
    if row.act == "acted" and outcome:
        return f"{step}: {outcome}"
    return " · ".join(part for part in (act_text(row.act), step) if part)


def actor_words(row: History, language: str) -> str:
    """Name, title, and on whose behalf."""
    name = row.actor_en if language == "en" else row.actor_ar
    title = row.title_en if language == "en" else row.title_ar
    who = f"{name} ({title})" if title and title != name else name
    if row.on_behalf_of:
        arabic, _bar, english = row.on_behalf_of.partition(" | ")
        held_by = (english or arabic) if language == "en" else arabic
        who = f"{who}{_comma(language)}{_('on behalf of')} {held_by}"
    return who


def _notes(row: History, service: CompiledService, language: str) -> list[str]:
    notes = [*reason_words(row.reasons, language), row.note]
    if row.changes and row.act == "issued":
        notes += [
            _old_and_new(service.label(key, language), pair, language) for key, pair in row.changes.items()
        ]
    elif row.changes:
        labels = _comma(language).join(service.label(key, language) for key in row.changes)
        notes.append(_("Changed: %(fields)s") % {"fields": labels})
    why: Mapping[str, Any] = row.why or {}
    text = why.get("text")
    if isinstance(text, Mapping):
        notes.append(str(text.get(language, "")))
    result = why.get("result")
    if isinstance(result, Mapping) and "score" in result:
        notes.append(_("Checklist: %(score)s of 100") % {"score": result["score"]})
    return notes


def _old_and_new(label: str, pair: Sequence[Any], language: str) -> str:
    """A corrected answer with the value before and after."""
    before, after = (str(value) if value not in (None, "") else "—" for value in pair)
    return f"{label}: {before} ← {after}" if language == "ar" else f"{label}: {before} → {after}"


def _comma(language: str) -> str:
    return "، " if language == "ar" else ", "


def holder_words(holder: str, language: str) -> str:
    """Who has the case now, in words."""
    if holder.startswith("entity:"):
        code = holder.partition(":")[2]
        row = lookup_row("entities", code, clock.today())
        return entity_name(code, language) if row is None else in_words(row.name, language)
    return {
        "us": _("With us"),
        "applicant": _("With the applicant"),
        "payer": _("With the payer"),
        "party": _("With the other party"),
        "none": _("Ended"),
    }.get(holder, holder)


def holder_line(page: CasePage, language: str) -> str:
    """Who has the case now: every outside body that is asked, else whoever holds it; nobody once it is over.

    With us, by the name of the officer who has taken it over: a colleague reads why there is nothing to do.
    """
    if page.case.closed_at is not None:
        return ""
    bodies = [task.entity for task in page.tasks if task.entity is not None]
    if bodies:
        return _comma(language).join(one.name_en if language == "en" else one.name_ar for one in bodies)
    officers = names_at((task.assignee_id for task in page.tasks), language)
    return " · ".join([holder_words(page.case.holder, language), *dict.fromkeys(officers.values())])


def spent(page: CasePage, language: str) -> str:
    """Working days and whose they were, in a sentence."""
    return days_told(account_of(page.case, page.history, (page.tasks, page.done)), language, own=False)


def holds_since(page: CasePage) -> Any:
    """Since when the present holder has the case."""
    since = None
    for row in page.history:
        if row.act == "decided":
            continue
        if row.holder != page.case.holder:
            break
        since = row.at
    return since


def approved_by(page: CasePage, language: str) -> list[dict[str, Any]]:
    """Who has said yes since the last return, the newest first. An act that was taken back was none."""
    found, taken_back = [], 0
    for row in page.history:
        if row.act == "undone":
            taken_back += 1
            continue
        if taken_back and row.act != "decided":
            taken_back -= 1
            continue
        if row.act in ("returned", "resubmitted"):
            break
        if row.act == "signed" or (row.act == "acted" and row.outcome in _APPROVING):
            found.append(
                {
                    "who": actor_words(row, language),
                    "step": page.service.title(row.step, language),
                    "when": row.at,
                }
            )
    return found


def unusual(page: CasePage, language: str) -> list[str]:
    """What a reader in a hurry has to know: checks not in order, silence, returns, lateness, a weak visit."""
    case, said = page.case, []
    states = {"failed": _("Not in order"), "silent": _("Register silent"), "manual": _("Checked by hand")}
    said += [
        f"{states.get(view['state'], states['manual'])}: {view['name']}"
        for view in check_views(page.checks, page.service, language)
        if view["state"] != "passed"
    ]
    for row in page.history:
        if row.act == "silence":
            said.append(f"{act_text(row.act)}: {page.service.title(row.step, language)}")
        score = (
            ((row.why or {}).get("result") or {}).get("score") if row.act in ("acted", "returned") else None
        )
        if score is not None and score < 100:
            said.append(_("Visit: %(score)s of 100") % {"score": score})
    if case.returns:
        said.append(
            ngettext(
                "Returned to the applicant %(count)s time",
                "Returned to the applicant %(count)s times",
                case.returns,
            )
            % {"count": case.returns}
        )
    late = [remark for remark in page.remarks if remark.late_why]
    if late:
        said.append(_("New remarks on answers that had not changed"))
    if case.due_at is not None and case.due_at < clock.now():
        said.append(_("Beyond the time promised"))
    return list(dict.fromkeys(said))


def check_views(
    checks: Sequence[CheckResult], service: CompiledService, language: str, *, outside: bool = False
) -> list[dict[str, Any]]:
    """The latest finding of each check, those not in order first, with the rule's words and why."""
    latest = {check.code: check for check in checks}
    views = []
    for code, check in latest.items():
        declared = service.check(code)
        if declared is None:
            continue
        failed = check.state == CheckResult.State.FAILED
        views.append(
            {
                "name": in_words(declared.name, language),
                "state": check.state,
                "text": in_words(declared.text, language) if failed else "",
                "asked_at": check.asked_at,
                "why": check_explained(check, declared, service, language, plain=outside),
            }
        )
    return sorted(views, key=lambda view: view["state"] == CheckResult.State.PASSED)


def place_words(case: Case, language: str) -> str:
    """District and municipality."""
    names = [case.district, case.municipality]
    return _comma(language).join(
        (one.name_en if language == "en" else one.name_ar) for one in names if one is not None
    )


def linked(case: Case) -> list[dict[str, str]]:
    """The case that this one follows, and those that follow it: what each is to this one, number and address."""
    before, after = case.facts.get("follows"), case.facts.get("follow_ups", [])
    decision = contested(case)
    about = decision.get("case")
    pairs = []
    if before:
        label = _("Follows the licence of") if "document" in before else _("Follows")
        pairs.append((label, before["case"]))
    if about:
        pairs.append((_("Objects to the decision on"), about))
    for row in after:
        label = _("Followed by the visit") if row["kind"] == "visit" else _("Followed by")
        pairs.append((label, row["case"]))
    if "parent" in case.facts:
        pairs.append((_("Opened for"), case.facts["parent"]["case"]))
    for row in case.facts.get("children", []):
        pairs.append((_("Case inside"), row["case"]))
    links = [
        {
            "label": label,
            "number": numbers.show_case_number(case_id),
            "url": reverse("desk:case", args=[numbers.case_number(case_id)]),
        }
        for label, case_id in pairs
    ]
    if decision.get("what") == "entry":
        links.append(
            {
                "label": _("Objects to the decision on licence"),
                "number": numbers.show_document_number(decision["number"]),
                "url": reverse("desk:licence", args=[decision["number"]]),
            }
        )
    return links
