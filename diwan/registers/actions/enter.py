"""A licence enters the register when its document is sealed; a renewal replaces the entry it renews."""

from typing import Any

from diwan.audit.actions import audit_row
from diwan.cases.models import Case
from diwan.cases.parties import holder_of
from diwan.cases.registry import IssuedFacts
from diwan.cases.services import service_of
from diwan.catalogue.schema import Entry
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.people.actor import system
from diwan.registers import telling
from diwan.registers.actions.replace_entry import replace_entry
from diwan.registers.changing import RUNNING, Ground, Status, follow, made_row
from diwan.registers.events import ENTERED
from diwan.registers.models import RegisterEntry


def enter_licence(case: Case, issued: IssuedFacts) -> None:
    """Make the entry that the service defines, in the issuing transaction; once for a case.

    A renewal replaces the entry that it renews and takes its permits over. A permit hangs on the entry that its case is
    about, or on what took its place since; where that was suspended or ended meanwhile, the permit stands as it does.
    """
    service = service_of(case.version_id)
    if service.entry is None or issued.valid_to is None or RegisterEntry.objects.filter(case=case).exists():
        return
    now, by = clock.now(), system("issue")
    parent = _parent(str(case.facts.get("about", ""))) if service.entry.parent else None
    holder = holder_of(case, service)
    kept = _kept(case, service.entry)
    entry = RegisterEntry.objects.create(
        kind=service.entry.kind, number=issued.number, municipality_id=case.municipality_id,
        district_id=case.district_id, holder_id=holder.account_id, establishment_id=holder.establishment_id, case=case,
        parent=parent, valid_from=issued.valid_from, valid_to=issued.valid_to, created_at=now, changed_at=now,
        data={
            "answers": kept, "derived": case.facts.get("derived", {}), "applicant": dict(holder.applicant),
        },
    )  # fmt: skip
    made_row(entry, case_id=case.pk, at=now, by=by)
    audit_row(
        by=by, action="registers.entry.made", object_type="entry", object_id=entry.pk,
        municipality_id=case.municipality_id, values={"number": issued.number, "kind": entry.kind, "case": case.pk},
    )  # fmt: skip
    emit(
        name=ENTERED,
        subject=f"entry:{entry.pk}",
        data={"entry": entry.pk, "case": case.pk, "kind": entry.kind, "number": entry.number},
    )
    _renew(case, entry)
    if parent is not None and parent.status != Status.ACTIVE:
        telling.tell_holder(entry, follow(entry, parent, by=by), along=())


def _kept(case: Case, declared: Entry) -> dict[str, Any]:
    """The answers that the entry keeps: those of the entry that it takes over from, and over them the case's own."""
    number = str(case.facts.get("about", "")) if declared.inherits else ""
    before = RegisterEntry.objects.filter(number=number).first()
    answers = before.data.get("answers", {}) if before is not None else {}
    inherited = {key: value for key, value in answers.items() if key not in declared.keeps}
    own = {key: case.data[key] for key in declared.keeps if key in case.data}
    renamed = {name: case.data[key] for key, name in declared.renames.items() if key in case.data}
    return {**inherited, **own, **renamed}


def _renew(case: Case, entry: RegisterEntry) -> None:
    """The entry that the case renews gives way; of one that has ended meanwhile nothing is renewed."""
    by = system("issue")
    old = (
        RegisterEntry.objects.select_for_update()
        .filter(kind=entry.kind, number=case.facts.get("renews") or "")
        .first()
    )
    if old is None:
        return
    RegisterEntry.objects.filter(pk=entry.pk).update(parent=old.parent)
    if old.status in RUNNING:
        replace_entry(
            entry_id=old.pk, by_entry=entry.pk, cause="renewed", ground=Ground(case_id=case.pk), by=by
        )
    else:
        telling.tell_holder(entry, follow(entry, old, by=by), along=())


def _parent(number: str) -> RegisterEntry | None:
    """The entry that a permit hangs on, locked: the one of this number, or what took its place since."""
    entry = RegisterEntry.objects.select_for_update().filter(number=number).first()
    while entry is not None and entry.status == Status.REPLACED:
        after = RegisterEntry.objects.select_for_update().filter(replaces=entry).first()
        if after is None:
            break
        entry = after
    return entry
