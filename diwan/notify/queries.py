"""Reading messages, and rows of messages for whoever inserts them together with a step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from diwan.notify.models import Message
from diwan.notify.templates import Rendered, templates


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person as a message needs them: language, and an address for each channel that reaches them."""

    language: str
    mobile: str = ""
    email: str = ""
    account_id: int | None = None

    def addresses(self) -> Iterable[tuple[str, str]]:
        """(channel, address) pairs; the pages of the product only for those who have an account."""
        if self.mobile:
            yield "sms", self.mobile
        if self.email:
            yield "email", self.email
        if self.account_id is not None:
            yield "app", f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one person about one object."""

    template: str
    to: Recipient
    municipality_id: int
    case_id: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    channels: frozenset[str] = frozenset(("sms", "email", "app"))


def rows_for(
    notices: Iterable[Notice], *, at: datetime, not_before: datetime | None = None
) -> list[dict[str, Any]]:
    """Column values of `message`, one row a channel that the template has and the person can be reached on.

    Pure: insert them in the transaction of the step (`Message(**row)`, or as records of a set-based statement).
    """
    return [
        {
            "created_at": at, "municipality_id": notice.municipality_id, "case_id": notice.case_id,
            "account_id": notice.to.account_id, "channel": channel, "address": address,
            "language": notice.to.language, "template": notice.template, "params": dict(notice.params),
            "not_before": not_before or at,
        }
        for notice in notices
        for channel, address in notice.to.addresses()
        if channel in notice.channels and templates()[notice.template].has(channel)
    ]  # fmt: skip


def template_codes() -> frozenset[str]:
    """Every code that a workflow may name."""
    return frozenset(templates())


def preview(template: str, *, channel: str, language: str, values: Mapping[str, Any]) -> Rendered:
    """A text with given values, for a page that shows what would be sent."""
    return templates()[template].render(channel=channel, language=language, values=values)


def messages_of_case(case_id: int, *, limit: int = 100) -> list[Message]:
    """Messages about a case, newest first. The caller has asked whether the reader may."""
    return list(Message.objects.filter(case_id=case_id).order_by("-created_at", "-id")[:limit])


def inbox_of(account_id: int, *, limit: int = 50) -> list[Message]:
    """What a person finds on the pages of the product, newest first."""
    found = Message.objects.filter(account_id=account_id, channel="app").exclude(state=Message.State.QUEUED)
    return list(found.order_by("-created_at", "-id")[:limit])


def waiting() -> dict[str, int]:
    """How many messages wait, are uncertain or were given up, by `channel.state`; for the health page."""
    states = [Message.State.QUEUED, Message.State.SENDING, Message.State.UNCERTAIN, Message.State.FAILED]
    rows = (
        Message.objects.filter(state__in=states).values_list("channel", "state").annotate(count=Count("id"))
    )
    return {f"{channel}.{state}": count for channel, state, count in rows}


def sample_text(code: str, language: str, known: Mapping[str, Any]) -> str:
    """What a template would say, for whoever tries a service out; "" for an unknown one."""
    found = templates().get(code)
    return "" if found is None else found.sample(language, known)


def notice_titles() -> Mapping[str, Mapping[str, str]]:
    """Code of each template of a case -> its title by language."""
    return {code: found.title for code, found in templates().items()}
