"""Automatic checks: each asks a register, a rule over the answers, or our own data; silence is for an officer.

Run twice: before submitting, quickly, so that the applicant reads at once what forbids the application; and after it,
by the machine, as the step that the workflow begins with.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from diwan.cases import registry
from diwan.cases.facts import rule_facts
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, CheckResult, OpenTask
from diwan.cases.registry import ActResult
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import shelf
from diwan.catalogue.registers import MalformedAnswer, bind_answer, wire_name
from diwan.catalogue.schema import Check
from diwan.forms.context import FormContext
from diwan.kit import clock, tracing
from diwan.kit.errors import N_, DiwanError
from diwan.kit.ports import Answer, RegisterClient

PASSED, FAILED, SILENT, MANUAL = "passed", "failed", "silent", "manual"
_FRESH_SECONDS: Final = 15 * 60

Internal = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any] | None]
AnswerT = TypeVar("AnswerT", bound=Internal)
_internal: dict[str, Internal] = {}


class Blocked(DiwanError):
    """A register's answer forbids the application; `codes` are the checks, in the service's order."""

    code = "cases.blocked"
    message = N_(
        "The application cannot be accepted as things stand. Read below what stands in the way and how to mend it."
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `asked_at` is an ISO moment."""

    code: str
    state: str
    register: str
    answer: Mapping[str, Any]
    why: Mapping[str, Any]
    asked_at: str
    took_ms: int


def internal(name: str) -> Callable[[AnswerT], AnswerT]:
    """Register who answers a question to our own data (`duplicate_licence`): query and applicant -> record.

    None is silence: our data says nothing of it, and an officer looks.
    """

    def register(answer: AnswerT) -> AnswerT:
        _internal[name] = answer
        return answer

    return register


def refuse_blocked(service: CompiledService, answers: Mapping[str, Any]) -> None:
    """Raise Blocked when what the registers answered in the last quarter of an hour forbids the application."""
    if not answers or time.time() - float(answers.get("at", 0)) > _FRESH_SECONDS:
        return
    failed = [code for code, found in answers.get("checks", {}).items() if found["state"] == FAILED]
    codes = [check.code for check in service.checks if check.code in failed and check.on_fail == "block"]
    if codes:
        raise Blocked(codes=codes)


def run(
    service: CompiledService,
    variables: Mapping[str, Any],
    *,
    request_id: str,
    timeout: float,
    chosen: Callable[[Check], bool] = lambda check: not check.of,
    parties: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Finding]:
    """Run the chosen checks of the service that apply; registers are asked side by side, and once for one question.

    `parties` maps a party step to who answered there: what `applicant.*` means in a check `of` that step.
    """

    def known(check: Check) -> Mapping[str, Any]:
        return {**variables, "applicant": (parties or {})[check.of]} if check.of else variables

    due = [check for check in service.checks if chosen(check) and service.holds(check.when, known(check))]
    client, lookups = _client(), shelf(clock.today())
    asked: dict[tuple[Any, ...], Future[Answer]] = {}
    questions: dict[str, tuple[Any, ...]] = {}
    with ThreadPoolExecutor(max_workers=max(1, min(8, len(due)))) as pool:
        for check in due:
            if check.kind != "register":
                continue
            register, query = wire_name(lookups, check.register), _query(check, service, known(check))
            question = questions[check.code] = (register, *sorted(query.items()))
            if question not in asked:
                asked[question] = pool.submit(
                    copy_context().run,
                    partial(client.ask, register, query, request_id=request_id, timeout=timeout),
                )
    answers = {code: asked[question].result() for code, question in questions.items()}
    return [_finding(check, service, known(check), answers.get(check.code)) for check in due]


@registry.act("checks.registers")
def run_checks(case: Case, task: OpenTask) -> ActResult:
    """The automatic act with which workflows begin: all checks of the service, kept with the case."""
    service = service_of(case.version_id)
    findings = run(
        service,
        rule_facts(service, case),
        request_id=tracing.request_id() or f"case-{case.pk}",
        timeout=settings.DIWAN.registers_timeout_ms / 1000,
        chosen=lambda check: check.at in ("", task.step),
        parties={step: party["applicant"] for step, party in case.facts.get("parties", {}).items()},
    )
    states = {found.code: found.state for found in findings}
    kept = [
        CheckResult(
            case_id=case.pk, round=case.round, code=found.code, register=found.register, state=found.state,
            answer=dict(found.answer), why=dict(found.why), asked_at=found.asked_at, took_ms=found.took_ms,
        )
        for found in findings
    ]  # fmt: skip
    outcome = service.gravest(states)
    return ActResult(
        outcome=outcome,
        facts={"checks": {**case.facts.get("checks", {}), **states}},
        why={"rule": "checks", "version": case.version_id, "inputs": states, "result": outcome},
        findings=tuple(kept),
    )


