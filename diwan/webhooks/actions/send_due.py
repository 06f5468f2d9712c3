"""Send what is due, and write down what the receivers answered."""

import logging
from datetime import timedelta
from functools import cache
from time import monotonic
from typing import Final

from diwan.kit import clock
from diwan.people.actor import system
from diwan.webhooks.actions.pause_subscription import pause_subscription
from diwan.webhooks.claiming import Result, record
from diwan.webhooks.errors import SubscriptionUnknown
from diwan.webhooks.lanes import Answered, Lanes
from diwan.webhooks.models import Delivery, Subscription
from diwan.webhooks.ports import sender
from diwan.webhooks.timing import Verdict, judge

log = logging.getLogger("diwan.webhooks")
PATIENCE: Final = 0.2
#: A sender's own limit lies below this.
LONGEST: Final = 20.0
BY: Final = system("webhooks")


@cache
def _lanes() -> Lanes:
    return Lanes(sender())


def send_due() -> int:
    """One turn: lease, send, and record what has come back meanwhile; 0 when there was nothing to do.

    Attempts may be in the air when it returns: call it again, and `finish_sending` at the end.
    """
    lanes = _lanes()
    taken = lanes.take()
    if not lanes.flying:
        return taken
    answers = lanes.answers(patience=PATIENCE)
    _settle(lanes, answers)
    lanes.feed()
    return taken + len(answers) + lanes.flying


def finish_sending(*, seconds: float = LONGEST) -> None:
    """Wait for what is in the air and record it; give back the rest. For a process that stops."""
    lanes = _lanes()
    lanes.clear_all()
    until = monotonic() + seconds
    while lanes.flying and monotonic() < until:
        _settle(lanes, lanes.answers(patience=PATIENCE))
    lanes.close()
    forget_lanes()


def forget_lanes() -> None:
    """Begin anew: breakers closed, settings read again."""
    _lanes.cache_clear()
    sender.cache_clear()


def _settle(lanes: Lanes, answers: list[Answered]) -> None:
    """Record a batch, then act on what it tells of the receivers."""
    judged = [(answer, judge(answer.reply, attempts=answer.delivery.attempts + 1)) for answer in answers]
    record([_result(answer, verdict) for answer, verdict in judged])
    for answer, verdict in judged:
        pk = answer.delivery.subscription_id
        if verdict.well:
            lanes.well(pk, took_ms=answer.reply.took_ms)
        else:
            lanes.unwell(pk)
        if verdict.state == "dead":
            log.warning(
                "event %s for subscription %s is given up: %s", answer.delivery.event_id, pk, verdict.error
            )
        if verdict.state == "gone":
            _gone(lanes, pk)
        elif verdict.hold is not None:
            lanes.clear(pk)
            Subscription.objects.filter(pk=pk).update(not_before=clock.real_now() + verdict.hold)


def _result(answer: Answered, verdict: Verdict) -> Result:
    ended = verdict.state in ("delivered", "dead")
    return Result(
        id=answer.delivery.pk,
        state=verdict.state if ended else Delivery.State.WAITING,
        counts=0 if verdict.state == "gone" else 1,
        next_at=clock.real_now() + (verdict.wait or timedelta()),
        status=answer.reply.status,
        error=verdict.error,
        took_ms=answer.reply.took_ms,
    )


def _gone(lanes: Lanes, subscription_id: int) -> None:
    """The receiver is gone for good: nothing goes there until a person says so. What waits keeps waiting."""
    lanes.clear(subscription_id)
    try:
        pause_subscription(subscription_id=subscription_id, why=Subscription.Why.GONE, by=BY)
    except SubscriptionUnknown:
        log.info("subscription %s ended before its receiver said that it is gone", subscription_id)
