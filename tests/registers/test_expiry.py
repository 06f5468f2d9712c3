"""Reminders of an expiry: each once, the right one after downtime, none for what has ended; and what the date says."""

from datetime import date, datetime, time, timedelta

import pytest

from diwan.documents.models import IssuedDocument
from diwan.documents.queries import Standing, standing
from diwan.jobs.schedules import SCHEDULES, make_partitions
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.registers.actions import remind_expiring, suspend_entry
from diwan.registers.models import ExpiryNotice, RegisterEntry
from diwan.registers.queries import standing_of
from tests import cast
from tests.cases import walking
from tests.registers.making import GROUND, licence, night_permit

pytestmark = pytest.mark.usefixtures("city", "registers")


def before(entry: RegisterEntry, days: int) -> datetime:
    """A morning so many days before the last one of the entry."""
    return datetime.combine(entry.valid_to - timedelta(days=days), time(9), clock.RIYADH)


def told(entry: RegisterEntry) -> list[int]:
    return sorted(ExpiryNotice.objects.filter(entry=entry).values_list("days", flat=True), reverse=True)


def test_each_reminder_goes_once_and_its_link_leads_to_the_renewal() -> None:
    shop = licence()
    for days, expected in (
        (91, []),
        (90, [90]),
        (89, [90]),
        (30, [90, 30]),
        (8, [90, 30]),
        (7, [90, 30, 7]),
        (0, [90, 30, 7]),
    ):
        with clock.moved(before(shop, days)):
            make_partitions()
            remind_expiring()
            remind_expiring()
        assert told(shop) == expected, days
    texts = Message.objects.filter(template="EXPIRING", channel="sms")
    assert texts.count() == 3
    first = texts.order_by("created_at")[0]
    assert f"/l/{shop.number}/" in first.params["url"]
    assert first.params["days"] == "90 يوما"
    assert any(schedule.name == "licences that expire" for schedule in SCHEDULES)


def test_after_downtime_only_the_reminder_that_is_due_now_goes() -> None:
    shop = licence()
    with clock.moved(before(shop, 20)):
        make_partitions()
        assert remind_expiring() == 1
    assert told(shop) == [30]


def test_who_has_renewed_or_was_suspended_hears_nothing() -> None:
    shop = licence()
    permit = night_permit(shop)
    with clock.moved(before(shop, 60)):
        make_partitions()
        walking.issued(cast.run_machine(walking.renew(shop, cast.owner())))
        remind_expiring()
    assert told(shop) == []
    with clock.moved(before(shop, 25)):
        suspend_entry(entry_id=permit.pk, ground=GROUND, by=cast.actor("abdulaziz"))
        remind_expiring()
    assert told(permit) == []


def test_a_permit_has_the_reminders_of_its_own_service_and_leads_to_no_renewal() -> None:
    permit = night_permit(licence())
    with clock.moved(before(permit, 60)):
        make_partitions()
        remind_expiring()
        assert told(permit) == []
    with clock.moved(before(permit, 29)):
        remind_expiring()
    assert told(permit) == [30]
    assert Message.objects.filter(template="EXPIRING_LINKED").exists()


def test_how_an_entry_and_its_document_stand_follows_from_the_date_alone() -> None:
    shop = licence()
    last: date = shop.valid_to
    seen = [standing_of(shop, on=last + timedelta(days=days)) for days in (-91, -90, 0, 1)]
    assert seen == ["active", "expiring", "expiring", "expired"]
    document = IssuedDocument.objects.get(number=shop.number)
    document.state = IssuedDocument.State.ISSUED
    assert standing(document, today=last) is Standing.VALID
    assert standing(document, today=last + timedelta(days=1)) is Standing.EXPIRED
