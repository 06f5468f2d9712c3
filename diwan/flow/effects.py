"""What the caller has to do after a move, in this order, in the same transaction.

`OpenTask` and `CloseTask` mirror the tokens exactly: the open tasks after applying them are the tokens of the new
position, so a position can be kept as rows. Effects hold codes and ids only. Those of every step are named tuples,
which are made in a third of the time; no two of them can hold the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from diwan.flow.table import Text


class OpenTask(NamedTuple):
    """A token now waits at ``step`` (of any waiting kind).

    ``same_officer``: it goes to whoever did this step of the case before, if anybody did.
    """

    token: int
    step: str
    kind: str
    same_officer: bool = False


class CloseTask(NamedTuple):
    """The token no longer waits at ``step``.

    ``outcome`` is the exit taken, or None when it was closed from elsewhere (withdrawn, cancelled, a sibling's end):
    then a bill is void, a running act is to be ignored.
    """

    token: int
    step: str
    kind: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class RunAct:
    """Run a registered automatic act; answer with `Completed`."""

    token: int
    act: str


@dataclass(frozen=True, slots=True)
class RequestBill:
    """Make the bill; answer with `Paid` or `Expired`."""

    token: int


@dataclass(frozen=True, slots=True)
class IssueDocument:
    """Issue the document; answer with `Completed(token, "issued")`.

    ``authority``: steps whose approval authorises it (the latest approval counts); empty = standing authority.
    """

    token: int
    template: str
    authority: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenChild:
    """Open a case of the internal ``service``; answer with `Completed(token, <its end step>)`.

    ``passes``: field of that service -> the rule that gives its answer. When the token closes from elsewhere the child
    is to be cancelled.
    """

    token: int
    service: str
    passes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notify:
    """Send a notice. ``step`` is the step entered, or left when the notice belongs to the act."""

    template: str
    step: str


class SetState(NamedTuple):
    """The public state or the holder of the case has changed. ``step`` carries the citizen's text."""

    state: str
    holder: str
    step: str


@dataclass(frozen=True, slots=True)
class PauseClock:
    """Nothing waits on a running clock any more."""

    step: str


@dataclass(frozen=True, slots=True)
class ResumeClock:
    """Something waits on a running clock again."""

    step: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule has routed the case: for the history's "why".

    ``index`` is the branch taken, -1 for otherwise; ``rule`` the CEL text or the table's name; ``inputs`` what it
    read; ``fired`` the rows of a decision table.
    """

    step: str
    to: str
    index: int
    rule: str | None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    fired: tuple[str, ...] = ()
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The case has ended in ``state`` at the end step ``step``."""

    step: str
    state: str


Effect = (
    OpenTask
    | CloseTask
    | RunAct
    | RequestBill
    | IssueDocument
    | OpenChild
    | Notify
    | SetState
    | PauseClock
    | ResumeClock
    | Decided
    | End
)
