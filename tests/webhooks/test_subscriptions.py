"""Who may subscribe a partner, to what, and what every change leaves in the log."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from diwan.audit.models import AuditRow
from diwan.kit import clock
from diwan.kit.errors import FieldErrors, InvalidValue
from diwan.outbox.events import declare, declared
from diwan.people.actor import Actor
from diwan.webhooks import actions, queries
from diwan.webhooks.actions import Coverage, make_subscription
from diwan.webhooks.errors import DeliveryUnknown, NotAllowed, SubscriptionPaused, SubscriptionUnknown
from diwan.webhooks.models import Delivery, Subscription
from diwan.webhooks.registry import MANAGE
from tests.webhooks.conftest import BY

ADMIN = Actor(account_id=1, capacity="position:1", position_id=1, permissions=frozenset({MANAGE}))
OTHER = Actor(account_id=2, capacity="position:2", position_id=2, permissions=frozenset({"people.manage"}))
SLUGS = ("shop", "food")
OPENED = "cases.case.opened"


def make(by: Actor = ADMIN, **changed: Any) -> Subscription:
    given: dict[str, Any] = {"name": "Partner", "url": "https://partner.example/in", **changed}
    coverage = {
        "events": (OPENED,),
        "services": ("shop",),
        "all_municipalities": True,
        **given.pop("coverage", {}),
    }
    return make_subscription(coverage=Coverage(**coverage), services=SLUGS, by=by, **given)


@pytest.mark.django_db
def test_a_subscription_is_made_and_changed_and_each_change_is_written() -> None:
    made = make()
    secret = queries.shown_secret(made.pk, ADMIN)
    assert secret.startswith("whsec_") and len(secret) > 40
    assert queries.shown_secret(make(name="Another").pk, ADMIN) != secret
    actions.change_address(subscription_id=made.pk, url="https://partner.example:8443/new", by=ADMIN)
    actions.rotate_secret(subscription_id=made.pk, by=ADMIN)
    assert queries.shown_secret(made.pk, ADMIN) != secret
    actions.send_test(subscription_id=made.pk, by=ADMIN)
    actions.pause_subscription(subscription_id=made.pk, by=ADMIN)
    actions.pause_subscription(subscription_id=made.pk, by=ADMIN)
    actions.resume_subscription(subscription_id=made.pk, missed=True, by=ADMIN)
    actions.replay_since(subscription_id=made.pk, since=clock.now(), only_dead=False, by=ADMIN)
    actions.end_subscription(subscription_id=made.pk, by=ADMIN)
    rows = AuditRow.objects.filter(object_type="subscription", object_id=str(made.pk)).order_by("id")
    assert [row.action.rsplit(".", 1)[1] for row in rows] == [
        "made", "moved", "rotated", "tested", "paused", "resumed", "replayed", "ended",
    ]  # fmt: skip
    assert {row.actor for row in rows} == {"account:1"}
    assert not any(secret.removeprefix("whsec_")[:12] in str(row.fields) for row in rows)
    with pytest.raises(SubscriptionUnknown):
        actions.send_test(subscription_id=made.pk, by=ADMIN)


CHANGES: list[Callable[[int, Actor], object]] = [
    lambda pk, by: actions.change_address(subscription_id=pk, url="https://partner.example/", by=by),
    lambda pk, by: actions.rotate_secret(subscription_id=pk, by=by),
    lambda pk, by: actions.send_test(subscription_id=pk, by=by),
    lambda pk, by: actions.pause_subscription(subscription_id=pk, by=by),
    lambda pk, by: actions.resume_subscription(subscription_id=pk, missed=True, by=by),
    lambda pk, by: actions.replay_since(subscription_id=pk, since=clock.now(), only_dead=True, by=by),
    lambda pk, by: actions.replay_delivery(subscription_id=pk, delivery_id=1, by=by),
    lambda pk, by: actions.end_subscription(subscription_id=pk, by=by),
    lambda pk, by: queries.shown_secret(pk, by),
    lambda pk, by: queries.standings(by),
    lambda pk, by: queries.deliveries(pk, by),
    lambda pk, by: make(by=by),
]


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_without_the_permission_sees_or_changes_anything(
    change: Callable[[int, Actor], object],
) -> None:
    made = make()
    with pytest.raises(NotAllowed):
        change(made.pk, OTHER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "code", "changed"),
    [
        ("name", "webhooks.no_name", {"name": " "}),
        ("url", "outward.https", {"url": "http://partner.example/"}),
        ("url", "outward.not_public", {"url": "https://169.254.169.254/"}),
        ("url", "outward.https", {"url": "http://127.0.0.1/"}),
        ("events", "webhooks.no_events", {"coverage": {"events": ()}}),
        ("events", "webhooks.unknown", {"coverage": {"events": ("payments.notice.queued",)}}),
        ("events", "webhooks.unknown", {"coverage": {"events": ("webhooks.subscription.tested",)}}),
        ("services", "webhooks.no_services", {"coverage": {"services": ()}}),
        ("services", "webhooks.unknown", {"coverage": {"services": ("shop", "no-such")}}),
        ("municipalities", "webhooks.no_municipalities", {"coverage": {"all_municipalities": False}}),
        ("municipalities", "webhooks.unknown", {"coverage": {"all_municipalities": False, "municipalities": ("zzz",)}}),
    ],
)  # fmt: skip
def test_what_cannot_be_subscribed_is_refused_at_its_field(
    field: str, code: str, changed: dict[str, Any]
) -> None:
    with pytest.raises(FieldErrors) as refused:
        make(**changed)
    assert [problem.code for problem in refused.value.errors[field]] == [code]
    assert set(refused.value.errors) == {field}


@pytest.mark.django_db
def test_other_refusals() -> None:
    made = make()
    with pytest.raises(InvalidValue):
        actions.change_address(subscription_id=made.pk, url="https://10.0.0.1/", by=ADMIN)
    with pytest.raises(DeliveryUnknown):
        actions.replay_delivery(subscription_id=made.pk, delivery_id=1, by=ADMIN)
    actions.pause_subscription(subscription_id=made.pk, by=ADMIN)
    for change in (CHANGES[2], CHANGES[5], CHANGES[6]):
        with pytest.raises(SubscriptionPaused):
            change(made.pk, ADMIN)
    with pytest.raises(SubscriptionUnknown):
        actions.end_subscription(subscription_id=made.pk + 1, by=ADMIN)


@pytest.mark.django_db
def test_what_waits_is_given_up_at_the_end_and_another_partners_delivery_is_not_replayed() -> None:
    one, other = make(), make(name="Other")
    now = clock.real_now()
    row = Delivery.objects.create(
        subscription=one, event_id=1, name=OPENED, version=1, subject="case:2600000012", at=now, next_at=now,
        made_at=now,
    )  # fmt: skip
    actions.end_subscription(subscription_id=one.pk, by=ADMIN)
    row.refresh_from_db()
    assert (row.state, row.error) == ("dead", "ended")
    with pytest.raises(DeliveryUnknown):
        actions.replay_delivery(subscription_id=other.pk, delivery_id=row.pk, by=ADMIN)


def test_no_event_gives_out_more_than_it_has_and_none_a_token_or_an_inner_id() -> None:
    with pytest.raises(ValueError, match="can't give out"):
        declare("tests.thing.given", about="", keys=("a",), outward=("a", "b"))
    given = {key for kind in declared().values() for key in queries.outward_keys(kind)}
    assert given.isdisjoint({"token", "document", "entry", "notice", "act", "account", "version"})


@pytest.mark.django_db
def test_the_command_line_does_what_the_screen_does() -> None:
    def run(*words: str) -> str:
        out = io.StringIO()
        call_command("webhook", *words, stdout=out)
        return out.getvalue()

    made = run(
        "make", "Partner", "https://partner.example/in", "--events", OPENED, "--services", "all", "--municipalities",
        "all",
    )  # fmt: skip
    pk, secret = made.split()
    assert queries.shown_secret(int(pk), BY) == secret
    assert "active" in run("list") and OPENED in run("events")
    assert "ev-" in run("test", pk)
    run("pause", pk)
    assert "paused (person)" in run("list")
    run("resume", pk, "--missed")
    assert run("rotate", pk).strip() != secret
    assert Subscription.objects.get().overlap_until is not None
    run("rotate", pk, "--leaked")
    assert Subscription.objects.get().overlap_until is None
    now = clock.real_now()
    Delivery.objects.create(
        subscription_id=int(pk), event_id=1, name=OPENED, version=1, subject="case:2600000012", at=now, next_at=now,
        made_at=now, state="dead", done_at=now, error="status", status=500, attempts=12,
    )  # fmt: skip
    assert "12 attempts  500 status" in run("dead", pk)
    day = (clock.today() - timedelta(days=1)).isoformat()
    assert run("replay", pk, "--since", day, "--only-dead").startswith("1 event")
    run("end", pk)
    for words in (
        ("make", "Partner"),
        ("pause", "x"),
        ("replay", pk),
        ("pause", pk),
        ("make", "P", "http://x/"),
    ):
        with pytest.raises(CommandError):
            run(*words)
