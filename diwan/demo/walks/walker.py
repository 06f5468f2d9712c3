"""The walker: lets everybody act at their moment, in order of time, through the engine's actions."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Max

from diwan.cases.actions.open_cases import open_cases
from diwan.cases.applicants import snapshot_of
from diwan.cases.models import Case, IdempotencyKey, OpenTask
from diwan.cases.opening import Opening
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import calendar_for, compiled_service, internal_service
from diwan.demo.plan.people import Human
from diwan.demo.plan.source import generator
from diwan.demo.walks import acts, opinions, registers
from diwan.demo.walks.actors import Actors
from diwan.demo.walks.answers import answered
from diwan.demo.walks.scripts import INSTANT, Script
from diwan.demo.walks.walk import Walk
from diwan.kit import calendars, clock
from diwan.people.models import Municipality
from diwan.places.queries import locate
from diwan.registers.models import RegisterEntry

#: Typical time to act: working hours of employees, elapsed hours of applicants (shape of a lognormal around it).
PATIENCE: Final[Mapping[str, float]] = {
    "review": 6.0, "manual_check": 3.0, "section_approval": 2.5, "section_review": 2.5, "head_approval": 3.0,
    "visit_shop": 8.0, "visit_food": 8.0, "civil_defence": 9.0, "supervising_body": 14.0, "completion": 40.0,
    "amend": 30.0, "blocked": 70.0, "payment": 14.0, "visit": 40.0, "look": 9.0,
}  # fmt: skip
_WORKING: Final = frozenset({OpenTask.Kind.TASK, OpenTask.Kind.VISIT, OpenTask.Kind.OUTSIDE})
#: Scope of the keys by which an interrupted run knows the cases it has opened.
SCOPE: Final = "demo"
_AT_ONCE: Final = timedelta(seconds=4)


@dataclass(slots=True)
class Walker:
    """Walks a set of scripts up to a moment; call `until` with growing moments."""

    actors: Actors
    end: datetime
    scripts: list[Script]
    numbers: dict[int, int] = field(default_factory=dict)
    made: int = 0
    _walks: dict[int, Walk] = field(default_factory=dict)
    _heap: list[tuple[datetime, int, int]] = field(default_factory=list)
    _services: dict[str, CompiledService] = field(default_factory=dict)
    _towns: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._heap = [(script.opened_at, 0, place) for place, script in enumerate(self.scripts)]
        heapq.heapify(self._heap)
        opened = IdempotencyKey.objects.filter(scope=SCOPE).values_list("key", "case_id")
        self.numbers = {int(key): case_id for key, case_id in opened}
        self._towns = {row.pk: row.code for row in Municipality.objects.all()}

    def until(self, moment: datetime) -> None:
        """Let happen all that happens before the moment."""
        moment = min(moment, self.end)
        while self._heap and self._heap[0][0] < moment:
            at, kind, number = heapq.heappop(self._heap)
            with clock.moved(at):
                if kind == 0:
                    self._open(self.scripts[number])
                else:
                    self._act(self._walks[number], at)

    def service(self, slug: str) -> CompiledService:
        """The service as it stands (one version in the demo)."""
        if slug not in self._services:
            found = compiled_service(slug, clock.today()) or internal_service(slug, clock.today())
            if found is None:
                raise LookupError(f"the catalogue has no service {slug}")
            self._services[slug] = found
        return self._services[slug]

    def _open(self, script: Script) -> None:
        """Open the case of a script, or take up one that an interrupted run has opened."""
        known = self.numbers.get(script.number)
        case_id = known if known is not None else self._opened(script)
        self.numbers[script.number] = case_id
        registers.set_mood(case_id, {"manual": "silent", "blocked": "suspended"}.get(script.fate, ""))
        self._begin(script, case_id, again=known is not None)

    def _begin(self, script: Script, case_id: int, *, again: bool = False) -> None:
        """Walk a case from where it stands, and what has followed from it."""
        walk = Walk(script, case_id, generator(200_000 + script.number))
        self.made += 1
        self._walks[case_id] = walk
        now = clock.now()
        if again:
            case = Case.objects.only("returns", "facts").get(pk=case_id)
            walk.returned = case.returns
            now = OpenTask.objects.filter(case_id=case_id).aggregate(last=Max("entered_at"))["last"] or now
            self._follow(walk, case, again=True)
        self._schedule(walk, now)

    def _follow(self, walk: Walk, case: Case, *, again: bool = False) -> None:
        """Begin with the cases that this one has brought about: the visit after an instant licence."""
        for row in case.facts.get("follow_ups", []):
            if row["case"] not in self._walks:
                after = replace(walk.script, service=row["service"], fate="issued", stand="", renews=None)
                self._begin(after, row["case"], again=again)

    def _opened(self, script: Script) -> int:
        renews = self._licence(script)
        if script.renews is not None and not renews:
            script = replace(script, service=INSTANT, renews=None)
        service = self.service(script.service)
        shop, account = self.actors.establishments[script.shop.cr], self.actors.account(script)
        applicant = snapshot_of(account, shop, None if account else _visitor(self.actors.human(script)))
        given = answered(script, service, applicant, renews=renews)
        place = locate(lat=script.shop.lat, lng=script.shop.lng, on=clock.today())
        if place is None:
            raise LookupError(f"{script.shop.key} lies outside the city")
        by = self.actors.applicant(script)
        opening = Opening(
            service=service, municipality_id=place.municipality_id, district_id=place.district_id, applicant=applicant,
            data=given.values, facts=given.facts, by=by, account_id=account.pk if account else None,
            establishment_id=shop.pk, filed_by_id=by.position_id, channel="counter" if script.clerk else "portal",
            language=script.language, scope=SCOPE, key=str(script.number),
        )  # fmt: skip
        return open_cases([opening])[0].case_id

    def _licence(self, script: Script) -> str:
        """The number of the licence that a script renews; empty when the first walk brought none about."""
        if script.renews is None or script.renews not in self.numbers:
            return ""
        entry = RegisterEntry.objects.filter(case_id=self.numbers[script.renews], status="active").first()
        return entry.number if entry is not None else ""

    def _act(self, walk: Walk, at: datetime) -> None:
        """Let the first due task be done. Nobody else touches the case, so what was read after the last act stands."""
        due = [task for task in walk.tasks if walk.pending.get(task.token, self.end) <= at]
        if due:
            task = due[0]
            del walk.pending[task.token]
            case = walk.case or Case.objects.get(pk=walk.case_id)
            town = self._towns[task.municipality_id]
            walk.case = acts.do(walk, case, task, actors=self.actors, town=town)
            if task.kind == OpenTask.Kind.DOCUMENT:
                self._follow(walk, Case.objects.only("facts").get(pk=walk.case_id))
        self._schedule(walk, at)
        if not walk.tasks:
            self._hear(walk, at)

    def _hear(self, walk: Walk, at: datetime) -> None:
        """Some hours after the end the applicant may rate; whoever looks into a low score is walked like any other."""
        case = Case.objects.get(pk=walk.case_id)
        later = at + opinions.moment_after(walk.rng)
        if case.closed_at is None or later >= self.end:
            return
        with clock.moved(later):
            follow_up = opinions.given(case, rng=walk.rng, slow=walk.script.pace > 1.2)
            if follow_up is not None:
                service = str(Case.objects.values_list("service", flat=True).get(pk=follow_up))
                after = replace(walk.script, service=service, fate="issued", stand="", renews=None)
                self._begin(after, follow_up)

    def _schedule(self, walk: Walk, now: datetime) -> None:
        """Decide when each newly opened task is acted on; one at which the case stands still never is."""
        open_now = walk.tasks = list(OpenTask.objects.filter(case_id=walk.case_id))
        tokens = {task.token for task in open_now}
        walk.pending = {token: when for token, when in walk.pending.items() if token in tokens}
        for task in open_now:
            if task.token in walk.pending or task.token in walk.settled:
                continue
            if task.step == walk.script.stand and not acts.must_go_on(walk, task):
                walk.settled.add(task.token)
                if walk.script.claimed:
                    acts.claim_it(task, actors=self.actors, town=self._towns[task.municipality_id], walk=walk)
                continue
            walk.pending[task.token] = self._when(walk, task, now)
        following = walk.next_at()
        if following is not None and following < self.end:
            heapq.heappush(self._heap, (following, 1, walk.case_id))

    def _when(self, walk: Walk, task: OpenTask, now: datetime) -> datetime:
        """When the one in charge acts on a task."""
        if task.kind in (OpenTask.Kind.AUTOMATIC, OpenTask.Kind.DOCUMENT):
            return now + _AT_ONCE
        waits = acts.waits_for_the_end(walk, task)
        if waits is not None:
            return waits
        hours = PATIENCE.get(task.step, 8.0) * walk.script.pace * walk.rng.lognormvariate(0, 0.5)
        if task.kind in _WORKING:
            calendar = calendar_for(task.municipality_id)
            return calendars.add_working_time(now, timedelta(hours=hours), calendar)
        if task.kind == OpenTask.Kind.PAYMENT:
            hours = min(hours, 200.0)
            if walk.script.service != "shop-licence-with-approvals":
                hours *= 0.25
        return now + timedelta(hours=hours)


def _visitor(human: Human) -> dict[str, str]:
    """What a clerk takes down of somebody without an account."""
    return {
        "national_id": human.national_id, "name_ar": human.name_ar, "name_en": human.name_en, "mobile": human.mobile,
    }  # fmt: skip
