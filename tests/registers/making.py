"""Licences and permits for the tests of the register."""

from datetime import timedelta
from typing import Any

from diwan.kit import clock
from diwan.people.actor import Actor, system
from diwan.registers.actions import Ground
from diwan.registers.changing import made_row
from diwan.registers.models import RegisterEntry
from tests import cast
from tests.cases import walking

GROUND = Ground(reasons=("RSN-23",), article="ART-05", note="لم تصحح ملاحظات الزيارة.")


def licence(owner: Actor | None = None) -> RegisterEntry:
    """An instant licence of a grocery in the register."""
    case = walking.instant(
        owner or cast.owner(), lease_number="10203040506" if owner is None else "10203040599"
    )
    return RegisterEntry.objects.get(case=walking.issued(cast.run_machine(case)))


def permit(parent: RegisterEntry, number: str = "101990000017", **own: Any) -> RegisterEntry:
    """A permit that hangs on an entry, without a document of its own."""
    now = clock.now()
    made = RegisterEntry.objects.create(
        kind="night_permit", number=number, municipality_id=parent.municipality_id, district_id=parent.district_id,
        holder_id=parent.holder_id, establishment_id=parent.establishment_id, case=parent.case, parent=parent,
        data={"answers": {}, "applicant": parent.data["applicant"]}, valid_from=clock.today(),
        valid_to=clock.today() + timedelta(days=100), created_at=now, changed_at=now, **own,
    )  # fmt: skip
    made_row(made, case_id=parent.case_id, at=now, by=system("issue"))
    return made


def status(entry: RegisterEntry) -> str:
    """The status as the database has it."""
    return RegisterEntry.objects.values_list("status", flat=True).get(pk=entry.pk)
