"""What the end or the document of a case brings about for the entry that it is about: the executors of the kinds."""

from typing import Literal

from diwan.cases.models import Case
from diwan.cases.registry import consequence
from diwan.catalogue.schema import Consequence
from diwan.people.actor import Actor, system
from diwan.registers import telling
from diwan.registers.actions import close_entry, lift_suspension, replace_entry, suspend_entry
from diwan.registers.changing import RUNNING, Ground, Status, follow
from diwan.registers.models import RegisterEntry

RULE = "consequence"
"""The acts are the system's: the case, which every change names, tells who decided it."""


@consequence("close_entry")
def close(case: Case, declared: Consequence, by: Actor) -> None:
    """The entry ends; one that has ended meanwhile stays as it is."""
    entry = _entry(case)
    if entry is not None and entry.status in RUNNING:
        to: Literal["cancelled", "revoked"] = (
            "revoked" if declared.options["to"] == "revoked" else "cancelled"
        )
        close_entry(entry_id=entry.pk, to=to, ground=_ground(case), by=system(RULE))


@consequence("suspend_entry")
def suspend(case: Case, declared: Consequence, by: Actor) -> None:
    """The entry is suspended, if it is active still."""
    entry = _entry(case)
    if entry is not None and entry.status == Status.ACTIVE:
        suspend_entry(entry_id=entry.pk, ground=_ground(case), by=system(RULE))


@consequence("lift_suspension")
def lift(case: Case, declared: Consequence, by: Actor) -> None:
    """The suspension is lifted, if there is one."""
    entry = _entry(case)
    if entry is not None and entry.status == Status.SUSPENDED:
        lift_suspension(entry_id=entry.pk, ground=_ground(case), by=system(RULE))


@consequence("replace_entry")
def replace(case: Case, declared: Consequence, by: Actor) -> None:
    """The entry that the case has made takes the place of the one it is about; of one that has ended meanwhile nothing
    is left to pass on, so the new one ends with it."""
    old, new = _entry(case), RegisterEntry.objects.filter(case=case).first()
    if old is None or new is None:
        raise LookupError(f"case {case.pk} has no entry to replace, or made none")
    if old.status not in RUNNING:
        telling.tell_holder(new, follow(new, old, by=system(RULE)), along=())
        return
    permits: Literal["move", "end"] = "end" if declared.options.get("permits") == "end" else "move"
    cause: Literal["transferred", "corrected"] = (
        "corrected" if declared.options.get("cause") == "corrected" else "transferred"
    )
    replace_entry(
        entry_id=old.pk, by_entry=new.pk, cause=cause, permits=permits, ground=_ground(case),
        by=system(RULE),
    )  # fmt: skip


def _entry(case: Case) -> RegisterEntry | None:
    """The entry that the case is about, or what took its place since."""
    entry = RegisterEntry.objects.filter(number=str(case.facts.get("about", ""))).first()
    while entry is not None and entry.status == Status.REPLACED:
        after = RegisterEntry.objects.filter(replaces=entry).exclude(case=case).first()
        if after is None:
            return entry
        entry = after
    return entry


def _ground(case: Case) -> Ground:
    return Ground(case_id=case.pk)
