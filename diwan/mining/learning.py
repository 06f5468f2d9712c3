"""The model of a service, learned from its log."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Count

from diwan.bpmn.drawing import draw, node_of
from diwan.catalogue.queries import calendar_for
from diwan.flow.definition import definition_of
from diwan.kit import clock
from diwan.kit.calendars import WorkingCalendar, holiday_on, is_working_day
from diwan.mining import learning_sql
from diwan.mining.arrows import counts_of
from diwan.mining.asking import Asked
from diwan.mining.errors import TooFewCases
from diwan.mining.figures import Figures
from diwan.mining.model import SLOTS_A_DAY, SLOTS_A_WEEK, Arrivals, Model, Pool, Spread, StepModel
from diwan.mining.queries import calendar_parameters
from diwan.mining.registry import MOST_CASES
from diwan.mining.worktime import WorkTime, work_time
from diwan.people.models import Holding, Position, Unit
from diwan.people.queries import valid_on

LEAST: Final = 30
"""Ended cases that a model needs."""
POSTS: Final = ("task", "visit", "chain")
"""Kinds of step that keep a post busy."""
_SHARES: Final = [number / 400 for number in range(401)]
_AHEAD: Final = timedelta(weeks=110)
"""How far the calendars of the simulation reach."""
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Learned:
    """A model with the working time of each pool, and how many posts it was found to have."""

    model: Model
    times: Mapping[Pool, WorkTime]


@dataclass(slots=True)
class _Pools:
    """Who does what: step -> municipality -> pool -> how often, and which posts of each pool have acted."""

    steps: dict[str, dict[int, dict[Pool, float]]]
    people: dict[Pool, set[int]]


def learn(asked: Asked, figures: Figures) -> Learned:
    """The model. Raises TooFewCases."""
    if figures.ended < LEAST:
        raise TooFewCases(least=LEAST, found=figures.ended)
    limits = {**asked.where(), "most": MOST_CASES, "posts": list(POSTS)}
    pools = _pools(limits)
    calendars = _calendars({unit for _, unit in pools.people})
    rows = _rows(asked, limits, pools, calendars)
    begin = asked.period.first
    made: dict[int, WorkTime] = {}
    for calendar in calendars.values():
        made.setdefault(id(calendar), work_time(calendar, begin, begin + _AHEAD))
    times = {pool: made[id(calendars[pool[1]])] for pool in pools.people}
    return Learned(_model(asked, figures, pools, rows), times)


def _pools(parameters: Mapping[str, Any]) -> _Pools:
    found = _Pools({}, defaultdict(set))
    with connection.cursor() as cursor:
        cursor.execute(learning_sql.POOLS, parameters)
        for step, place, role, unit, count, people in cursor.fetchall():
            found.steps.setdefault(step, {}).setdefault(place, {})[(role, unit)] = float(count)
            found.people[(role, unit)] |= set(people)
    return found


def _calendars(units: Iterable[int]) -> dict[int, WorkingCalendar]:
    """The calendar of each unit; the same object for those that share one."""
    rows = Unit.objects.filter(pk__in=set(units)).values_list("pk", "municipality_id")
    return {unit: calendar_for(municipality, unit) for unit, municipality in rows}


def _rows(
    asked: Asked, limits: Mapping[str, Any], pools: _Pools, calendars: Mapping[int, WorkingCalendar]
) -> dict[str, list[dict[str, Any]]]:
    kinds = list({id(calendar): calendar for calendar in calendars.values()}.values()) or [WorkingCalendar()]
    until = clock.today() + timedelta(days=1)
    times = [work_time(calendar, asked.period.first, until) for calendar in kinds]
    numbers = {id(calendar): number for number, calendar in enumerate(kinds)}
    whose = {number: numbers[id(calendars[unit])] for number, (_, unit) in enumerate(pools.people)}
    owners = {one: number for number, people in enumerate(pools.people.values()) for one in people}
    parameters = {
        **limits, **calendar_parameters(times, whose), "shares": _SHARES,
        "holidays": sorted(_Days.of(asked).holidays), "people": list(owners), "pools": list(owners.values()),
    }  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(learning_sql.learning(len(times)), parameters)
        for part, row in cursor.fetchall():
            found[part].append(json.loads(row) if isinstance(row, str) else row)
    return found


def _model(asked: Asked, figures: Figures, pools: _Pools, rows: Mapping[str, list[dict[str, Any]]]) -> Model:
    days = _Days.of(asked)
    work = {row["step"]: Spread(row["spread"]) for row in rows.get("work", [])}
    stay = {row["step"]: Spread(row["stay"]) for row in rows.get("work", [])}
    delay = {row["step"]: Spread(row["spread"]) for row in rows.get("delay", [])}
    steps = {
        key: StepModel(
            outcomes=dict(outcomes), work=work.get(key, Spread(())), delay=delay.get(key, Spread(())),
            stay=stay.get(key, Spread(())),
            pools=_with_any(pools.steps[key]) if key in pools.steps else {},
        )
        for key, outcomes in figures.outcomes.items()
    }  # fmt: skip
    places: dict[int, float] = defaultdict(float)
    for row in rows.get("arrival", []):
        places[row["place"]] += row["count"]
    done = sum(step.done for step in figures.steps.values())
    return Model(
        arrivals=days.arrivals(rows.get("arrival", [])), places=dict(places), steps=steps,
        decisions=_decisions(asked, figures), staff=_staff(pools.people), other=_others(rows, pools, days),
        tasks_a_case=done / max(1, figures.opened),
    )  # fmt: skip


def _with_any(places: Mapping[int, Mapping[Pool, float]]) -> dict[int, Mapping[Pool, float]]:
    """With the pools of all municipalities under -1, for one in which the step was never done."""
    whole: dict[Pool, float] = defaultdict(float)
    for pools in places.values():
        for pool, count in pools.items():
            whole[pool] += count
    return {**places, -1: whole}


@dataclass(frozen=True, slots=True)
class _Days:
    """Which days are off in the week, and how often each weekday and a holiday came in the period."""

    holidays: frozenset[date]
    exposure: tuple[int, ...]

    @classmethod
    def of(cls, asked: Asked) -> _Days:
        """By the calendar of the first municipality: holidays are the Kingdom's."""
        calendar = calendar_for(asked.municipalities[0])
        first, last = asked.period.first, asked.period.last
        days = [first + timedelta(days=n) for n in range((last + _AHEAD - first).days)]
        off = frozenset(
            day for day in days if holiday_on(day, calendar) and not is_working_day(day, calendar)
        )
        within = [day for day in days if day <= last]
        weekdays = [sum(day.weekday() == n and day not in off for day in within) for n in range(7)]
        return cls(off, (*weekdays, sum(day in off for day in within)))

    def arrivals(self, rows: Iterable[Mapping[str, Any]]) -> Arrivals:
        """Rates a half hour, of as many days of the kind as there were."""
        rates = [0.0] * (SLOTS_A_WEEK + SLOTS_A_DAY)
        for row in rows:
            rates[row["slot"]] += row["count"] / max(1, self.exposure[row["slot"] // SLOTS_A_DAY])
        numbers = frozenset((day - _EPOCH).days for day in self.holidays)
        return Arrivals(rates[:SLOTS_A_WEEK], rates[SLOTS_A_WEEK:], numbers)


def _others(
    rows: Mapping[str, list[dict[str, Any]]], pools: _Pools, days: _Days
) -> dict[Pool, tuple[Arrivals, Spread]]:
    """What else the same posts did, in whatever role: how often it came, and how long it kept them."""
    order = list(pools.people)
    slots: dict[Pool, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.get("other_slot", []):
        slots[order[row["pool"]]].append(row)
    return {
        order[row["pool"]]: (days.arrivals(slots[order[row["pool"]]]), Spread(row["spread"]))
        for row in rows.get("other", [])
    }


def _staff(people: Mapping[Pool, set[int]]) -> dict[Pool, int]:
    """Posts of each pool: those that are held today, or those that have acted, if these were more."""
    today = clock.today()
    held = valid_on(Holding.objects.filter(account__is_active=True), today).values("position_id")
    rows = (
        valid_on(Position.objects.filter(pk__in=held), today)
        .filter(unit_id__in={unit for _, unit in people}, roles__code__in={role for role, _ in people})
        .values_list("roles__code", "unit_id")
        .annotate(count=Count("pk", distinct=True))
    )
    posts = {(role, unit): count for role, unit, count in rows}
    return {pool: max(len(acted), posts.get(pool, 0)) for pool, acted in people.items()}


def _decisions(asked: Asked, figures: Figures) -> dict[str, dict[str, float]]:
    """How often each way was taken; under `""` how often a split was come to, and how many an each opened."""
    table = asked.service.flow
    found = {key: {to: float(count) for to, count in ways.items()} for key, ways in figures.decisions.items()}
    for key, step in table.steps.items():
        if step.kind == "each" and step.next and step.next in figures.steps and found.get(key):
            found[key][""] = figures.entered(step.next) / sum(found[key].values())
    splits = [
        key
        for key, step in table.steps.items()
        if step.kind == "split" and any(branch.when is not None for branch in step.branches)
    ]
    if splits:
        picture = draw(definition_of(table), language="en", titles=str)
        counts = counts_of(picture, table, figures)
        for key in splits:
            coming = [flow.id for flow in picture.flows if flow.target == node_of(key)]
            known = [counts[id_] for id_ in coming if id_ in counts]
            taken = found.setdefault(key, {})
            whole = sum(known) if len(known) == len(coming) else 0
            taken[""] = float(max([whole, *taken.values()]))
    return found
