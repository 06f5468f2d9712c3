"""Rows of open tasks: who a task waits for, until when, and whose it was before."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from diwan.cases import clockwork, ladders, routing
from diwan.cases.facts import names_of, rule_facts
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, DoneTask, OpenTask
from diwan.catalogue.compiled import CompiledService
from diwan.flow.move import RUNG
from diwan.flow.position import Outcome, Token
from diwan.flow.table import ITEM, SIGNED, Step
from diwan.kit import clock
from diwan.people.models import Holding, Position

_MACHINE = frozenset({OpenTask.Kind.AUTOMATIC, OpenTask.Kind.DOCUMENT})


def new_task(
    loaded: Loaded, token: Token, *, same_officer: bool, at: datetime
) -> tuple[OpenTask, list[dict[str, Any]]]:
    """An unsaved row for a token that now waits: desk or body, deadline, and the officer who had it before; with the
    rules by which it found its desk."""
    case, service = loaded.case, loaded.service
    step = service.flow.steps[token.step]
    row = OpenTask(
        case=case, token=token.id, step=step.key, frames=list(token.frames), kind=step.kind,
        data=token_data(step, token), service=case.service, municipality_id=case.municipality_id, entered_at=at,
        returned=same_officer and case.round > 1,
    )  # fmt: skip
    routed = Routed(service, step)
    place(row, routed, loaded)
    if same_officer and not step.nearest:
        row.assignee_id = former_holder(loaded, step.key)
        routed.back_to(row.assignee_id)
    if row.kind in _MACHINE:
        row.try_at = at
    _start_clock(row, service, case, step, at=at)
    return row, routed.whys


def item_of(data: Mapping[str, Any]) -> str:
    """What a token inside an each is for; "" for any other."""
    return str(data.get(ITEM, ""))


def due_of(
    step: Step, service: CompiledService, facts: Mapping[str, Any], municipality_id: int, unit_id: int | None, *,
    at: datetime,
) -> datetime | None:  # fmt: skip
    """The due moment of a step that begins now: its deadline's end, or the beginning of the day it waits for."""
    if step.until is not None:
        return max(at, clock.start_of_day(date.fromisoformat(str(service.evaluate(step.until, facts).value))))
    if step.deadline is not None:
        return clockwork.due_at(at, step.deadline, service, facts, municipality_id, unit_id)
    return None


def _start_clock(row: OpenTask, service: CompiledService, case: Case, step: Step, *, at: datetime) -> None:
    """The due moment of a new task and the first rung of a ladder that waits for it."""
    facts = rule_facts(service, case, item=item_of(row.data))
    row.due_at = due_of(step, service, facts, case.municipality_id, row.unit_id, at=at)
    rung = ladders.next_of(row, service, case, facts)
    row.next_level_at = rung.at if rung is not None else None


def token_data(step: Step, token: Token) -> dict[str, Any]:
    """The token's own data with what the machine needs to run the step."""
    data = dict(token.data)
    if step.kind == "automatic":
        data["act"] = step.act
    elif step.kind == "document":
        data["template"] = step.template
        data["authority"] = list(step.authority)
    return data


class Routed:
    """Where the rules of a step send its task, each written down with what it read (`whys`)."""

    def __init__(self, service: CompiledService, step: Step) -> None:
        """Nothing is asked yet."""
        self.service, self.step = service, step
        self.whys: list[dict[str, Any]] = []

    def department(self, facts: Mapping[str, Any]) -> str | None:
        """The department that does the step where the case decides it; None: whoever holds the role."""
        if self.step.department_from is None:
            return None
        return self._asked("department", self.step.department_from, facts) or None

    def entity(self, facts: Mapping[str, Any]) -> str:
        """The outside body of the step: named by it, or by its rule over the case."""
        if self.step.entity is not None:
            return self.step.entity
        return self._asked("entity", self.step.entity_from or "", facts)

    def superior(self, post: int, found: Position) -> None:
        """It went to the nearest superior of whoever filed the case."""
        self._note("nearest", {"post": post, "role": self.step.role}, found.code)

    def signer(self, position_id: int | None) -> None:
        """It went one step up the chain of signatures."""
        self._note("signer", {"up_to": self.step.up_to}, position_id)

    def back_to(self, position_id: int | None) -> None:
        """It went back to whoever did the step before, if that post is still held."""
        if position_id is not None:
            self._note("same_officer", {"step": self.step.key}, position_id)

    def _asked(self, to: str, rule: str, facts: Mapping[str, Any]) -> str:
        verdict = self.service.evaluate(rule, facts)
        self._note(to, verdict.inputs, str(verdict.value), rule=rule, fired=verdict.fired)
        return str(verdict.value)

    def _note(self, to: str, inputs: Mapping[str, Any], result: Any, **more: Any) -> None:
        self.whys.append(
            {
                "to": to, "step": self.step.key, "rule": f"{self.step.key}.{to}", "version": self.service.version_id,
                "inputs": dict(inputs), "result": result, **more,
            }
        )  # fmt: skip


