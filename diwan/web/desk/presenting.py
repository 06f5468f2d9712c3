"""What the desk's templates show: plain values made from cases, so that templates hold no logic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from diwan.cases.context import form_context
from diwan.cases.guards import may_do
from diwan.cases.models import Case, CheckResult, FieldRemark, History, NoteDraft, OpenTask
from diwan.cases.queries import CasePage, QueueRow
from diwan.cases.services import service_of
from diwan.cases.wording import act_text
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import calendar_for, lookup_row
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.forms.entry import answered, visible_slots
from diwan.forms.registry import kind
from diwan.kit import clock, numbers
from diwan.kit.accounts import Held, account
from diwan.kit.dates import joined
from diwan.people.actor import Actor

_KEYS = {"approve": "KeyA", "recommend": "KeyA", "confirm": "KeyA", "passed": "KeyA", "return": "KeyR", "remarks": "KeyR",
         "reject": "KeyD", "refuse": "KeyD", "back": "KeyB"}  # fmt: skip
_ORDER = ("approve", "continue", "return", "reject")


@dataclass(frozen=True, slots=True)
class ActButton:
    """One act that the reader can do now: the safe one first, the destructive ones last."""

    outcome: str
    label: str
    effect: str
    key: str
    step_up: bool
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """The task that the reader can act on."""

    task: OpenTask
    title: str
    buttons: Sequence[ActButton]
    reasons: Mapping[str, Sequence[tuple[str, str]]]
    return_reasons: Sequence[tuple[str, str]]
    items: Sequence[Any] = ()
    mine: bool = False
    takes_remarks: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: label, value, the value before the last return, and what is remarked on it."""

    key: str
    label: str
    value: str
    was: str = ""
    changed: bool = False
    remarks: Sequence[FieldRemark] = field(default_factory=tuple)


def row_view(row: QueueRow, language: str) -> dict[str, Any]:
    """A line of a queue."""
    case, task = row.case, row.task
    service = service_of(case.version_id)
    who = case.applicant
    return {
        "id": task.pk,
        "number": row.number,
        "url": reverse("desk:case", args=[numbers.case_number(case.pk)]),
        "service": service.name(language),
        "step": service.title(task.step, language),
        "applicant": who.get(f"establishment_{language}")
        or who.get(f"name_{language}")
        or who.get("name_ar", ""),
        "subject": case.data.get("trade_name_ar" if language == "ar" else "trade_name_en", ""),
        "due": task.due_at,
        "lateness": lateness(task.due_at),
        "returned": task.returned,
        "assignee": task.assignee,
        "kind": task.kind,
        "revision": case.revision,
    }


def lateness(due: datetime | None) -> str:
    """`late`, `today` or "" for a deadline."""
    if due is None:
        return ""
    if due < clock.now():
        return "late"
    return "today" if clock.local(due).date() == clock.today() else ""


def task_view(page: CasePage, actor: Actor) -> TaskView | None:
    """The open task that the actor can act on, with its buttons; None when there is none."""
    for task in page.tasks:
        outside = task.entity_id is not None and task.entity_id == actor.entity_id
        if not outside and (task.role == "" or not may_do(task, by=actor)):
            continue
        return _task_view(page.service, task, actor)
    return None


def _task_view(service: CompiledService, task: OpenTask, actor: Actor) -> TaskView:
    step = service.flow.steps[task.step]
    buttons = [
        ActButton(
            outcome=key,
            label=service.outcome(task.step, key, actor.language),
            effect=exit_.effect,
            key=_KEYS.get(key, ""),
            step_up=exit_.step_up,
            needs_reason=exit_.reason == "required" or exit_.effect in ("return", "reject"),
        )
        for key, exit_ in step.exits.items()
        if exit_.label is not None and not (step.silence and key == step.silence.outcome)
    ]
    buttons.sort(key=lambda button: _ORDER.index(button.effect))
    lists = {exit_.effect for exit_ in step.exits.values() if exit_.label is not None}
    return TaskView(
        task=task,
        title=service.title(task.step, actor.language),
        buttons=buttons,
        reasons={
            effect: reasons_of(service, effect, actor.language) for effect in sorted(lists - {"return"})
        },
        return_reasons=reasons_of(service, "return", actor.language),
        items=service.checklist(step.checklist) if step.checklist else (),
        mine=task.assignee_id in actor.position_ids,
        takes_remarks=any(button.effect == "return" for button in buttons),
    )


def reasons_of(service: CompiledService, effect: str, language: str) -> list[tuple[str, str]]:
    """Reason codes of an effect with their words."""
    found = []
    for code in service.reason_codes(effect):
        row = lookup_row("reasons", code, clock.today())
        if row is not None:
            found.append((code, row.name.en if language == "en" else row.name.ar))
    return found


def reason_words(codes: Iterable[str], language: str) -> list[str]:
    """The words of reason codes."""
    rows = [lookup_row("reasons", code, clock.today()) for code in codes]
    return [row.name.en if language == "en" else row.name.ar for row in rows if row is not None]


