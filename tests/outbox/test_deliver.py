"""Events: refused when undeclared, delivered at least once, never skipped, never blocking the others."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import psycopg
import pytest
from django.db import connection, transaction

from diwan.kit import clock
from diwan.outbox import events, registry
from diwan.outbox.actions import (
    deliver_events,
    deliver_pending,
    emit,
    pass_over,
    prune_delivered,
    revive_dead,
)
from diwan.outbox.actions.deliver import MAX_ATTEMPTS
from diwan.outbox.events import UndeclaredEvent
from diwan.outbox.models import Cursor, Event, Failure, Handled
from diwan.outbox.queries import dead_letters, waiting
from diwan.outbox.registry import Delivered
from diwan.project.launch import cluster as embedded
from tests.databases import CLUSTER
from tests.outbox.waiting import others_done


@pytest.fixture(autouse=True)
def _own_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(events, "_declared", {})
    monkeypatch.setattr(registry, "_handlers", {})
    events.declare("tests.thing.made", about="A thing was made.", keys=("thing",))
    yield


def listen(name: str = "tests.listener", *, refuse: set[str] | None = None) -> list[str]:
    heard: list[str] = []

    def hear(event: Delivered) -> None:
        if refuse and event.subject in refuse:
            raise RuntimeError("not today")
        heard.append(event.subject)

    hear.__qualname__ = name
    registry.handles("tests.thing.made", name=name)(hear)
    return heard


def delivered(limit: int = 1000) -> int:
    """Deliver everything that the test has written."""
    others_done()
    return deliver_pending(limit=limit)


def make(subject: str) -> int:
    return emit(name="tests.thing.made", subject=subject, data={"thing": 1})


def test_events_reach_every_handler_once(committed_database: str) -> None:
    one, two = listen("tests.one"), listen("tests.two")
    make("thing:1")
    make("thing:2")
    assert delivered() == 4
    assert one == two == ["thing:1", "thing:2"]
    assert delivered() == 0
    assert Cursor.objects.count() == 2


def test_a_long_queue_of_one_keeps_no_other_waiting(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diwan.outbox.actions.deliver.TURN", 2)
    one, two = listen("tests.one"), listen("tests.two")
    for number in range(5):
        make(f"thing:{number}")
    assert delivered(limit=4) == 4
    assert one == two == ["thing:0", "thing:1"]
    assert delivered() == 6
    assert one == two == [f"thing:{number}" for number in range(5)]


def test_what_a_load_has_done_itself_is_passed_over(committed_database: str) -> None:
    one, two = listen("tests.one"), listen("tests.two")
    make("thing:past")
    others_done()
    pass_over(["tests.one"])
    make("thing:new")
    delivered()
    assert (one, two) == (["thing:new"], ["thing:past", "thing:new"])


def test_an_idle_deliverer_writes_nothing(committed_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listen()
    make("thing:1")
    assert delivered() == 1
    before = Cursor.objects.get().xid
    assert delivered() == 0
    assert Cursor.objects.get().xid == before
    monkeypatch.setattr("diwan.outbox.actions.deliver.IDLE_SPAN", 1)
    assert delivered() == 0
    assert Cursor.objects.get().xid > before


def test_undeclared_names_versions_and_keys_are_refused() -> None:
    with pytest.raises(UndeclaredEvent):
        emit(name="tests.thing.mistyped", subject="x", data={})
    with pytest.raises(UndeclaredEvent):
        emit(name="tests.thing.made", subject="x", data={}, version=2)
    with pytest.raises(UndeclaredEvent):
        emit(name="tests.thing.made", subject="x", data={"name": "Suad"})
    with pytest.raises(UndeclaredEvent):
        registry.handles("tests.thing.lost", name="tests.nobody")
    with pytest.raises(ValueError):
        events.declare("made", about="")
    with pytest.raises(ValueError):
        events.declare("tests.thing.made", about="Something else.")


def test_an_event_that_commits_late_is_not_skipped(committed_database: str) -> None:
    heard = listen()
    with psycopg.connect(CLUSTER.url(embedded.APP, committed_database)) as slow:
        slow.execute(
            "INSERT INTO outbox_event (at, name, version, subject, data) "
            "VALUES (now(), 'tests.thing.made', 1, 'thing:slow', '{}')"
        )
        make("thing:fast")
        assert deliver_pending() == 0
        slow.commit()
    assert delivered() == 2
    assert heard == ["thing:slow", "thing:fast"]


def test_a_rolled_back_event_is_not_delivered(committed_database: str) -> None:
    heard = listen()
    with pytest.raises(RuntimeError), transaction.atomic():
        make("thing:1")
        raise RuntimeError
    make("thing:2")
    delivered()
    assert heard == ["thing:2"]


def test_a_failing_handler_backs_off_and_blocks_nobody(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = {"thing:1"}
    picky, easy = listen("tests.picky", refuse=refuse), listen("tests.easy")
    make("thing:1")
    make("thing:2")
    assert delivered() == 3
    assert (picky, easy) == (["thing:2"], ["thing:1", "thing:2"])
    failure = Failure.objects.get()
    assert (failure.handler, failure.attempts, failure.error) == ("tests.picky", 1, "RuntimeError")
    assert waiting() == (1, 0)
    assert delivered() == 0, "not due yet"
    later = clock.real_now() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert delivered() == 0
    failure.refresh_from_db()
    assert failure.attempts == 2
    assert failure.next_at - later == timedelta(seconds=10)
    refuse.clear()
    later += timedelta(minutes=1)
    assert delivered() == 1
    assert picky == ["thing:2", "thing:1"]
    assert waiting() == (0, 0)


def test_after_many_attempts_it_is_a_visible_dead_letter(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = {"thing:1"}
    heard = listen(refuse=refuse)
    make("thing:1")
    moment = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: moment)
    for _ in range(MAX_ATTEMPTS + 3):
        delivered()
        moment += timedelta(hours=7)
    assert waiting() == (0, 1)
    letter = dead_letters().get()
    assert (letter.attempts, letter.event.subject) == (MAX_ATTEMPTS, "thing:1")
    refuse.clear()
    assert revive_dead(handler="tests.listener") == 1
    assert delivered() == 1
    assert heard == ["thing:1"]


def test_a_failing_handler_leaves_nothing_behind(committed_database: str) -> None:
    def half(event: Delivered) -> None:
        Cursor.objects.create(handler="half done")
        raise RuntimeError

    registry.handles("tests.thing.made", name="tests.half")(half)
    make("thing:1")
    delivered()
    assert not Cursor.objects.filter(handler="half done").exists()
    assert not Handled.objects.exists()


def test_two_deliverers_at_once_call_a_handler_once(committed_database: str) -> None:
    heard = listen()
    for number in range(30):
        make(f"thing:{number}")

    def work() -> None:
        try:
            deliver_pending()
        finally:
            connection.close()

    others_done()
    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(heard) == sorted(f"thing:{number}" for number in range(30))


def test_a_transaction_with_more_events_than_a_batch(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diwan.outbox.actions.deliver.BATCH", 4)
    heard = listen()
    with transaction.atomic():
        for number in range(10):
            make(f"thing:{number}")
    assert delivered(limit=6) == 6
    assert delivered() == 4
    assert heard == [f"thing:{number}" for number in range(10)]


@pytest.mark.django_db
def test_events_of_ones_own_transaction_by_id() -> None:
    heard = listen()
    first = make("thing:1")
    assert deliver_events([first]) == 1
    assert deliver_events([first]) == 0
    assert heard == ["thing:1"]


def test_old_events_are_pruned_behind_every_cursor(committed_database: str) -> None:
    listen()
    make("thing:1")
    delivered()
    make("thing:2")
    with clock.moved(clock.now() + timedelta(days=31)):
        assert prune_delivered() == 1
    assert Event.objects.get().subject == "thing:2"
    assert not Handled.objects.exists()
