"""The compiled workflow: immutable, made at publish time, read at every step.

Every step at which a token can wait has ``exits``: outcome code -> `Exit`. All step kinds share this shape, so
that moving a token is one dictionary lookup. What else a kind needs stands in named fields of `Step`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from diwan.rules.rulebook import TABLE

KINDS = (
    "task", "applicant", "choice", "outside", "visit", "automatic", "decision", "split", "join",
    "payment", "document", "wait", "party", "vote", "each", "child", "chain", "end",
)  # fmt: skip
"""All step kinds."""

ROUTING = frozenset({"decision", "split", "each", "join"})
"""Kinds passed through at once: no token ever rests there."""

PEOPLE = frozenset({"task", "visit", "applicant", "choice", "outside", "party", "vote", "chain"})
"""Kinds in which a person acts."""

ACTING = frozenset({"task", "visit", "outside", "choice", "party", "vote", "chain"})
"""Kinds whose exits are named ``actions``."""

STATES = (
    "draft", "submitted", "under_review", "returned", "external_wait", "inspection", "approved", "rejected", "invoiced",
    "paid", "issued", "expired", "suspended", "cancelled", "withdrawn", "resolved", "closed",
)  # fmt: skip
"""The public states shared by all services."""

HOLDERS = ("us", "applicant", "payer", "entity", "party")
UNITS = ("working_days", "working_hours", "elapsed_hours")
LATE_ACTS = ("remind", "escalate", "reassign", "silence")
ACTION_EFFECTS = ("continue", "approve", "return", "reject")
REASONS = ("required", "optional", "none")
SCOPES = ("municipality", "amanah")
MAJORITIES = ("most", "half", "two_thirds")

RESUBMITTED = "resubmitted"
LATE = "late"
PAID = "paid"
EXPIRED = "expired"
ISSUED = "issued"
NO_QUORUM = "no_quorum"
REACHED = "reached"
"""The exit of a wait whose date has come."""
OTHERWISE = "otherwise"
"""The exit of a child case that ended in a way which the step does not name."""
SIGNED = "signed"
"""What a signature of a chain is called that is not the last one."""
ITEM = "item"
"""In a token's data and in the rules: the one of the list that a token inside an `each` is for."""
ORIGIN = "origin"
FILER = "filer"
CONTESTED = "contested"
"""Whoever took part in the decision that a case objects to."""
FOLLOWED = "followed"
"""In `not_same_person_as`: whoever acted on the case that this one follows."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    ar: str
    en: str


@dataclass(frozen=True, slots=True)
class Late:
    """One rung of the ladder of lateness: at this per cent of the deadline, do this."""

    at: int
    act: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a step or of the whole. ``amount`` is a number, or a CEL expression that gives one (int); then
    ``unit`` may be an expression too, which gives one of `UNITS`."""

    amount: int | str
    unit: str
    late: tuple[Late, ...] = ()


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out of a waiting step.

    ``effect``: what the act means (`ACTION_EFFECTS`); ``reason``: whether a reason is asked; ``reasons``: code of the
    list of reasons; ``note``: whether words are asked (`REASONS`); ``step_up``: a fresh second factor is needed;
    ``cancels``: split steps whose other tokens close; ``guard``: a registered condition that the act has to meet
    (proof, a paper, a booking).
    """

    key: str
    to: str
    label: Text | None = None
    effect: str = "continue"
    reason: str = "none"
    reasons: str | None = None
    note: str = "optional"
    step_up: bool = False
    guard: str | None = None
    cancels: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of a decision or split. ``when`` is CEL; None means always. ``value`` is used by a decision table."""

    to: str
    when: str | None = None
    why: Text | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What silence means: the outcome taken when the deadline passes, and the text that says so."""

    outcome: str
    text: Text


@dataclass(frozen=True, slots=True)
class VoteRule:
    """How a committee decides, see `diwan.flow.voting`.

    ``chair``: the role of the member who breaks a tie; ``quorum``: members present, at least; ``majority``: one of
    `MAJORITIES`; ``undecided``: the choice that stands when none has the majority.
    """

    chair: str
    quorum: int
    majority: str
    undecided: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Fields that a kind does not use keep their defaults."""

    key: str
    kind: str
    state: str = ""
    holder: str = "us"
    paused: bool = False
    title: Text | None = None
    public: Text | None = None
    notices: tuple[str, ...] = ()
    exits: Mapping[str, Exit] = field(default_factory=dict)
    on_expired: str | None = None
    """Outcome taken by `Expired` (payment, applicant, silence); None when lateness moves nothing."""
    deadline: Deadline | None = None
    silence: Silence | None = None
    role: str | None = None
    scope: str = "municipality"
    department_from: str | None = None
    """CEL (string): the department whose unit does it, where the case decides that."""
    nearest: bool = False
    """Done by the nearest post above the one that filed the case which holds the role: an employee's manager."""
    not_same_person_as: tuple[str, ...] = ()
    may_change: tuple[str, ...] = ()
    same_officer: bool = False
    """Back after a return, the task goes to the officer who had it."""
    resume: str | None = None
    """Applicant steps: `ORIGIN` or the key of the step to which a resubmission goes."""
    entity: str | None = None
    entity_from: str | None = None
    checklist: str | None = None
    act: str | None = None
    message: str | None = None
    until: str | None = None
    """Wait: CEL (date) that gives the day on which the case goes on."""
    over: str | None = None
    """Each: CEL (list of texts); one token is opened for each of them, which the rules inside read as `item`."""
    service: str | None = None
    """Child: the internal service of which a case is opened."""
    passes: Mapping[str, str] = field(default_factory=dict)
    """Child: field of that service -> CEL that gives its answer."""
    up_to: str | None = None
    """Chain: CEL (string), or `table:` and a decision table, that gives the role whose signature is the last."""
    branches: tuple[Branch, ...] = ()
    otherwise: str | None = None
    otherwise_why: Text | None = None
    table: str | None = None
    of: str | None = None
    """Join: the split or each that it gathers."""
    next: str | None = None
    """Join: where to go once all have arrived. Each: the step at which every token begins."""
    template: str | None = None
    authority: tuple[str, ...] = ()
    """Document: steps whose approval authorises it; empty = standing authority."""
    party: str | None = None
    """Party: CEL that gives the id of the person or establishment whose confirmation is asked."""
    mobile: str | None = None
    """Party: CEL that gives the mobile to which the message goes."""
    shows: tuple[str, ...] = ()
    """Party: the applicant's answers that the party reads."""
    vote: VoteRule | None = None
    terminates: bool = False
    """End: closes whatever else is still open."""


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdrawal by the applicant: from which steps (empty = from anywhere), and to which step."""

    to: str
    allowed_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cancel:
    """Cancellation by us: the role that may, from which steps (empty = anywhere), to which step."""

    to: str
    role: str
    allowed_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intervention:
    """A ruling over the whole case: the roles that may, from which steps (empty = anywhere), to which step.

    Whatever is open closes, whoever has it. ``may_change`` are fields that may be mended with it.
    """

    to: str
    roles: tuple[str, ...]
    label: Text | None = None
    allowed_in: tuple[str, ...] = ()
    reason: str = "none"
    reasons: str | None = None
    may_change: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reopen:
    """Reopening of an ended case: role, the steps it may go back to, from which ends (empty = any), for how long."""

    to: tuple[str, ...]
    role: str
    within_days: int
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Returns:
    """At most ``most`` returns to the applicant; the next one goes to ``to`` instead."""

    most: int
    to: str
    why: Text


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled workflow."""

    key: str
    start: str
    steps: Mapping[str, Step]
    joins: Mapping[str, str]
    """Split step -> its join step."""
    deadline: Deadline | None = None
    withdraw: Withdraw | None = None
    cancel: Cancel | None = None
    reopen: Reopen | None = None
    returns: Returns | None = None
    interventions: Mapping[str, Intervention] = field(default_factory=dict)

    def expressions(self) -> tuple[tuple[str, str], ...]:
        """Every (CEL text, result type) used by the workflow, to be compiled once and kept with it."""
        found: dict[tuple[str, str], None] = {}
        for step in self.steps.values():
            found.update(dict.fromkeys(_rules_of(step)))
        for deadline in (self.deadline, *(step.deadline for step in self.steps.values())):
            if deadline is not None and isinstance(deadline.amount, str):
                found[(deadline.amount, "int")] = None
                if deadline.unit not in UNITS:
                    found[(deadline.unit, "string")] = None
        return tuple(found)

    def tables(self) -> tuple[str, ...]:
        """Names of the decision tables that the workflow asks."""
        named = [step.table for step in self.steps.values() if step.table is not None]
        for step in self.steps.values():
            for rule in (step.department_from, step.up_to):
                if rule is not None and rule.startswith(TABLE):
                    named.append(rule.removeprefix(TABLE))
        return tuple(dict.fromkeys(named))


def _rules_of(step: Step) -> Iterator[tuple[str, str]]:
    """The expressions of a step, besides those of its deadline, with their types."""
    for branch in step.branches:
        if branch.when is not None:
            yield branch.when, "bool"
    for rule in (step.entity_from, step.department_from, step.party, step.mobile, step.up_to):
        if rule is not None and not rule.startswith(TABLE):
            yield rule, "string"
    if step.until is not None:
        yield step.until, "date"
    if step.over is not None:
        yield step.over, "list(string)"
    for rule in step.passes.values():
        yield rule, "dyn"
