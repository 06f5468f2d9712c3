"""The walker of reports: lets everybody act at their moment, in order of time, through the product's own actions."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from diwan.cases import secrets
from diwan.cases.models import Case, IdempotencyKey, OpenTask
from diwan.catalogue.models import LookupRow
from diwan.catalogue.queries import calendar_for
from diwan.demo.plan.people import society
from diwan.demo.plan.source import generator
from diwan.demo.walks import opinions
from diwan.demo.walks.actors import Actors
from diwan.demo.walks.reports.doing import WORK, Doer, answer_of
from diwan.demo.walks.reports.people import AGENT, SUPERVISOR, VERIFIER, Cast
from diwan.demo.walks.reports.photos import Album
from diwan.demo.walks.reports.scripts import KindTraits, ReportScript
from diwan.demo.walks.reports.walk import ReportWalk
from diwan.kit import calendars, clock
from diwan.modules.reports.actions import (
    Filing,
    answer_later,
    ask_later,
    check_photo,
    file_report,
    follow_report,
    project_report,
)  # fmt: skip
from diwan.modules.reports.errors import ReportNotFound, TooManyOpen
from diwan.modules.reports.models import Closing, LaterQuestion, PhotoCheck
from diwan.people.actor import ANONYMOUS, system

#: Scope of the keys by which an interrupted run knows the reports it has opened.
SCOPE: Final = "demo reports"
BY: Final = system("reports.project")
_AT_ONCE: Final = timedelta(seconds=4)
#: Hours after which each of these is typically acted on.
PATIENCE: Final[Mapping[str, float]] = {
    "dispatch": 0.4, "outside_body": 20.0, "on_hold": 40.0, "verify": 7.0, "recheck": 6.0, "second_look": 8.0,
    "confirmation": 14.0, "look": 12.0,
}  # fmt: skip
#: Of a hundred asked four weeks later so many answer; of a hundred photos so many are fit for everybody.
ANSWER_LATER: Final = 55
FIT: Final = 93
#: How long photos wait until somebody looks.
CHECKED_AFTER: Final = timedelta(hours=16)
OPEN, ACT, HEAR, LATER = range(4)


def kinds() -> dict[str, KindTraits]:
    """What the catalogue says of each type of report."""
    rows = LookupRow.objects.filter(lookup="report_types", valid_to__isnull=True).order_by("code")
    return {
        row.code: KindTraits(
            category=str(row.data["category"]), placed=bool(row.data.get("place", True)),
            nameless=bool(row.data.get("anonymous")), photo=bool(row.data.get("photo")),
            contractor=bool(row.data.get("contractor")), body=str(row.data.get("outside") or ""),
            public=bool(row.data.get("public")),
        )
        for row in rows
    }  # fmt: skip


@dataclass(slots=True)
class ReportWalker:
    """Walks reports up to a moment; call `until` with growing moments. `made` counts the cases."""

    actors: Actors
    end: datetime
    scripts: list[ReportScript]
    doer: Doer = field(init=False)
    numbers: dict[int, int] = field(default_factory=dict)
    made: int = 0
    _walks: dict[int, ReportWalk] = field(default_factory=dict)
    _heap: list[tuple[datetime, int, int]] = field(default_factory=list)
    _asked: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.doer = Doer(Cast.read(self.actors), Album.stored(), kinds())
        self._heap = [(script.opened_at, OPEN, place) for place, script in enumerate(self.scripts)]
        heapq.heapify(self._heap)
        opened = IdempotencyKey.objects.filter(scope=SCOPE).values_list("key", "case_id")
        self.numbers = {int(key): case_id for key, case_id in opened}

    def until(self, moment: datetime) -> None:
        """Let happen all that happens before the moment; then ask those of four weeks ago and look at new photos."""
        moment = min(moment, self.end)
        while self._heap and self._heap[0][0] < moment:
            at, kind, key = heapq.heappop(self._heap)
            with clock.moved(at):
                if kind == OPEN:
                    self._open(self.scripts[key])
                elif kind == ACT:
                    self._act(self._walks[key], at)
                elif kind == HEAR:
                    self._hear(self._walks[key])
                else:
                    self._still_fixed(key)
        with clock.moved(moment):
            self._ask_later(moment)
            self._check_photos(moment)

    def finish(self) -> None:
        """What is still open stands on walls and lists as it is; each shared drawing knows its photos."""
        for walk in self._walks.values():
            if walk.task is not None:
                project_report(case_id=walk.case_id, by=BY)
        self.doer.album.count_references()

    def _open(self, script: ReportScript) -> None:
        """File the report of a script, or take up one that an interrupted run has filed."""
        again = script.number in self.numbers
        known = self.numbers[script.number] if again else self._filed(script)
        if known is None:
            return
        self.numbers[script.number] = known
        walk = ReportWalk(script, known, generator(400_000 + script.number))
        self._walks[known] = walk
        self.made += 1
        case = Case.objects.get(pk=known)
        if again:
            walk.closings = Closing.objects.filter(report_id=known).count()
        elif script.photo:
            self.doer.photo_of(walk, case).save(force_insert=True)
        self._go_on(walk, case, clock.now(), again=again)
        self._follow(walk)

    def _filed(self, script: ReportScript) -> int | None:
        by_phone = script.channel == "phone"
        cast, human = self.doer.cast, society().humans.get(script.teller.human)
        answers: dict[str, object] = {"type": script.kind}
        if script.words:
            answers["description"] = script.words
        if script.lat is not None:
            answers["place"] = {
                "lat": f"{script.lat:.6f}", "lng": f"{script.lng:.6f}", "how": "map" if by_phone else "gps",
            }  # fmt: skip
        if script.near:
            answers["landmark"] = script.near
        account = self.actors.accounts[human.national_id].pk if human and not by_phone else None
        filing = Filing(
            answers=answers, reporter=cast.reporter(script.teller), key=f"{script.number:08d}", scope=SCOPE,
            channel=script.channel, account_id=account,
            language="en" if human and human.nationality in ("PK", "IN", "BD", "PH") else "ar",
        )  # fmt: skip
        by = cast.of_room(AGENT, script.number) if by_phone else cast.teller(script.teller)
        try:
            return file_report(filing=filing, by=by).case_id
        except TooManyOpen:
            return None

    def _follow(self, walk: ReportWalk) -> None:
        """Somebody else with the same trouble follows it."""
        if not walk.script.follower:
            return
        try:
            follow_report(case_id=walk.case_id, by=ANONYMOUS, mobile=walk.script.follower)
        except ReportNotFound:
            return

    def _act(self, walk: ReportWalk, at: datetime) -> None:
        case, task = walk.case, walk.task
        if case is None or task is None:
            return
        into = self.numbers.get(walk.script.repeats or 0)
        if into is not None and self.doer.joined(walk, into):
            walk.task = None
            return
        walk.script = walk.script if into is None else _alone(walk.script)
        found = self.doer.do(walk, case, task)
        self._go_on(walk, found or Case.objects.get(pk=case.pk), at)

    def _go_on(self, walk: ReportWalk, case: Case, at: datetime, *, again: bool = False) -> None:
        """Let the machine do what is automatic, then decide when the next one acts."""
        task = OpenTask.objects.filter(case_id=case.pk).first()
        while task is not None and task.kind == OpenTask.Kind.AUTOMATIC:
            at += _AT_ONCE
            with clock.moved(at):
                case = self.doer.do(walk, case, task) or case
            task = OpenTask.objects.filter(case_id=case.pk).first()
        walk.case, walk.task = case, task
        if task is None:
            with clock.moved(at):
                project_report(case_id=case.pk, by=BY)
            if not again:
                self._push(at + opinions.moment_after(walk.rng), HEAR, case.pk)
        elif not self._stands(walk, task):
            self._push(self._when(walk, task, max(at, task.entered_at)), ACT, case.pk)

    def _stands(self, walk: ReportWalk, task: OpenTask) -> bool:
        stand = "work" if task.step in WORK and walk.closings == 0 else task.step
        return walk.script.stand == stand

    def _when(self, walk: ReportWalk, task: OpenTask, now: datetime) -> datetime:
        """When the one in charge acts."""
        rng, pace = walk.rng, walk.script.pace
        if walk.script.repeats:
            return now + timedelta(minutes=rng.randint(15, 120))
        if walk.script.stand:  # it has to come to where it stands before the present
            return now + (self.end - now) * rng.uniform(0.08, 0.3)
        if task.step in WORK:
            case = walk.case
            left = (
                (case.due_at - now) if case is not None and case.due_at is not None else timedelta(hours=20)
            )
            left = max(left, timedelta(hours=3))
            at = now + max(left * 0.5 * pace, timedelta(minutes=rng.randint(25, 90)))
            return at if task.kind == OpenTask.Kind.OUTSIDE else _in_office(at, task, rng.random())
        silent = task.step == "confirmation" and not answer_of(walk)
        silent = silent or (task.step == "outside_body" and rng.random() < 0.1)
        if silent and task.due_at is not None:
            return task.due_at + timedelta(minutes=20)
        return now + timedelta(hours=PATIENCE[task.step] * rng.lognormvariate(0, 0.5) * min(1.5, pace))

    def _push(self, at: datetime, kind: int, key: int) -> None:
        if at < self.end:
            heapq.heappush(self._heap, (at, kind, key))

    def _hear(self, walk: ReportWalk) -> None:
        """Some hours after the end the teller may rate; whoever looks into a low score acts like any other."""
        case = Case.objects.get(pk=walk.case_id)
        if case.closed_at is None:
            return
        follow_up = opinions.given(case, rng=walk.rng, slow=walk.script.pace > 1.6)
        if follow_up is not None:
            other = ReportWalk(_alone(walk.script), follow_up, walk.rng)
            self._walks[follow_up] = other
            self.made += 1
            self._go_on(other, Case.objects.get(pk=follow_up), clock.now())

    def _ask_later(self, moment: datetime) -> None:
        """The question after four weeks, as the worker asks it; who answers does so within days."""
        ask_later()
        rng = generator(500_000 + int(moment.timestamp()) // 3600)
        for case_id in LaterQuestion.objects.filter(answered_at__isnull=True).values_list(
            "report_id", flat=True
        ):
            if case_id not in self._asked:
                self._asked.add(case_id)
                if rng.randrange(100) < ANSWER_LATER:
                    self._push(moment + timedelta(hours=rng.uniform(1, 70)), LATER, case_id)

    def _still_fixed(self, case_id: int) -> None:
        walk, case = self._walks.get(case_id), Case.objects.get(pk=case_id)
        secret = secrets.link_of(case_id, case.secret_generation)
        answer_later(case_id=case_id, secret=secret, fixed=walk is None or not walk.is_false, by=ANONYMOUS)

    def _check_photos(self, moment: datetime) -> None:
        """Those who check photos have looked at all but the newest."""
        waiting = PhotoCheck.objects.filter(
            state=PhotoCheck.State.WAITING, report__public=True, report__opened_at__lt=moment - CHECKED_AFTER
        ).order_by("id")
        rng = generator(600_000 + int(moment.timestamp()) // 3600)
        checkers = [
            self.doer.cast.of_room(role, turn)
            for role, turn in ((VERIFIER, 0), (VERIFIER, 1), (SUPERVISOR, 0))
        ]
        for check in waiting:
            check_photo(upload_id=check.upload_id, show=rng.randrange(100) < FIT, by=rng.choice(checkers))


def _in_office(at: datetime, task: OpenTask, turn: float) -> datetime:
    """The same moment where it lies in working hours, else a while into the next ones."""
    calendar, moment = calendar_for(task.municipality_id), timedelta(seconds=1)
    if calendars.add_working_time(at, moment, calendar) == at + moment:
        return at
    return calendars.add_working_time(at, timedelta(minutes=1 + 150 * turn), calendar)


def _alone(script: ReportScript) -> ReportScript:
    """The script of what goes on by itself."""
    return replace(script, repeats=None, stand="", fate="")
