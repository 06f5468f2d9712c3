"""The task that a reader can act on: its buttons in a fixed order, its reasons, its checklist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from diwan.cases.guards import may_do
from diwan.cases.models import OpenTask
from diwan.cases.queries import CasePage, signs_next
from diwan.cases.routing import NobodyInCharge
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row
from diwan.flow.table import Exit
from diwan.kit import clock
from diwan.people.actor import Actor

_KEYS: Final = {
    "approve": "KeyA", "recommend": "KeyA", "confirm": "KeyA", "passed": "KeyA", "return": "KeyR", "remarks": "KeyR",
    "reject": "KeyD", "refuse": "KeyD", "back": "KeyB", "no_entry": "KeyE",
}  # fmt: skip
_ORDER: Final = ("approve", "continue", "return", "reject")

Reasons = Sequence[tuple[str, str, str]]
"""Code, name and the sentence usually written with it."""


@dataclass(frozen=True, slots=True)
class ActButton:
    """One act that the reader can do now: the safe one first, the destructive ones last."""

    outcome: str
    label: str
    effect: str
    key: str
    step_up: bool
    reason: str
    reasons: Reasons = ()

    @property
    def style(self) -> str:
        """The class of the button by what it does."""
        return {"reject": "btn-danger-plain"}.get(self.effect, "btn-plain")


@dataclass(frozen=True, slots=True)
class TaskView:
    """The task that the reader can act on."""

    task: OpenTask
    title: str
    buttons: Sequence[ActButton]
    return_reasons: Reasons
    items: Sequence[Any] = ()
    mine: bool = False
    takes_remarks: bool = False
    with_reasons: Sequence[ActButton] = field(default_factory=tuple)
    goes_on: str = ""
    """In a chain of signatures: who signs after the reader, or that nobody does."""

    @property
    def is_visit(self) -> bool:
        """Whether a checklist is filled in on site."""
        return self.task.kind == OpenTask.Kind.VISIT

    @property
    def is_outside(self) -> bool:
        """Whether an outside body is asked."""
        return self.task.kind == OpenTask.Kind.OUTSIDE

    @property
    def signs(self) -> bool:
        """Whether an act here authorises a signature."""
        return any(button.step_up for button in self.buttons)


def task_view(page: CasePage, actor: Actor) -> TaskView | None:
    """The open task that the actor can act on, with its buttons; None when there is none."""
    for task in page.tasks:
        outside = task.entity_id is not None and task.entity_id == actor.entity_id
        if task.kind == OpenTask.Kind.VOTE:
            continue
        if outside or (task.role != "" and may_do(task, by=actor)):
            return replace(_task_view(page.service, task, actor), goes_on=_chain_words(page, task, actor))
    return None


def _chain_words(page: CasePage, task: OpenTask, actor: Actor) -> str:
    """In a chain of signatures: who signs after the reader."""
    if task.kind != OpenTask.Kind.CHAIN or actor.position_id is None:
        return ""
    try:
        post = signs_next(page, task, actor)
    except NobodyInCharge as error:
        return str(error)
    if post is None:
        return _("Your signature is the last one.")
    return _("After you it goes to: %(post)s") % {
        "post": post.title_en if actor.language == "en" else post.title_ar
    }


def exits_of(service: CompiledService, task: OpenTask) -> list[Exit]:
    """The ways out that a person can take, the safe one first."""
    step = service.flow.steps[task.step]
    silent = step.silence.outcome if step.silence else ""
    found = [exit_ for key, exit_ in step.exits.items() if exit_.label is not None and key != silent]
    return sorted(found, key=lambda exit_: _ORDER.index(exit_.effect))


def _task_view(service: CompiledService, task: OpenTask, actor: Actor) -> TaskView:
    step = service.flow.steps[task.step]
    buttons = [_button(service, task, exit_, actor.language) for exit_ in exits_of(service, task)]
    return TaskView(
        task=task,
        title=service.title(task.step, actor.language),
        buttons=buttons,
        return_reasons=reasons_of(service.reason_codes("return"), actor.language),
        items=service.checklist(step.checklist) if step.checklist else (),
        mine=task.assignee_id in actor.position_ids,
        takes_remarks=any(button.effect == "return" for button in buttons),
        with_reasons=[button for button in buttons if button.reasons and button.effect != "return"],
    )


def _button(service: CompiledService, task: OpenTask, exit_: Exit, language: str) -> ActButton:
    needed = "required" if exit_.effect == "reject" else exit_.reason
    return ActButton(
        outcome=exit_.key,
        label=service.outcome(task.step, exit_.key, language),
        effect=exit_.effect,
        key=_KEYS.get(exit_.key, ""),
        step_up=exit_.step_up,
        reason=needed,
        reasons=reasons_of(service.reasons_for(exit_), language) if needed != "none" else (),
    )


def reasons_of(codes: Iterable[str], language: str) -> list[tuple[str, str, str]]:
    """Reason codes with their names and usual sentences."""
    found = []
    for code in codes:
        row = lookup_row("reasons", code, clock.today())
        if row is not None:
            snippet = row.data.get("snippet") or {}
            found.append((code, in_words(row.name, language), _of(snippet, language)))
    return found


def reason_words(codes: Iterable[str], language: str) -> list[str]:
    """The names of reason codes."""
    return [name for _code, name, _snippet in reasons_of(codes, language)]


def in_words(text: Any, language: str) -> str:
    """A text of the catalogue in a language."""
    return str(text.en if language == "en" else text.ar)


def _of(snippet: Any, language: str) -> str:
    return str(snippet.get(language, "")) if isinstance(snippet, Mapping) else ""
