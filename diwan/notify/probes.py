"""Messages that wait, by channel, and those of the last day that did not arrive."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.db.models import Count, Min

from diwan.health.registry import Finding, grade, probe, seconds_since
from diwan.kit import clock
from diwan.kit.errors import N_
from diwan.notify.models import Message

WATCH, BAD = 300.0, 3600.0
_CHANNELS: Final = {"sms": N_("Text messages"), "email": N_("Mail"), "app": N_("Messages on our own pages")}
State = Message.State


@probe("queues", "notify.messages")
def messages() -> Iterator[Finding]:
    """What should have left by now; a channel that is down shows here with its age."""
    now = clock.now()
    rows = (
        Message.objects.filter(state=State.QUEUED)
        .values("channel")
        .annotate(count=Count("id"), oldest=Min("created_at"), due=Min("not_before"))
    )
    found = {row["channel"]: row for row in rows}
    for channel, name in _CHANNELS.items():
        row = found.get(channel)
        # A message that is held back on purpose (until morning, while an act can be undone) is not late.
        late = row is not None and row["due"] <= now + timedelta(minutes=1)
        age = seconds_since(row["oldest"], now=now) if row is not None and late else None
        yield Finding(
            key=f"messages.{channel}", name=name, state=grade(age, watch=WATCH, bad=BAD), age=age,
            count=row["count"] if row is not None else 0,
            advice=N_("See under “Systems outside” whether the channel answers. Messages leave by themselves then."),
        )  # fmt: skip
    yield from _lost(now - timedelta(days=1))


def _lost(since: object) -> Iterator[Finding]:
    lost = Message.objects.filter(state__in=[State.FAILED, State.UNCERTAIN], created_at__gte=since).count()
    yield Finding(
        key="messages.lost", name=N_("Messages of the last day that did not arrive"), count=lost,
        state="watch" if lost else "good",
        advice=N_("The log of the worker says which, and why."),
    )  # fmt: skip
