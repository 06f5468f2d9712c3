"""A licence enters the register when its document is sealed; a renewal replaces the entry it renews."""

from diwan.audit.actions import audit_row
from diwan.cases.models import Case
from diwan.cases.registry import IssuedFacts
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.outbox.actions import emit
from diwan.people.actor import system
from diwan.registers.events import ENTERED
from diwan.registers.models import RegisterEntry


def enter_licence(case: Case, issued: IssuedFacts) -> None:
    """Make the entry that the service defines, in the issuing transaction; once for a case."""
    service = service_of(case.version_id)
    if service.entry is None or issued.valid_to is None or RegisterEntry.objects.filter(case=case).exists():
        return
    now = clock.now()
    renewed = _replace(case, service.entry.kind)
    kept = {key: case.data[key] for key in service.entry.keeps if key in case.data}
    entry = RegisterEntry.objects.create(
        kind=service.entry.kind, number=issued.number, municipality_id=case.municipality_id,
        district_id=case.district_id, holder_id=case.account_id, establishment_id=case.establishment_id, case=case,
        parent=renewed, data={"answers": kept, "derived": case.facts.get("derived", {}), "applicant": case.applicant},
        valid_from=issued.valid_from, valid_to=issued.valid_to, created_at=now, changed_at=now,
    )  # fmt: skip
    audit_row(
        by=system("issue"), action="registers.entry.made", object_type="entry", object_id=entry.pk,
        municipality_id=case.municipality_id, values={"number": issued.number, "kind": entry.kind, "case": case.pk},
    )  # fmt: skip
    emit(
        name=ENTERED,
        subject=f"entry:{entry.pk}",
        data={"entry": entry.pk, "case": case.pk, "kind": entry.kind},
    )


def _replace(case: Case, kind: str) -> RegisterEntry | None:
    """The entry that the case renews, marked as replaced."""
    number = case.facts.get("renews")
    if not number:
        return None
    entry = RegisterEntry.objects.select_for_update().filter(kind=kind, number=number).first()
    if entry is None:
        return None
    entry.status = RegisterEntry.Status.REPLACED
    entry.changed_at = clock.now()
    entry.save(update_fields=["status", "changed_at"])
    return entry
