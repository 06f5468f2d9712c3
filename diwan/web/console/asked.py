"""What a page about a process was asked: a period and a municipality, from the address; its links keep them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from django.http import Http404, HttpRequest
from django.utils.http import urlencode

from diwan.kit.dates import numeric
from diwan.kit.digits import to_ascii
from diwan.kit.errors import DiwanError
from diwan.kit.hijri import parse_date
from diwan.mining.errors import UnknownProcess
from diwan.mining.queries import Asked, Period, asking, last_days, places_of
from diwan.people.doors import actor_of
from diwan.ui.saying import say

DAYS: Final = (30, 90, 180, 365)
USUAL: Final = 90


@dataclass(slots=True)
class Wanted:
    """The period asked for. ``days``: one of `DAYS`, or 0 for two days that were typed."""

    period: Period
    days: int
    place: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The same period and municipality in an address."""
        chosen: dict[str, Any] = {"days": self.days}
        if not self.days:
            chosen = {"from": numeric(self.period.first), "to": numeric(self.period.last)}
        return urlencode(chosen | ({"place": self.place} if self.place else {}))

    @property
    def context(self) -> dict[str, Any]:
        """For the form of the period."""
        return {
            "wanted": self, "days_offered": DAYS, "period": self.period,
            "first": numeric(self.period.first), "last": numeric(self.period.last),
        }  # fmt: skip


def wanted_of(request: HttpRequest) -> Wanted:
    """The period of the address (of a form, where one was sent); what can't be read is refused in words."""
    typed = request.POST if request.method == "POST" else request.GET
    place = typed.get("place", "")[:3]
    first, last = typed.get("from", "").strip()[:20], typed.get("to", "").strip()[:20]
    if first or last:
        try:
            return Wanted(Period(parse_date(first).day, parse_date(last).day), 0, place)
        except DiwanError as error:
            return Wanted(last_days(USUAL), USUAL, place, {"from": say(error)})
    text = to_ascii(typed.get("days", ""))
    days = int(text) if text.isdecimal() and int(text) in DAYS else USUAL
    return Wanted(last_days(days), days, place)


def asked_of(request: HttpRequest, service: str, wanted: Wanted) -> Asked:
    """The question about one service; 404 for one that has no case that the actor reaches in the period."""
    try:
        return asking(service, wanted.period, by=actor_of(request), municipality=wanted.place)
    except UnknownProcess as error:
        raise Http404 from error


def places(request: HttpRequest, service: str, wanted: Wanted) -> list[tuple[str, str]]:
    """The municipalities that can be chosen."""
    return places_of(service, wanted.period, actor_of(request))
