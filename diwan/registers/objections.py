"""Objections to decisions on entries: which decision it is, and what an objection brings about for the entry."""

from typing import Any

from diwan.cases import contests
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.registry import ActResult, act, consequence
from diwan.catalogue.schema import Consequence
from diwan.kit import clock
from diwan.people.actor import Actor, system
from diwan.people.models import Position
from diwan.registers.actions import Ground, resume_decision, stay_decision, take_back
from diwan.registers.deciding import decision_standing
from diwan.registers.errors import NothingToStay
from diwan.registers.models import EntryChange, RegisterEntry

RULE = "objections"
"""The acts are the system's: the objection, which every change names, tells who decided it."""


@contests.decisions_on_entries
def decision_on(number: str) -> contests.Decision | None:
    """The suspension or revocation under which an entry stands, also while it is stayed, with the objection to it."""
    entry = RegisterEntry.objects.select_related("parent").filter(number=number).first()
    decision = decision_standing(entry) if entry is not None else None
    if entry is None or decision is None:
        return None
    on = clock.local(decision.at).date()
    last_day = contests.last_day_of("entry", on)
    if last_day is None:
        return None
    filed = contests.of_party(entry.establishment_id, entry.holder_id).filter(
        facts__contested__change=decision.pk
    )
    return contests.Decision(
        mark=f"entry-change:{decision.pk}", on=on, last_day=last_day, municipality_id=entry.municipality_id,
        district_id=entry.district_id, objection=filed.order_by("-id").values_list("id", flat=True).first(),
        facts={
            "what": "entry", "entry": entry.pk, "change": decision.pk, "number": entry.number, "service": entry.kind,
            "state": decision.after, "on": on.isoformat(), "last_day": last_day.isoformat(), **_who_decided(decision),
        },
    )  # fmt: skip


def _who_decided(decision: EntryChange) -> dict[str, Any]:
    """The accounts that took part, and the roles of the post that decided."""
    people = contests.took_part(decision.case_id) if decision.case_id is not None else set()
    if decision.account_id is not None and decision.position_id is not None:
        people |= {decision.account_id}
    roles = Position.objects.filter(pk=decision.position_id or 0).values_list("roles__code", flat=True)
    return {"by": sorted(people), "roles": sorted(role for role in roles if role)}


@act("entries.stay")
def stay(case: Case, task: OpenTask) -> ActResult:
    """Put the entry back as before the decision, until the committee has decided."""
    about = contests.contested(case)
    try:
        stay_decision(
            entry_id=about["entry"],
            decision_id=about["change"],
            ground=Ground(case_id=case.pk),
            by=system(RULE),
        )
        outcome = "stayed"
    except NothingToStay:
        outcome = "nothing"
    return _result("entries.stay", about, outcome)


@act("entries.take_back")
def undo(case: Case, task: OpenTask) -> ActResult:
    """Undo the decision in whole or in part; by hand where the entry stands under something else by now."""
    about = contests.contested(case)
    ruling = History.objects.filter(case=case, act__in=("ruled", "acted")).exclude(note="").order_by("-id")
    done = take_back(
        entry_id=about["entry"], decision_id=about["change"],
        partly="partial" in case.facts.get("outcomes", {}).values(),
        ground=Ground(case_id=case.pk, note=ruling.values_list("note", flat=True).first() or ""), by=system(RULE),
    )  # fmt: skip
    return _result("entries.take_back", about, "applied" if done else "by_hand")


@consequence("resume_decision")
def resume(case: Case, declared: Consequence, by: Actor) -> None:
    """The objection ended without success: a stay ends with it."""
    about = contests.contested(case)
    if "entry" in about:
        resume_decision(
            entry_id=about["entry"],
            decision_id=about["change"],
            ground=Ground(case_id=case.pk),
            by=system(RULE),
        )


def _result(rule: str, about: Any, outcome: str) -> ActResult:
    why = {"rule": rule, "inputs": {"entry": about["number"], "decision": about["change"]}, "result": outcome}
    return ActResult(outcome=outcome, facts={}, why=why)
