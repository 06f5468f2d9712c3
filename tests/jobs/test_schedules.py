"""Work by the calendar: each in its turn, none lost to another's failure."""

from datetime import timedelta

import pytest

from diwan.documents.actions import refresh_status_lists
from diwan.jobs import schedules
from diwan.jobs.models import ScheduleRun
from diwan.jobs.schedules import SCHEDULES, Schedule, run_due
from diwan.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three schedules of a test, the second of which fails."""
    seen: list[str] = []

    def fail() -> None:
        seen.append("second")
        raise RuntimeError("a disk is full")

    named = (
        Schedule("first", lambda: seen.append("first"), timedelta(hours=1)),
        Schedule("second", fail, timedelta(hours=1)),
        Schedule("third", lambda: seen.append("third"), timedelta(hours=1)),
    )
    monkeypatch.setattr(schedules, "SCHEDULES", named)
    return seen


def test_each_runs_once_in_its_period(ran: list[str]) -> None:
    assert run_due() == 3
    assert run_due() == 0
    assert ran == ["first", "second", "third"]
    ScheduleRun.objects.filter(name="first").update(next_at=clock.real_now())
    assert run_due() == 1
    assert ran[-1] == "first"


def test_one_that_fails_holds_up_nobody(ran: list[str], caplog: pytest.LogCaptureFixture) -> None:
    run_due()
    assert ran[-1] == "third"
    assert "schedule second failed" in caplog.text
    again = ScheduleRun.objects.get(name="second").next_at - clock.real_now()
    assert timedelta() < again <= schedules.SOON, "it is tried again soon, not at its next usual time"


def test_status_lists_are_fetched_every_hour() -> None:
    found = {schedule.run: schedule.every for schedule in SCHEDULES}
    assert found[refresh_status_lists] == timedelta(hours=1)


def test_partitions_stand_ahead_of_their_time() -> None:
    schedules.make_partitions()


def test_every_real_schedule_runs(caplog: pytest.LogCaptureFixture) -> None:
    assert run_due() == len(SCHEDULES)
    failed = {record.args[0] for record in caplog.records if isinstance(record.args, tuple) and record.args}
    assert failed == {"reconciliation"}, "no payment system is configured here; everything else can be done"
