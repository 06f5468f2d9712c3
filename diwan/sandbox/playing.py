"""The moves of a run, played from the beginning by the engine's pure core: where it stands, and what happened when.

Registers are not asked and nothing is sent: their answers and those of every other party are part of the moves. Time
passes only by moves too; a deadline whose end moves a case does so when it is passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from diwan.catalogue.deadlines import term_of, unit_of
from diwan.flow import answers
from diwan.flow import effects as fx
from diwan.flow.core import advance, start
from diwan.flow.events import (
    Cancelled,
    Completed,
    Event,
    Expired,
    Intervened,
    Message,
    Paid,
    Reopened,
    Signed,
    Withdrawn,
)
from diwan.flow.position import Outcome, Position, Token, standing
from diwan.flow.table import FILER, ITEM, PAID, Exit, Step, Table
from diwan.kit import clock, terms
from diwan.kit.calendars import WorkingCalendar
from diwan.kit.errors import DiwanError
from diwan.kit.terms import Term
from diwan.sandbox.errors import (
    NobodyActs,
    NotHere,
    ReasonElsewhere,
    ReasonMissing,
    SamePerson,
    TooLong,
    WordsMissing,
)
from diwan.sandbox.known import CHECKS, Known, completed, facts_of, with_answers
from diwan.sandbox.moves import MOST, Move
from diwan.sandbox.people import employees
from diwan.sandbox.setting import Setting, day_in

BY_STAFF: Final = frozenset({"task", "visit", "vote", "chain"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A token that waits: since when, and until when (None: as long as it takes)."""

    token: Token
    since: datetime
    due: datetime | None

    @property
    def item(self) -> str:
        """What it is for, inside an each."""
        return str(self.token.data.get(ITEM, ""))


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: by whom (an employee's code, applicant, party, outside, system or time), and what came
    of it, in order. `number` is that of its move, `checks` what an automatic step found, by check."""

    number: int
    at: datetime
    do: str
    by: str
    step: str = ""
    outcome: str = ""
    note: str = ""
    reason: str = ""
    item: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    effects: tuple[fx.Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """The move that could not be made any more, and why: the text was changed since."""

    number: int
    move: Move
    error: DiwanError


def play(setting: Setting, moves: Iterable[Mapping[str, Any]]) -> Play:
    """Play what is kept; it stops at the first move that does not fit any more."""
    made = Play(setting)
    for number, kept in enumerate(moves):
        move = Move.from_json(kept)
        try:
            made.make(move)
        except DiwanError as error:
            made.misfit = Misfit(number, move, error)
            break
    return made


class Play:
    """A run as far as it was played."""

    def __init__(self, setting: Setting) -> None:
        """Nothing has happened yet."""
        self.setting, self.service = setting, setting.service
        self.table: Table = setting.service.flow
        self.position = Position()
        self.known = Known()
        self.now = setting.start
        self.open: dict[int, Waiting] = {}
        self.done: list[tuple[str, str]] = []
        self.due: datetime | None = None
        self.left: Term | None = None
        self.lines: list[Line] = []
        self.misfit: Misfit | None = None
        self.made = 0

    # What it is
    @property
    def sent(self) -> bool:
        """Whether the application is on its way."""
        return bool(self.lines)

    @property
    def ended(self) -> bool:
        """Whether it has come to an end."""
        return self.position.end is not None and not self.position.tokens

    @property
    def state(self) -> str:
        """The public state; "" before it is sent."""
        return standing(self.table, self.position).state if self.sent else ""

    @property
    def today(self) -> date:
        """The day of the run."""
        return day_in(self.now)

    def calendar(self) -> WorkingCalendar:
        """The working calendar that its deadlines follow."""
        return self.setting.calendar(self.known.data)

    def facts(self, known: Known | None = None, item: str = "") -> dict[str, Any]:
        """The variables of every rule."""
        return facts_of(self.setting, known or self.known, self.today, item)

    def barred(self, step: Step) -> frozenset[str]:
        """Employees who may not do this step: they did one that somebody else has to follow, or applied."""
        found = {who for done, who in self.done if done in step.not_same_person_as}
        if FILER in step.not_same_person_as and self.setting.person.staff:
            found.add(self.setting.person.staff)
        return frozenset(found)

    # What happens
    def make(self, move: Move) -> None:
        """Make one move. Raises DiwanError: what was played is then to be thrown away, or shown with its misfit."""
        if self.made >= MOST:
            raise TooLong
        whole: dict[str, Callable[[], Event]] = {
            "withdraw": Withdrawn, "cancel": Cancelled, "intervene": lambda: Intervened(move.outcome),
            "reopen": lambda: Reopened(move.outcome),
        }  # fmt: skip
        if move.do == "send":
            self._send(move)
        elif move.do == "wait":
            self._wait(move)
        elif move.do in whole:
            self._event(whole[move.do](), move, by="applicant" if move.do == "withdraw" else move.who)
        else:
            self._at_step(move, self._found(move))
        self.made += 1

    def _found(self, move: Move) -> Waiting:
        """The waiting token that a move means: by its number, else the first at the step."""
        at_step = [one for one in self.open.values() if one.token.step == move.step]
        exact = [one for one in at_step if one.token.id == move.token]
        if not at_step:
            raise NotHere(step=move.step)
        return (exact or at_step)[0]

    def _send(self, move: Move) -> None:
        if self.sent:
            raise NotHere(step=self.table.start)
        known = with_answers(self.setting, self.known, move, part="")
        outcome = start(self.table, self.facts(known), self.service.evaluate)
        self._priced(outcome, known)
        self.known = known
        if self.service.deadline is not None:
            self.due = self._ends(self.service.deadline, self.facts())
        self._take(outcome)
        self._note(move, "applicant", outcome.effects)

    def _at_step(self, move: Move, waiting: Waiting) -> None:
        """Something happens at a step that waits."""
        token, step = waiting.token, self.table.steps[waiting.token.step]
        if move.do == "message":
            self._event(Message(token.id, step.message or ""), move, by="outside", at=waiting)
        elif step.kind == "payment":
            self._event(Paid(token.id), replace(move, outcome=PAID), by="applicant", at=waiting)
        elif move.do == "sign":
            who = self._allowed(step, move)
            self._event(Signed(token.id), move, by=who, at=waiting)
            self.done.append((step.key, who))
        else:
            known, outcome = completed(self.setting, self.known, self.facts(item=waiting.item), step, move)
            by = self._allowed(step, move) if step.kind in BY_STAFF else _OTHERS.get(step.kind, "system")
            self._event(
                Completed(token.id, outcome), replace(move, outcome=outcome), by=by, at=waiting, known=known
            )
            if step.kind in BY_STAFF and step.kind != "vote":
                self.done.append((step.key, by))

    def _allowed(self, step: Step, move: Move) -> str:
        """Who acts. Raises NobodyActs, SamePerson, ReasonMissing, ReasonElsewhere, WordsMissing."""
        exit_ = step.exits.get(move.outcome)
        if step.kind != "vote" and move.who not in employees():
            raise NobodyActs
        if step.kind != "vote" and move.who in self.barred(step):
            raise SamePerson
        if exit_ is not None and move.do != "sign":
            self._said(exit_, move)
        return move.who

    def _said(self, exit_: Exit, move: Move) -> None:
        if exit_.reason == "required" and not move.reason:
            raise ReasonMissing
        if exit_.reason != "none" and move.reason and move.reason not in self.service.reasons_for(exit_):
            raise ReasonElsewhere
        if exit_.note == "required" and not move.note.strip():
            raise WordsMissing

    def _event(
        self, event: Event, move: Move, *, by: str, at: Waiting | None = None, known: Known | None = None
    ) -> None:
        """Advance by one event, all or nothing."""
        seen = known or self.known
        if at is not None and isinstance(event, Completed | Expired):
            step = self.table.steps[at.token.step]
            left_by = event.outcome if isinstance(event, Completed) else step.on_expired or ""
            outcomes, answered = answers.taken(
                seen.outcomes, seen.answered, step=step.key, outcome=left_by, data=at.token.data
            )
            seen = replace(seen, outcomes=outcomes, answered=answered)
        outcome = advance(self.table, self.position, event, self.facts(seen), self.service.evaluate)
        self._priced(outcome, seen)
        self.known = replace(seen, answered=answers.still_answered(self.table, seen.answered, outcome))
        self._take(outcome)
        self._note(move, by, outcome.effects, at)

    def _priced(self, outcome: Outcome, known: Known) -> None:
        """A bill can be made only where there is a price. Raises NoRate."""
        if any(isinstance(effect, fx.RequestBill) for effect in outcome.effects):
            self.setting.price(known.data, known.derived)

    def _take(self, outcome: Outcome) -> None:
        """The new position with its clocks."""
        self.position = outcome.position
        tokens = {token.id: token for token in outcome.position.tokens}
        for effect in outcome.effects:
            if isinstance(effect, fx.CloseTask):
                self.open.pop(effect.token, None)
            elif isinstance(effect, fx.OpenTask) and effect.token in tokens:
                token = tokens[effect.token]
                self.open[token.id] = Waiting(token, self.now, self._due_of(token))
            elif isinstance(effect, fx.PauseClock):
                self._stop_clock()
            elif isinstance(effect, fx.ResumeClock) and self.left is not None:
                self.due, self.left = terms.due(self.now, self.left, self.calendar()), None

    def _stop_clock(self) -> None:
        deadline = self.service.deadline
        if self.due is not None and deadline is not None:
            unit = unit_of(deadline, self.service, self.facts())[0]
            self.left, self.due = terms.remaining(self.now, self.due, unit, self.calendar()), None

    def _due_of(self, token: Token) -> datetime | None:
        """When a step that begins now has to be done."""
        step = self.table.steps[token.step]
        facts = self.facts(item=str(token.data.get(ITEM, "")))
        if step.until is not None:
            day = date.fromisoformat(str(self.service.evaluate(step.until, facts).value))
            return max(self.now, clock.start_of_day(day))
        if step.deadline is not None:
            return self._ends(step.deadline, facts)
        if step.kind == "payment":
            return self.now + timedelta(days=self.service.definition.bill_days)
        return None

    def _ends(self, deadline: Any, facts: Mapping[str, Any]) -> datetime:
        return terms.due(self.now, term_of(deadline, self.service, facts), self.calendar())

    def _wait(self, move: Move) -> None:
        """Time passes: until the day of a step, or for a working day."""
        if move.step:
            due = self._found(move).due
            if due is None:
                raise NotHere(step=move.step)
        else:
            due = terms.due(self.now, terms.working_days(1), self.calendar())
        self._note(move, "time", ())
        while (late := self._first_over(due)) is not None and late.due is not None:
            self.now = max(self.now, late.due)
            step = late.token.step
            outcome = self.table.steps[step].on_expired or ""
            self._event(Expired(late.token.id), replace(move, step=step, outcome=outcome), by="time", at=late)
        self.now = max(self.now, due)

    def _first_over(self, until: datetime) -> Waiting | None:
        """The first token whose period ends by then and moves the case."""
        late = [
            one
            for one in self.open.values()
            if one.due is not None
            and one.due <= until
            and self.table.steps[one.token.step].on_expired is not None
        ]
        return min(late, key=lambda one: (one.due or until, one.token.id), default=None)

    def _note(self, move: Move, by: str, effects: Sequence[fx.Effect], at: Waiting | None = None) -> None:
        step, item = (at.token.step, at.item) if at is not None else (move.step, "")
        checked = self.known.checks if step and self.table.steps[step].act == CHECKS else {}
        self.lines.append(
            Line(
                self.made,
                self.now,
                move.do,
                by,
                step,
                move.outcome,
                move.note,
                move.reason,
                item,
                checked,
                tuple(effects),
            )
        )


_OTHERS: Final = {"applicant": "applicant", "choice": "applicant", "outside": "outside", "party": "party"}
