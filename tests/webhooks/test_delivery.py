"""Events on their way to partners: covered, signed, in order, retried, given up, replayed, never lost."""

import dataclasses
import threading
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from diwan.audit.models import AuditRow
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.outbox.actions import emit, prune_delivered
from diwan.outbox.models import Cursor, Event
from diwan.webhooks import claiming
from diwan.webhooks.actions import (
    fan_out,
    finish_sending,
    forget_lanes,
    pause_subscription,
    prune_deliveries,
    replay_delivery,
    replay_since,
    resume_subscription,
    rotate_secret,
    send_due,
    send_test,
)
from diwan.webhooks.lanes import Lanes
from diwan.webhooks.models import Delivery, Subscription
from diwan.webhooks.ports import Reply, sender
from diwan.webhooks.queries import deliveries, shown_secret, standings
from diwan.webhooks.timing import MOST_REFUSALS, MOST_TRIES, judge, wait_after
from tests import cast
from tests.outbox.waiting import others_done
from tests.peers.running import Peer, running
from tests.webhooks.conftest import BY, Subscribe, pass_on, send_all


def came(receiver: Peer) -> list[dict[str, Any]]:
    """What the receiver keeps, in the order in which it came."""
    found: list[dict[str, Any]] = receiver.http.get("/control/events").json()["list"]
    return found


def published(count: int = 1, *, service: str = cast.INSTANT, first: int = 1) -> None:
    for number in range(first, first + count):
        emit(
            name="catalogue.version.published", subject=f"service:{service}",
            data={"service": service, "version": 7, "number": number, "patch": 0},
        )  # fmt: skip