def place(row: OpenTask, routed: Routed, loaded: Loaded) -> None:
    """Say where the task waits: unit and role, or the outside body."""
    case, service, step = loaded.case, routed.service, routed.step
    facts = rule_facts(service, case, item=item_of(row.data))
    if step.kind == "chain" and RUNG in row.data:
        signer = routing.next_signer(last_signer(loaded, row.token), up_to=last_role(service, step, facts))
        row.unit_id, row.role, row.assignee_id = signer.unit_id, signer.role, signer.position_id
        routed.signer(signer.position_id)
    elif step.role is not None and step.nearest and case.filed_by_id is not None:
        manager = routing.manager_of(position_id=case.filed_by_id, role=step.role)
        row.unit_id, row.role, row.assignee_id = manager.unit_id, step.role, manager.pk
        routed.superior(case.filed_by_id, manager)
    elif step.role is not None:
        department = routed.department(facts)
        desk = routing.desk_for(
            role=step.role, municipality_id=case.municipality_id, scope=step.scope, department=department
        )
        row.unit_id, row.role = desk.unit_id, desk.role
    if step.kind == "outside":
        row.entity_id = routing.entity_id(routed.entity(facts))


def last_role(service: CompiledService, step: Step, facts: Mapping[str, Any]) -> str:
    """The role whose signature ends a chain."""
    return str(service.evaluate(step.up_to or "", facts).value)


def last_signer(loaded: Loaded, token: int) -> int:
    """The post that signed last in the chain of a token; mostly in the very move that asks."""
    signed = [row.position_id for row in loaded.done if row.token == token and row.outcome == SIGNED]
    if signed and signed[-1]:
        return signed[-1]
    rows = DoneTask.objects.filter(case=loaded.case, token=token, outcome=SIGNED, position_id__isnull=False)
    return int(rows.order_by("-id").values_list("position_id", flat=True)[0] or 0)


def entity_code(service: CompiledService, step: Step, facts: Mapping[str, Any]) -> str:
    """The outside body of a step: named by it, or by its rule over the case."""
    if step.entity is not None:
        return step.entity
    return str(service.evaluate(step.entity_from or "", facts).value)


def entity_holder(service: CompiledService, case: Case, outcome: Outcome) -> str:
    """`entity:<code>` of the outside body whose step is shown."""
    step = service.flow.steps[case.stage]
    if step.kind != "outside":
        return "us"
    items = [item_of(token.data) for token in outcome.position.tokens if token.step == step.key]
    return f"entity:{entity_code(service, step, rule_facts(service, case, item=(items or [''])[-1]))}"


def former_holder(loaded: Loaded, step: str) -> int | None:
    """The post that did this step of the case last, if somebody still holds it."""
    names = names_of(loaded.case, [step])
    now = [row.position_id for row in loaded.done if row.step in names and row.position_id is not None]
    before = DoneTask.objects.filter(case=loaded.case, step__in=names, position_id__isnull=False).order_by(
        "-id"
    )
    position_id = now[-1] if now else before.values_list("position_id", flat=True).first()
    if position_id is None:
        return None
    held = Holding.objects.filter(position_id=position_id, valid_to__isnull=True).exists()
    return position_id if held else None
