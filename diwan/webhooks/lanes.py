"""Sending beside each other: a lane for each subscription, so that a slow or silent receiver holds up its own only.

Threads do nothing but HTTP; the caller's thread claims, feeds the lanes and writes down what came back. A lane that
answers quickly has `WIDTH` attempts in the air. One that is slow or has just failed has one, and all such lanes
together take at most half of the threads. After several failures in a row its breaker leaves it alone for a while,
without costing the waiting events an attempt.
"""

from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Final

from diwan.kit import clock
from diwan.kit.breaker import Breaker
from diwan.webhooks import claiming
from diwan.webhooks.envelope import CONTENT_TYPE, envelope, identity_of
from diwan.webhooks.models import Delivery, Subscription
from diwan.webhooks.ports import Reply, Sender
from diwan.webhooks.signing import signed_headers, signing_keys
from diwan.webhooks.timing import SLOW_MS

THREADS: Final = 32
WIDTH: Final = 8
AHEAD: Final = 64
"""How many deliveries a quick lane leases at once."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt, ready to go."""

    delivery: Delivery
    url: str
    identity: str
    body: bytes
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """An attempt and what came back."""

    delivery: Delivery
    reply: Reply


@dataclass(slots=True)
class Lane:
    """One subscription in this process."""

    breaker: Breaker = field(default_factory=Breaker)
    quick: bool = True
    flying: int = 0
    waiting: deque[Parcel] = field(default_factory=deque)

    @property
    def width(self) -> int:
        """How many attempts may be in the air."""
        return WIDTH if self.quick else 1

    @property
    def idle(self) -> bool:
        """Whether nothing of it is held by this process."""
        return not self.flying and not self.waiting


class Lanes:
    """The lanes of one process. Its methods belong to one thread."""

    def __init__(self, sender: Sender, *, threads: int = THREADS) -> None:
        self._sender = sender
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="webhook")
        self._answers: SimpleQueue[Answered] = SimpleQueue()
        self._lanes: dict[int, Lane] = {}

    @property
    def flying(self) -> int:
        """Attempts in the air."""
        return sum(lane.flying for lane in self._lanes.values())

    def take(self) -> int:
        """Lease what is due for the lanes that have room, and send it off; how many were leased."""
        found = {row.pk: row for row in claiming.due_subscriptions()}
        wanted = {pk: room for pk in found if (room := self._room(pk))}
        claimed = claiming.claim(wanted)
        for delivery in claimed:
            lane = self._lanes[delivery.subscription_id]
            lane.waiting.append(_parcel(delivery, found[delivery.subscription_id]))
        for pk in wanted:
            lane = self._lanes[pk]
            if lane.idle:
                lane.breaker.untried()
        self.feed()
        return len(claimed)

    def feed(self) -> None:
        """Send off what the lanes hold, as far as they are wide."""
        cautious = sum(lane.flying for lane in self._lanes.values() if not lane.quick)
        for lane in self._lanes.values():
            while lane.waiting and lane.flying < lane.width and (lane.quick or cautious < self._threads // 2):
                lane.flying += 1
                cautious += not lane.quick
                self._pool.submit(self._send, lane.waiting.popleft())

    def answers(self, *, patience: float) -> list[Answered]:
        """What has come back; waits up to `patience` seconds for the first one."""
        found: list[Answered] = []
        until = monotonic() + patience
        while len(found) < AHEAD * 2:
            try:
                found.append(self._answers.get(timeout=max(until - monotonic(), 0.0) if not found else 0.005))
            except Empty:
                break
        for answer in found:
            self._lanes[answer.delivery.subscription_id].flying -= 1
        return found

    def well(self, subscription_id: int, *, took_ms: int) -> None:
        """The receiver does its work."""
        lane = self._lanes[subscription_id]
        lane.breaker.succeeded()
        lane.quick = took_ms < SLOW_MS

    def unwell(self, subscription_id: int) -> None:
        """The receiver failed; what was leased ahead goes back."""
        lane = self._lanes[subscription_id]
        lane.breaker.failed()
        lane.quick = False
        self.clear(subscription_id)

    def clear(self, subscription_id: int) -> None:
        """Give back what was leased for the subscription and is not in the air."""
        lane = self._lanes[subscription_id]
        claiming.give_back([parcel.delivery.pk for parcel in lane.waiting])
        lane.waiting.clear()

    def clear_all(self) -> None:
        """Give back everything that is not in the air."""
        for pk in self._lanes:
            self.clear(pk)

    def close(self) -> None:
        """End the threads once their attempts are over."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _room(self, subscription_id: int) -> int:
        lane = self._lanes.setdefault(subscription_id, Lane())
        if lane.waiting or lane.flying >= lane.width or not lane.breaker.may_try():
            return 0
        return AHEAD if lane.quick else 1

    def _send(self, parcel: Parcel) -> None:
        try:
            reply = self._sender.post(parcel.url, body=parcel.body, headers=_headers(parcel))
        except BaseException:
            self._answers.put(Answered(parcel.delivery, Reply(0, "malformed")))
            raise
        self._answers.put(Answered(parcel.delivery, reply))


def _parcel(delivery: Delivery, subscription: Subscription) -> Parcel:
    return Parcel(
        delivery=delivery,
        url=subscription.url,
        identity=identity_of(delivery),
        body=envelope(delivery),
        keys=signing_keys(subscription, now=clock.real_now()),
    )


def _headers(parcel: Parcel) -> Mapping[str, str]:
    signed = signed_headers(identity=parcel.identity, body=parcel.body, keys=parcel.keys, at=clock.real_now())
    return {"content-type": CONTENT_TYPE, **signed}