def answer_groups(page: CasePage, language: str) -> list[tuple[str, list[Answer]]]:
    """Answers by page of the form; what changed since the last return is marked with what it was."""
    case, service = page.case, page.service
    context = form_context(service, applicant=case.applicant, renews=case.facts.get("renews", ""))
    before = _before(page.history)
    groups: dict[str, list[Answer]] = {}
    for form_page, _group, found, value in answered(service.form, case.data, context):
        reader = kind(found.kind)
        title = form_page.title.en if language == "en" else form_page.title.ar
        was = before.get(found.key)
        groups.setdefault(title, []).append(
            Answer(
                key=found.key,
                label=service.label(found.key, language),
                value=joined(reader.show(value, found, language, context), isolated=True)
                if value is not None
                else "",
                was=joined(reader.show(was, found, language, context), isolated=True)
                if was is not None
                else "",
                changed=found.key in case.highlights,
                remarks=[remark for remark in page.remarks if remark.field == found.key],
            )
        )
    return list(groups.items())


def _before(history: Sequence[History]) -> dict[str, Any]:
    """Field -> value before the last resubmission."""
    last = next((row for row in history if row.act == "resubmitted"), None)
    return {key: pair[0] for key, pair in last.changes.items() if pair} if last else {}


def slot_answers(page: CasePage, papers: Sequence[Upload], language: str) -> list[Answer]:
    """The papers asked, as lines that can be remarked on."""
    case, service = page.case, page.service
    context = form_context(service, applicant=case.applicant, renews=case.facts.get("renews", ""))
    return [
        Answer(
            key=slot.key,
            label=service.label(slot.key, language),
            value=str(len([upload for upload in papers if upload.slot == slot.key])),
            changed=slot.key in case.highlights,
            remarks=[remark for remark in page.remarks if remark.field == slot.key],
        )
        for slot in visible_slots(service.form, case.data, context)
    ]


def paper_views(page: CasePage, papers: Sequence[Upload], language: str) -> list[dict[str, Any]]:
    """Papers for the viewer, the newest of a changed slot marked."""
    return [
        {
            "id": upload.pk,
            "title": f"{page.service.label(upload.slot, language)} · {upload.filename}",
            "url": reverse("desk:paper", args=[upload.pk]),
            "kind": "image" if upload.media_type.startswith("image/") else "pdf",
            "new": upload.slot in page.case.highlights,
        }
        for upload in papers
    ]


def case_papers(case: Case) -> list[Upload]:
    """The uploads of a case."""
    return uploads_of(f"case:{case.pk}")


def check_views(
    checks: Sequence[CheckResult], service: CompiledService, language: str
) -> list[dict[str, Any]]:
    """The latest finding of each check, with the rule's words when it failed."""
    latest = {check.code: check for check in checks}
    views = []
    for code, check in latest.items():
        declared = service.check(code)
        if declared is None:
            continue
        name, text = (declared.name, declared.text)
        views.append(
            {
                "name": name.en if language == "en" else name.ar,
                "state": check.state,
                "text": (text.en if language == "en" else text.ar) if check.state == "failed" else "",
                "asked_at": check.asked_at,
                "took_ms": check.took_ms,
            }
        )
    return views


def history_views(
    history: Sequence[History], service: CompiledService, language: str
) -> list[dict[str, Any]]:
    """The history in words: who, in what capacity, what, why."""
    return [_history_view(row, service, language) for row in history]


def _history_view(row: History, service: CompiledService, language: str) -> dict[str, Any]:
    name = row.actor_en if language == "en" else row.actor_ar
    title = row.title_en if language == "en" else row.title_ar
    who = f"{name} ({title})" if title else name
    if row.on_behalf_of:
        who = f"{who}، {_('on behalf of')} {row.on_behalf_of}"
    step = service.title(row.step, language) if row.step else ""
    outcome = (
        service.outcome(row.step, row.outcome, language)
        if row.step and row.act in ("acted", "returned")
        else ""
    )
    what = " · ".join(part for part in (act_text(row.act), step, outcome) if part)
    notes = [*reason_words(row.reasons, language), row.note]
    if row.changes:
        notes.append(_("Changed") + ": " + "، ".join(service.label(key, language) for key in row.changes))
    text = (row.why or {}).get("text")
    if text:
        notes.append(text.get(language, ""))
    return {"what": what, "who": who, "when": row.at, "note": "\n".join(note for note in notes if note)}


def holder_words(holder: str, language: str) -> str:
    """Who has the case now, in words."""
    if holder.startswith("entity:"):
        row = lookup_row("entities", holder.partition(":")[2], clock.today())
        if row is None:
            return holder.partition(":")[2]
        return row.name.en if language == "en" else row.name.ar
    return {
        "us": _("With us"),
        "applicant": _("With the applicant"),
        "payer": _("With the payer"),
        "none": _("Ended"),
    }.get(holder, holder)


def spent(page: CasePage, language: str) -> list[tuple[str, int]]:
    """Working days by holder, from the history."""
    acts = sorted((row for row in page.history if row.act != "decided"), key=lambda row: row.pk)
    stretches = [
        Held(row.holder, row.at, following.at if following is not None else page.case.closed_at)
        for row, following in zip(acts, [*acts[1:], None], strict=True)
    ]
    counted = account(stretches, at=clock.now(), calendar=calendar_for(page.case.municipality_id))
    return [(holder_words(item.holder, language), item.working_days) for item in counted.items if item.holder]


def typed_note(draft: NoteDraft | None) -> dict[str, Any]:
    """What was being typed."""
    return dict(draft.content) if draft is not None else {}
