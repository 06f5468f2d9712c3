"""The instant licence CL-001 and the renewal CL-003: no human when the registers answer."""

from datetime import timedelta

import pytest

from diwan.cases.models import Case, DoneTask, History
from diwan.documents.models import IssuedDocument, SigningMandate
from diwan.jobs.schedules import make_partitions
from diwan.kit import clock
from diwan.kit.ports import Answer
from diwan.registers.models import RegisterEntry
from tests import cast
from tests.cases import walking

pytestmark = pytest.mark.usefixtures("city")


def late_lines(case: Case) -> list[int]:
    """Amounts of the fine for late renewal on the case's bill."""
    return list(walking.bill_of(case).lines.filter(code="late").values_list("amount", flat=True))


def test_no_human_takes_part_and_a_standing_authority_seals(registers: cast.Registers) -> None:
    case = walking.issued(walking.billed(cast.owner()))
    assert case.state == "issued"
    acts = History.objects.filter(case=case).exclude(act="opened")
    assert acts.exists()
    assert all(row.capacity.startswith("system:") for row in acts), "nobody but the machine acted"
    assert not DoneTask.objects.filter(
        case=case, kind__in=("task", "visit"), account_id__isnull=False
    ).exists()
    mandate = SigningMandate.objects.get(case_id=case.pk)
    assert (mandate.position_code, mandate.account_id, mandate.standing_authority) == (
        "",
        None,
        "AUTH-INSTANT-SHOP",
    )
    document = IssuedDocument.objects.get(case_id=case.pk)
    assert RegisterEntry.objects.get(case=case).number == document.number


def test_a_silent_register_brings_an_officer_and_does_not_stop_the_citizen(registers: cast.Registers) -> None:
    registers.say("leases", Answer(status="silent", data={}, asked_at=clock.now(), took_ms=4000))
    case = walking.billed(cast.owner())
    assert walking.steps_of(case) == {"manual_check"}
    case = cast.act(
        case,
        "manual_check",
        "confirm",
        by=cast.actor("fahad"),
        reasons=["RSN-31"],
        note="العقد ساري في موقع إيجار.",
    )
    assert case.state == "invoiced"
    assert "manual" in case.facts["checks"].values()


def test_a_renewal_starts_where_the_old_licence_ends(registers: cast.Registers) -> None:
    owner = cast.owner()
    entry = walking.licensed(owner)
    with clock.moved(clock.now() + timedelta(days=365 - 60)):
        case = cast.run_machine(walking.renew(entry, owner))
        assert case.state == "invoiced"
        assert late_lines(case) == []
        renewed = RegisterEntry.objects.get(case=walking.issued(case))
    entry.refresh_from_db()
    assert renewed.valid_from == entry.valid_to + timedelta(days=1)
    assert (renewed.replaces_id, entry.status) == (entry.pk, RegisterEntry.Status.REPLACED)


def test_a_late_renewal_pays_the_fine_and_still_starts_from_the_old_expiry(registers: cast.Registers) -> None:
    owner = cast.owner()
    entry = walking.licensed(owner)
    with clock.moved(clock.now() + timedelta(days=365 + 30)):
        case = cast.run_machine(walking.renew(entry, owner))
        assert late_lines(case) == [50_000]
        renewed = RegisterEntry.objects.get(case=walking.issued(case))
    assert renewed.valid_from == entry.valid_to + timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "code"),
    [(365 - 120, "entry_window"), (365 + 380, "entry_age")],
    ids=["before the last 90 days", "more than a year after expiry"],
)
def test_a_renewal_too_early_or_too_late_is_stopped(registers: cast.Registers, days: int, code: str) -> None:
    owner = cast.owner()
    entry = walking.licensed(owner)
    with clock.moved(clock.now() + timedelta(days=days)):
        make_partitions()
        case = cast.run_machine(walking.renew(entry, owner))
    assert walking.steps_of(case) == {"blocked"}
    assert case.facts["checks"][code] == "failed"
