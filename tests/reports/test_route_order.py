"""The order of the drive: the urgent first, then always the nearest next."""

from datetime import UTC, datetime, timedelta

from diwan.modules.reports.route_order import Stop, ordered

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
DEPOT = (24.70, 46.70)


def stop(key: int, *, north: float | None = None, priority: int = 3, hours: int | None = 10) -> Stop:
    due = None if hours is None else NOON + timedelta(hours=hours)
    return Stop(
        key, priority, due, None if north is None else DEPOT[0] + north, None if north is None else DEPOT[1]
    )


def keys(stops: list[Stop], start: tuple[float, float] | None) -> list[int]:
    return [leg.stop.key for leg in ordered(stops, start=start)]


def test_the_nearest_next_is_measured_from_the_stop_before() -> None:
    stops = [stop(1, north=0.05), stop(2, north=0.01), stop(3, north=-0.02), stop(4, north=0.02)]
    assert keys(stops, DEPOT) == [2, 4, 1, 3]
    legs = ordered(stops, start=DEPOT)
    assert [round((leg.metres or 0) / 100) for leg in legs] == [11, 11, 33, 78]


def test_the_urgent_come_first_and_the_drive_goes_on_from_there() -> None:
    stops = [stop(1, north=0.01), stop(2, north=0.09, priority=1), stop(3, north=0.08)]
    assert keys(stops, DEPOT) == [2, 3, 1]


def test_without_a_start_what_is_due_first_comes_first() -> None:
    stops = [
        stop(1, north=0.01, hours=None),
        stop(2, north=0.02, hours=5),
        stop(3, hours=2),
        stop(4, priority=1),
    ]
    assert keys(stops, None) == [4, 3, 2, 1]
    assert all(leg.metres is None for leg in ordered(stops, start=None))


def test_what_has_no_place_closes_the_row_of_its_urgency() -> None:
    stops = [
        stop(1, hours=1),
        stop(2, north=0.02),
        stop(3, priority=1, hours=9),
        stop(4, north=0.5, priority=1),
    ]
    assert keys(stops, DEPOT) == [4, 3, 2, 1]
    assert ordered([], start=DEPOT) == []
