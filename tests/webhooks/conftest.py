"""A partner with a receiver of his own, and ways to send him everything that waits."""

import dataclasses
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from pytest_django.plugin import DjangoDbBlocker

from diwan.outbox.models import Event
from diwan.people.actor import system
from diwan.webhooks.actions import Coverage, fan_out, forget_lanes, make_subscription, send_due
from diwan.webhooks.models import Delivery, Subscription
from diwan.webhooks.queries import offered_events, shown_secret
from tests import databases
from tests.conftest import SUFFIX, WORKER
from tests.outbox.waiting import others_done
from tests.peers.running import Peer, running

BY = system("tests")
SERVICES = ("shop-licence-with-approvals", "shop-licence-instant")


@pytest.fixture(scope="module")
def receiver_process() -> Iterator[Peer]:
    with running("receiver") as found:
        yield found


@pytest.fixture(scope="module")
def _clone(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database for the module, so that each test need not make its own."""
    name = f"webhooks_{SUFFIX}_{WORKER}"
    databases.clone(databases.template(), name)
    yield name
    with django_db_blocker.unblock():
        databases.close()
    databases.drop(name)


@pytest.fixture
def emptied(_clone: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The module's database with real commits and without any event, subscription or delivery."""
    with django_db_blocker.unblock():
        databases.close()
        databases.use(_clone)
        for model in (Delivery, Subscription, Event):
            model.objects.all().delete()
        yield _clone
        databases.close()
        databases.use(f"clone_{SUFFIX}_{WORKER}")


@pytest.fixture
def receiver(receiver_process: Peer, settings: LazySettings) -> Iterator[Peer]:
    settings.DIWAN = dataclasses.replace(settings.DIWAN, webhooks_loopback=True)
    forget_lanes()
    receiver_process.reset()
    receiver_process.http.delete("/control/events")
    yield receiver_process
    forget_lanes()


Subscribe = Callable[..., Subscription]


@pytest.fixture
def subscribe(receiver: Peer) -> Subscribe:
    """Make a subscription of everything to the receiver; fields of `Coverage`, `url` and `name` may differ."""

    def make(*, name: str = "Partner", url: str = "", **coverage: object) -> Subscription:
        everything: dict[str, object] = {
            "events": tuple(kind.name for kind in offered_events()),
            "all_services": True,
            "all_municipalities": True,
        }
        made = make_subscription(
            name=name,
            url=url or f"{receiver.url}/events",
            coverage=Coverage(**{**everything, **coverage}),  # type: ignore[arg-type]
            services=SERVICES,
            by=BY,
        )
        receiver.http.post("/control/secrets", json={"secret": shown_secret(made.pk, BY)})
        return made

    return make


def send_all(*, seconds: float = 60.0) -> None:
    """Send what is due now, until nothing is due or in the air."""
    until = time.monotonic() + seconds
    while send_due():
        assert time.monotonic() < until


def pass_on() -> None:
    """What was committed reaches the receivers, as the worker would do it."""
    others_done()
    while fan_out():
        pass
    send_all()
