"""The movable clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from diwan.kit import clock


def test_it_tells_utc_and_the_riyadh_day() -> None:
    assert clock.now().tzinfo is UTC
    with clock.frozen(datetime(2026, 11, 21, 22, 30, tzinfo=UTC)):
        assert clock.now() == datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
        assert clock.today() == date(2026, 11, 22)
        assert clock.local(clock.now()).hour == 1
    assert clock.start_of_day(date(2026, 11, 22)) == datetime(2026, 11, 21, 21, tzinfo=UTC)


def test_frozen_blocks_nest_and_end() -> None:
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    with clock.frozen(first):
        with clock.frozen(second):
            assert clock.now() == second
        assert clock.now() == first
        assert clock.real_now() > first
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)


def test_a_moved_clock_runs_on() -> None:
    start = datetime(2026, 3, 1, 7, tzinfo=UTC)
    with clock.moved(start):
        first = clock.now()
        assert start <= first < start + timedelta(seconds=5)
        assert clock.now() >= first


def test_the_process_offset_moves_every_thread_and_not_real_time() -> None:
    try:
        clock.set_offset(timedelta(days=40))
        assert clock.offset() == timedelta(days=40)
        assert clock.now() - clock.real_now() > timedelta(days=39)
        with clock.frozen(datetime(2026, 1, 1, tzinfo=UTC)):
            assert clock.now().year == 2026
    finally:
        clock.set_offset(timedelta())
    assert abs(clock.now() - clock.real_now()) < timedelta(seconds=5)


def test_a_naive_moment_is_refused() -> None:
    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError):
        clock.local(naive)
    with pytest.raises(ValueError), clock.frozen(naive):
        pass
    with pytest.raises(ValueError), clock.moved(naive):
        pass
