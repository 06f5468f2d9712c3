"""What a request asks, read strictly; what is empty counts as not sent (GeoReport v2, "Optional Arguments")."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from typing import Final

from django.http import HttpRequest, QueryDict

from diwan.kit import clock
from diwan.kit.arabic import clean_input
from diwan.kit.errors import N_
from diwan.people.actor import Actor
from diwan.rest.calls import Client
from diwan.rest.refusals import Refused

LONGEST: Final = timedelta(days=90)
"""The longest span of time of a list."""
MOST_NAMED: Final = 1000
_W3C: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII
)
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\]\[]{1,60})\](?:\[\])?")
FORM_KINDS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that passed the door: `form` is the format of the answer, `client` None without an `api_key`."""

    request: HttpRequest
    form: str
    language: str
    by: Actor
    client: Client | None

    @property
    def query(self) -> QueryDict:
        """The parameters: of the form for a POST, else of the address."""
        return self.request.POST if self.request.method == "POST" else self.request.GET

    def one(self, name: str, *, most: int = 400) -> str:
        """A parameter as text, empty when it was not sent. Raises Refused (400) for one that is too long."""
        text = clean_input(self.query.get(name, "")).strip()
        if len(text) > most:
            raise Refused(
                400, name, N_("{name} is too long: {most} characters at most."), name=name, most=most
            )
        return text

    def needed(self, name: str, *, most: int = 400) -> str:
        """A parameter that has to be there. Raises Refused (400)."""
        text = self.one(name, most=most)
        if not text:
            raise Refused(400, name, N_("{name} was not provided."), name=name)
        return text

    def several(self, name: str) -> list[str]:
        """The values of a parameter that may be repeated, or hold several between commas."""
        given = [part for value in self.query.getlist(name) for part in value.split(",")]
        found = list(dict.fromkeys(filter(None, (clean_input(part).strip() for part in given))))
        if len(found) > MOST_NAMED:
            raise Refused(400, name, N_("{name} holds more than {most} values."), name=name, most=MOST_NAMED)
        return found

    def among(self, name: str, known: Collection[str]) -> list[str]:
        """As `several`, each one of the known. Raises Refused (400)."""
        found = self.several(name)
        for value in found:
            if value not in known:
                raise _unreadable(name, value)
        return found

    def moment(self, name: str) -> datetime | None:
        """A moment in the W3C form with its zone. Raises Refused (400)."""
        text = self.one(name, most=40)
        if not text:
            return None
        # A plus sign that was not escaped arrives as a space.
        text = re.sub(r" (?=\d{2}:\d{2}$)", "+", text)
        try:
            if _W3C.fullmatch(text):
                return datetime.fromisoformat(text)
        except ValueError:
            pass
        raise Refused(
            400, name, N_("{name} has to be like 2026-11-29T07:00:00Z, with its time zone."), name=name
        )

    def span(self, start: str, end: str, *, most: timedelta = LONGEST) -> tuple[datetime, datetime]:
        """The time asked for, the most recent one where it is not said. Raises Refused (400) for one too long."""
        since, until = self.moment(start), self.moment(end)
        now = clock.now()
        try:
            if since is None:
                since = (until or now) - most
            if until is None:
                until = max(since, min(since + most, now))
        except OverflowError as error:
            raise _unreadable(start, self.one(start)) from error
        if until < since or until - since > most:
            raise Refused(
                400, end, N_("{start} and {end} may lie {days} days apart at most."), start=start, end=end,
                days=most.days,
            )  # fmt: skip
        return since, until

    def degrees(self, name: str, most: float) -> float | None:
        """A latitude or longitude (WGS84 degrees). Raises Refused (400)."""
        text = self.one(name, most=40)
        if not text:
            return None
        try:
            found = float(text) if text.isascii() else float("nan")
        except ValueError:
            found = float("nan")
        if not isfinite(found) or abs(found) > most:
            raise _unreadable(name, text)
        return found

    def whole(self, name: str, *, most: int, usual: int) -> int:
        """A whole number from 1 to `most`. Raises Refused (400)."""
        text = self.one(name, most=12)
        if not text:
            return usual
        if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
            raise _unreadable(name, text)
        return int(text)

    def attributes(self) -> Mapping[str, str]:
        """Code -> value of `attribute[code]`; of several values the last."""
        found: dict[str, str] = {}
        for name in self.query:
            written = _ATTRIBUTE.fullmatch(name)
            if written is not None:
                found[written[1]] = self.one(name, most=1000)
        return {code: value for code, value in found.items() if value}


def _unreadable(name: str, value: str) -> Refused:
    return Refused(400, name, N_("{name} cannot be read: {value}"), name=name, value=value[:60])
