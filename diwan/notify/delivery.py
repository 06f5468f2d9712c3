"""One message from its row to the provider, so that a kill at any point sends it once at most.

The row is marked `sending` and committed before anything is handed over. What is still `queued` was certainly not
sent; what is found `sending` after its lease may have been: a provider that knows our reference is asked again, mail
becomes `uncertain` and is never sent a second time by itself.
"""

import logging
from datetime import datetime

from django.db.models import Case, F, QuerySet, Value, When

from diwan.health.calls import note_call
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.notify.references import reference_of
from diwan.notify.registry import filled
from diwan.notify.templates import MissingValue, Rendered, Template, templates
from diwan.notify.timing import CHANNEL_PAUSE, LEASE, MOST_TRIES, after_night, wait_after
from diwan.notify.transports import (
    ChannelDown,
    OutcomeUnknown,
    Outgoing,
    PermanentFailure,
    TemporaryFailure,
    Transport,
)

log = logging.getLogger("diwan.notify")
State = Message.State


def deliver(message: Message, transport: Transport, *, extra: dict[str, str] | None = None) -> None:
    """Send one claimed message and record what came of it. `extra` holds values that are stored nowhere.

    Raises ChannelDown, with the message back in the queue, when the whole channel is out.
    """
    now = clock.now()
    template = templates().get(message.template)
    if template is None or not template.has(message.channel):
        _give_up(message, f"no text {message.template} for {message.channel}")
        return
    if template.expires is not None and now > message.created_at + template.expires:
        _give_up(message, "too late to be of use")
        return
    morning = after_night(now) if template.reminder and message.channel == "sms" else None
    if morning is not None:
        _row(message).filter(state=State.QUEUED).update(not_before=morning)
        return
    rendered = _render(message, template, extra or {})
    if rendered is not None and _start(message, now):
        _hand_over(message, rendered, transport)


def release(message: Message) -> None:
    """Put a claimed message that was not tried back, for when its channel may be up again."""
    _row(message).filter(state=State.QUEUED).update(not_before=clock.now() + CHANNEL_PAUSE)


def _row(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(created_at=message.created_at, id=message.pk)


def _render(message: Message, template: Template, extra: dict[str, str]) -> Rendered | None:
    try:
        values = filled(
            case_id=message.case_id, language=message.language, params={**message.params, **extra},
            template=message.template,
        )  # fmt: skip
        return template.render(channel=message.channel, language=message.language, values=values)
    except MissingValue as error:
        _give_up(message, f"no value for {error.args[0]}")
    except Exception:
        # Whoever fills in a case's values is above us and may fail in its own ways; the other messages must go on.
        log.exception("message %s cannot be written", message.pk)
        _give_up(message, "values could not be found")
    return None


def _start(message: Message, now: datetime) -> bool:
    """Mark the row `sending`; False when it is no longer ours: held back, or taken by another process."""
    started: int = (
        _row(message)
        .filter(state=State.QUEUED, attempts=message.attempts)
        .update(state=State.SENDING, attempts=F("attempts") + 1, not_before=now + LEASE)
    )
    return started == 1


def _hand_over(message: Message, rendered: Rendered, transport: Transport) -> None:
    tries = message.attempts + 1
    outgoing = Outgoing(
        reference=reference_of(message.pk, message.created_at),
        to=message.address,
        language=message.language,
        subject=rendered.subject,
        body=rendered.body,
    )
    try:
        given = transport.send(outgoing)
    except ChannelDown as error:
        note_call(message.channel, ok=False, error=str(error))
        _back(
            message, attempts=message.attempts, not_before=clock.now() + CHANNEL_PAUSE, error="channel down"
        )
        raise
    except TemporaryFailure as error:
        note_call(message.channel, ok=False, error=str(error))
        _again(message, tries, str(error))
    except PermanentFailure as error:
        note_call(message.channel, ok=True)
        _give_up(message, str(error))
    except OutcomeUnknown as error:
        note_call(message.channel, ok=False, error=str(error))
        if transport.resumable:
            _again(message, tries, str(error))
        else:
            _row(message).update(state=State.UNCERTAIN, error=str(error)[:200])
    else:
        if message.channel != "app":
            note_call(message.channel, ok=True)
        mark_sent(message, rendered, given)


def mark_sent(message: Message, rendered: Rendered, provider_reference: str) -> None:
    """The provider took it. A receipt that was faster stands."""
    _row(message).update(
        state=Case(
            When(state__in=[State.SENDING, State.UNCERTAIN, State.QUEUED], then=Value(State.SENT)),
            default=F("state"),
        ),
        sent_at=clock.now(),
        subject=rendered.subject[:300],
        body=rendered.kept_body,
        provider_reference=provider_reference[:80],
        error="",
    )


def _again(message: Message, tries: int, error: str) -> None:
    if tries >= MOST_TRIES:
        _give_up(message, error)
    else:
        _back(message, attempts=tries, not_before=clock.now() + wait_after(tries), error=error)


def _back(message: Message, *, attempts: int, not_before: datetime, error: str) -> None:
    _row(message).filter(state=State.SENDING).update(
        state=State.QUEUED, attempts=attempts, not_before=not_before, error=error[:200]
    )


def _give_up(message: Message, error: str) -> None:
    log.warning("message %s (%s, %s) is given up: %s", message.pk, message.template, message.channel, error)
    _row(message).filter(state__in=[State.QUEUED, State.SENDING]).update(
        state=State.FAILED, error=error[:200]
    )