def later(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> datetime:
    """From now on it is so much later (real time)."""
    moment = clock.real_now() + span
    monkeypatch.setattr(clock, "real_now", lambda: moment)
    return moment


def test_a_case_reaches_the_partner_as_cloud_events_without_a_person(
    committed_city: str, receiver: Peer, subscribe: Subscribe
) -> None:
    subscribe()
    case = cast.submit(cast.owner())
    pass_on()
    events = [one["body"] for one in came(receiver)]
    opened = next(one for one in events if one["type"] == "sa.diwan.cases.case.opened")
    number = case_number(case.pk)
    assert opened | {
        "specversion": "1.0", "source": "http://testserver", "subject": f"case:{number}",
        "datacontenttype": "application/json", "dataversion": "1",
        "dataschema": "http://testserver/events/cases.case.opened/1.json",
        "data": {
            "case": number, "service": case.service, "municipality": case.municipality.code, "channel": case.channel,
        },
    } == opened  # fmt: skip
    assert [one["sequence"] for one in events] == sorted(one["sequence"] for one in events)
    told = " ".join(str(one) for one in events)
    assert not any(str(value) in told for value in case.applicant.values() if len(str(value)) > 4)
    assert str(case.pk) not in told.replace(number, "")
    assert receiver.http.get("/control/counts").json()["refused"] == 0


def test_only_what_was_chosen_and_only_from_then_on(
    committed_city: str, receiver: Peer, subscribe: Subscribe
) -> None:
    published(service="older")
    subscribe(events=("catalogue.version.published",), all_services=False, services=(cast.INSTANT,))
    place = subscribe(
        events=("cases.case.opened",),
        all_municipalities=False,
        municipalities=("101",),
        name="Of one municipality",
    )
    elsewhere = subscribe(
        events=("cases.case.opened",), all_municipalities=False, municipalities=("102",), name="Of another"
    )
    published(service=cast.INSTANT)
    published(service=cast.WITH_APPROVALS)
    emit(
        name="payments.notice.queued", subject="notice:1", data={"notice": 1, "outcome": "late", "case": None}
    )
    cast.submit(cast.owner())
    pass_on()
    found = [one["body"] for one in came(receiver)]
    assert {one["data"]["service"] for one in found if "catalogue" in one["type"]} == {cast.INSTANT}
    assert Delivery.objects.filter(subscription=place).count() == 1
    assert not Delivery.objects.filter(subscription=elsewhere).exists()
    assert Delivery.objects.filter(name="payments.notice.queued").count() == 0


def test_events_of_one_subject_arrive_in_their_order_and_each_once(
    emptied: str, receiver: Peer, subscribe: Subscribe
) -> None:
    subscribe()
    for number in range(1, 9):
        for service in ("a-service", "b-service", "c-service"):
            published(service=service, first=number)
    pass_on()
    found = came(receiver)
    for service in ("a-service", "b-service", "c-service"):
        numbers = [one["body"]["data"]["number"] for one in found if one["subject"] == f"service:{service}"]
        assert numbers == list(range(1, 9))
    assert {one["times"] for one in found} == {1}


def test_two_processes_take_different_deliveries_and_a_killed_one_loses_none(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lease that nobody kept ends by itself; what was sent before the kill comes again under the same id."""
    made = subscribe()
    for number in range(40):
        published(service=f"service-{number}")
    others = threading.Thread(target=_fan_out_elsewhere)
    others.start()
    pass_on_without_sending()
    others.join()
    first = [row.pk for row in claiming.claim({made.pk: 25})]
    second = [row.pk for row in claiming.claim({made.pk: 25})]
    assert (len(first), len(second), len({*first, *second})) == (25, 15, 40)
    killed = Lanes(_Once(receiver))
    monkeypatch.setattr(claiming, "claim", lambda wanted: list(Delivery.objects.filter(pk__in=first[:1])))
    monkeypatch.setattr(claiming, "due_subscriptions", lambda: [made])
    assert killed.take() == 1
    assert killed.answers(patience=10)[0].reply.status == 204
    monkeypatch.undo()
    send_all()
    assert receiver.http.get("/control/counts").json()["events"] == 1, "leased"
    later(monkeypatch, claiming.LEASE + timedelta(seconds=1))
    send_all()
    assert receiver.http.get("/control/counts").json() == {"events": 40, "again": 1, "refused": 0}
    assert not Delivery.objects.exclude(state="delivered").exists()


class _Once:
    """The sender of a process that dies after it has sent, before it writes anything down."""

    def __init__(self, receiver: Peer) -> None:
        self._receiver = receiver

    def post(self, url: str, *, body: bytes, headers: Any) -> Reply:
        answer = self._receiver.http.post("/events", content=body, headers=dict(headers))
        return Reply(answer.status_code)


def _fan_out_elsewhere() -> None:
    try:
        fan_out()
    finally:
        connection.close()


def pass_on_without_sending() -> None:
    others_done()
    while fan_out():
        pass


def test_a_receiver_that_is_down_delays_nobody_and_gets_everything_later(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("receiver") as down:
        bad = subscribe(name="Down", url=f"{down.url}/events")
        down.http.post("/control/secrets", json={"secret": shown_secret(bad.pk, BY)})
        down.switch("receiver", "down")
        good = subscribe()
        for number in range(60):
            published(service=f"service-{number}")
        pass_on()
        assert standings(BY)[good.pk].waiting == 0
        assert standings(BY)[bad.pk].waiting == 60
        tried = Delivery.objects.filter(subscription=bad, attempts__gt=0)
        assert 5 <= tried.count() <= 16, "its breaker leaves it alone, and the others of it lose no attempt"
        assert set(tried.values_list("status", "error")) == {(0, "silent")}
        down.reset()
        forget_lanes()
        later(monkeypatch, timedelta(seconds=60))
        send_all()
        assert down.http.get("/control/counts").json() == {"events": 60, "again": 0, "refused": 0}


def test_a_slow_receiver_is_sent_to_one_by_one(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diwan.webhooks.lanes.SLOW_MS", 100)
    made = subscribe()
    receiver.switch("receiver", "slow", seconds=0.3)
    for number in range(12):
        published(service=f"service-{number}")
    pass_on_without_sending()
    lanes = Lanes(sender())
    assert lanes.take() == 12
    assert lanes.flying == 8
    for answer in lanes.answers(patience=10):
        lanes.well(made.pk, took_ms=answer.reply.took_ms)
    lanes.feed()
    while lanes.flying > 1:
        for answer in lanes.answers(patience=10):
            lanes.well(made.pk, took_ms=answer.reply.took_ms)
    lanes.feed()
    assert lanes.flying == 1


def test_what_fails_comes_again_with_growing_pauses_and_is_given_up_in_the_end(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = subscribe()
    receiver.switch("receiver", "wrong")
    published()
    pass_on()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.status, row.error) == ("waiting", 1, 500, "status")
    assert timedelta(seconds=3) < row.next_at - clock.real_now() < timedelta(seconds=7)
    waits = []
    for _ in range(MOST_TRIES - 1):
        moment = later(monkeypatch, timedelta(hours=31))
        forget_lanes()
        send_all()
        row.refresh_from_db()
        waits.append(row.next_at - moment)
    assert (row.state, row.attempts, row.done_at) == ("dead", MOST_TRIES, moment)
    assert waits[0] < waits[3] < waits[7] <= timedelta(hours=30)
    assert standings(BY)[made.pk].dead == 1
    receiver.reset()
    send_all()
    assert came(receiver) == [], "a dead letter is not tried by itself"
    assert [one.pk for one in deliveries(made.pk, BY, state="dead")] == [row.pk]
    monkeypatch.undo()
    replay_delivery(subscription_id=made.pk, delivery_id=row.pk, by=BY)
    forget_lanes()
    send_all()
    assert [one["id"] for one in came(receiver)] == [f"ev-{row.event_id}"]


def test_a_refused_event_is_tried_less_often_and_holds_up_no_other(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe()
    receiver.switch("receiver", "refuse")
    published()
    for _ in range(MOST_REFUSALS):
        pass_on()
        later(monkeypatch, timedelta(minutes=10))
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.status) == ("dead", MOST_REFUSALS, 400)


def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = subscribe()
    receiver.switch("receiver", "busy", seconds=90)
    published()
    pass_on()
    made.refresh_from_db()
    assert made.not_before is not None
    assert timedelta(seconds=80) < made.not_before - clock.real_now() <= timedelta(seconds=90)
    receiver.reset()
    published(service="another")
    later(monkeypatch, timedelta(seconds=60))
    pass_on()
    assert came(receiver) == []
    later(monkeypatch, timedelta(seconds=31))
    send_all()
    assert len(came(receiver)) == 2


def test_a_receiver_that_is_gone_pauses_its_subscription(
    emptied: str, receiver: Peer, subscribe: Subscribe
) -> None:
    made = subscribe()
    receiver.switch("receiver", "gone")
    published()
    pass_on()
    made.refresh_from_db()
    assert made.paused_why == Subscription.Why.GONE
    assert (
        AuditRow.objects.filter(action="webhooks.subscription.paused", actor="system:webhooks").count() == 1
    )
    receiver.reset()
    published(first=2)
    pass_on()
    assert came(receiver) == []
    assert resume_subscription(subscription_id=made.pk, missed=True, by=BY) == 1
    pass_on()
    assert [one["body"]["data"]["number"] for one in came(receiver)] == [1, 2]


def test_pause_resume_and_replay(emptied: str, receiver: Peer, subscribe: Subscribe) -> None:
    made = subscribe()
    began = clock.now()
    published()
    pass_on()
    pause_subscription(subscription_id=made.pk, by=BY)
    published(first=2)
    pass_on()
    resume_subscription(subscription_id=made.pk, missed=False, by=BY)
    published(first=3)
    pass_on()
    assert [one["body"]["data"]["number"] for one in came(receiver)] == [1, 3]
    assert replay_since(subscription_id=made.pk, since=began, only_dead=True, by=BY) == 0
    assert replay_since(subscription_id=made.pk, since=clock.now(), only_dead=False, by=BY) == 0
    assert replay_since(subscription_id=made.pk, since=began, only_dead=False, by=BY) == 3
    send_all()
    assert [(one["body"]["data"]["number"], one["times"]) for one in came(receiver)] == [
        (1, 2),
        (3, 2),
        (2, 1),
    ]


def test_two_secrets_sign_while_one_is_changed(emptied: str, receiver: Peer, subscribe: Subscribe) -> None:
    """The receiver that knows only the old secret goes on, until the day is over."""
    made = subscribe()
    old = shown_secret(made.pk, BY)
    rotate_secret(subscription_id=made.pk, by=BY)
    assert shown_secret(made.pk, BY) != old
    published()
    pass_on()
    assert len(came(receiver)) == 1
    Subscription.objects.update(overlap_until=clock.real_now())
    published(first=2)
    pass_on()
    assert len(came(receiver)) == 1
    assert receiver.http.get("/control/counts").json()["refused"] == 1


def test_a_test_goes_the_usual_way_to_this_subscription_alone(
    emptied: str, receiver: Peer, subscribe: Subscribe
) -> None:
    made, other = subscribe(events=("cases.case.ended",)), subscribe(name="Other")
    send_test(subscription_id=made.pk, by=BY)
    pass_on()
    assert [one["type"] for one in came(receiver)] == ["sa.diwan.webhooks.subscription.tested"]
    assert not Delivery.objects.filter(subscription=other).exists()


def test_an_address_that_leads_inside_is_given_up(
    emptied: str,
    receiver: Peer,
    subscribe: Subscribe,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subscribe()
    settings.DIWAN = dataclasses.replace(settings.DIWAN, webhooks_loopback=False)
    forget_lanes()
    published()
    for _ in range(MOST_REFUSALS):
        pass_on()
        later(monkeypatch, timedelta(minutes=10))
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.error) == ("dead", MOST_REFUSALS, "blocked")
    assert came(receiver) == []


def test_old_rows_go_and_what_waited_too_long_is_given_up(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = subscribe()
    published()
    pass_on()
    receiver.switch("receiver", "down")
    published(first=2)
    pass_on()
    later(monkeypatch, timedelta(days=8))
    assert prune_deliveries() == 0
    assert Delivery.objects.get(state="dead").error == "too_old"
    later(monkeypatch, timedelta(days=31))
    assert prune_deliveries() == 1
    later(monkeypatch, timedelta(days=91))
    assert prune_deliveries() == 1
    assert made.deliveries.count() == 0


def test_events_are_kept_until_they_are_fanned_out(
    emptied: str, receiver: Peer, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large ranges come in parts, one transaction never in two; an event without its deliveries is not removed."""
    monkeypatch.setattr(import_module("diwan.webhooks.actions.fan_out"), "MOST", 3)
    made = subscribe()
    with transaction.atomic():
        published(5)
    published(4, first=6)
    Event.objects.filter(name="catalogue.version.published").update(at=clock.now() - timedelta(days=40))
    others_done()
    fan_out()
    before = Event.objects.count()
    prune_delivered()
    assert Event.objects.count() == before, "the other handlers have not read them"
    while fan_out():
        pass
    assert made.deliveries.filter(name="catalogue.version.published").count() == 9
    assert Cursor.objects.filter(handler="webhooks.fan_out").exists()


def test_a_process_that_stops_records_what_is_in_the_air(
    emptied: str, receiver: Peer, subscribe: Subscribe
) -> None:
    made = subscribe()
    receiver.switch("receiver", "slow", seconds=0.4)
    for number in range(30):
        published(service=f"service-{number}")
    pass_on_without_sending()
    send_due()
    finish_sending()
    counts = standings(BY)[made.pk]
    done = made.deliveries.filter(state="delivered").count()
    assert done >= 8
    assert counts.waiting == 30 - done
    receiver.reset()
    send_all()
    assert receiver.http.get("/control/counts").json() == {"events": 30, "again": 0, "refused": 0}


@pytest.mark.parametrize(
    ("reply", "attempts", "state", "well"),
    [
        (Reply(200), 1, "delivered", True), (Reply(204), 1, "delivered", True), (Reply(410), 1, "gone", True),
        (Reply(301), 1, "again", True), (Reply(301), 3, "dead", True), (Reply(404), 3, "dead", True),
        (Reply(429), 3, "again", False), (Reply(408), 11, "again", False), (Reply(500), 11, "again", False),
        (Reply(503), 12, "dead", False), (Reply(0, "silent"), 11, "again", False),
        (Reply(0, "silent"), 12, "dead", False),
        (Reply(0, "tls"), 3, "again", False), (Reply(0, "blocked"), 3, "dead", False),
    ],
)  # fmt: skip
def test_what_an_answer_means(reply: Reply, attempts: int, state: str, well: bool) -> None:
    found = judge(reply, attempts=attempts)
    assert (found.state, found.well) == (state, well)


def test_pauses_grow_to_a_day_and_follow_the_receiver() -> None:
    assert [wait_after(tries, chance=0.5).total_seconds() for tries in (1, 2, 3, 6, 12, 99)] == [
        5, 15, 45, 1215, 86400, 86400,
    ]  # fmt: skip
    assert wait_after(1, chance=0.0) < wait_after(1, chance=1.0)
    assert judge(Reply(503, retry_after=600), attempts=1).wait >= timedelta(seconds=600)
    assert judge(Reply(429, retry_after=10**9), attempts=1).hold == timedelta(hours=24)
    assert judge(Reply(404, retry_after=600), attempts=1).hold is None