def confirm_by_hand(loaded: Loaded, task: OpenTask) -> None:
    """An officer confirmed what a register did not answer: the silent checks of this round count as checked by hand.

    Only at a step to which the automatic checks lead when a register is silent.
    """
    states = loaded.case.facts.get("checks", {})
    if task.step not in loaded.service.by_hand or SILENT not in states.values():
        return
    silent = [code for code, state in states.items() if state == SILENT]
    CheckResult.objects.filter(case_id=loaded.case.pk, round=loaded.case.round, code__in=silent).update(
        state=MANUAL
    )
    loaded.case.facts = {**loaded.case.facts, "checks": {**states, **dict.fromkeys(silent, MANUAL)}}


def _client() -> RegisterClient:
    client: RegisterClient = import_string(settings.REGISTER_CLIENT)()
    return client


def _query(check: Check, service: CompiledService, variables: Mapping[str, Any]) -> dict[str, Any]:
    return {name: service.evaluate(rule, variables).value for name, rule in check.asks.items()}


def _finding(
    check: Check, service: CompiledService, variables: Mapping[str, Any], answer: Answer | None
) -> Finding:
    now = clock.now().isoformat()
    query = _query(check, service, variables)
    if check.kind == "rule":
        return _judged(check, service, variables, {}, query, now, 0)
    if check.kind == "internal":
        record = _internal[check.register](query, variables["applicant"])
        if record is None:
            return _silent(check, service, query, None, now)
        return _judged(check, service, variables, {"found": True, **record}, query, now, 0)
    if answer is None or answer.status in ("silent", "malformed"):
        return _silent(check, service, query, answer, now)
    try:
        bound = bind_answer(
            shelf(clock.today()), check.register, found=answer.status == "answered", record=answer.data
        )
    except MalformedAnswer:
        return _silent(check, service, query, answer, now)
    return _judged(check, service, variables, bound, query, answer.asked_at.isoformat(), answer.took_ms)


def _judged(
    check: Check, service: CompiledService, variables: Mapping[str, Any], bound: Mapping[str, Any],
    query: Mapping[str, Any], asked_at: str, took_ms: int,
) -> Finding:  # fmt: skip
    passed = service.evaluate_check(check, {**variables, "answer": bound}).value is True
    plain = {
        name: value if isinstance(value, str | int | float | bool | list) else str(value)
        for name, value in bound.items()
    }
    return Finding(
        code=check.code, state=PASSED if passed else FAILED, register=check.register, answer=plain,
        why={
            "rule": check.passes,
            "inputs": dict(query),
            "result": passed,
            "article": check.article,
            "version": service.version_id,
        },
        asked_at=asked_at, took_ms=took_ms,
    )  # fmt: skip


def _silent(
    check: Check, service: CompiledService, query: Mapping[str, Any], answer: Answer | None, now: str
) -> Finding:
    return Finding(
        code=check.code, state=SILENT, register=check.register, answer={},
        why={
            "rule": check.passes,
            "inputs": dict(query),
            "result": None,
            "reason": answer.status if answer else "silent",
            "article": check.article,
            "version": service.version_id,
        },
        asked_at=now, took_ms=answer.took_ms if answer else 0,
    )  # fmt: skip


def before_submitting(
    service: CompiledService, *, values: Mapping[str, Any], applicant: Mapping[str, Any], context: FormContext,
    renews: str, request_id: str, timeout: float = 3.0, part: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What the registers say of an application that is not yet submitted, for the lamp: JSON to keep with the draft."""
    variables = service.environment(
        values=values,
        facts=service.derive(values, context),
        today=clock.today(),
        applicant=applicant,
        entry=context.entry,
    )
    findings = run(
        service, variables, request_id=request_id, timeout=timeout, chosen=lambda check: check.of == part,
        parties={part: applicant} if part else None,
    )  # fmt: skip
    return {
        "at": time.time(),
        "checks": {
            found.code: {"state": found.state, "register": found.register, "why": dict(found.why)}
            for found in findings
        },
    }
