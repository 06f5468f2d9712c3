"""How a committee decides: members, ballots and a rule give a result. Pure: always one answer, whoever asks.

A member votes for one choice or abstains. Who has an interest in the matter is excused: no member for this matter, and
not counted for the quorum. Abstaining counts as present, not as a vote. The choice with most votes wins if it has the
majority that the rule asks for among the votes given; where the votes are equal, the side on which the chair voted
prevails, and a chair who voted for none of them is asked for a casting vote. When no choice has the majority the rule's
``undecided`` stands. The chair is the member who holds the chair's role, else the first of those who are left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from diwan.flow.table import VoteRule

SHARES: Mapping[str, tuple[int, int]] = {"most": (0, 1), "half": (1, 2), "two_thirds": (2, 3)}
"""Majority -> the share of the votes that it asks for; `half` has to be exceeded, `two_thirds` to be reached."""

ABSTAIN = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A post of the committee that may vote on this matter. Given in the order in which they lead without the chair."""

    post: int
    is_chair: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """Where a vote stands.

    ``choice``: what is decided, None while nothing can be; ``quorate``: whether enough members have voted or abstained;
    ``reachable``: whether the quorum can be reached at all by those who may vote; ``complete``: whether nobody is
    missing; ``tied``: choices among which only the chair's casting vote decides; ``by_chair``: the chair broke a tie;
    ``carried``: whether the choice won by votes (False: it stands since none had the majority).
    """

    choice: str | None
    votes: Mapping[str, int]
    abstained: int
    quorate: bool
    reachable: bool
    complete: bool
    tied: tuple[str, ...] = ()
    by_chair: bool = False
    carried: bool = False


def chair_of(members: Sequence[Member]) -> int | None:
    """The post that leads: the first with the chair's role, else the first; None without members."""
    leading = [member.post for member in members if member.is_chair] or [member.post for member in members]
    return leading[0] if leading else None


def count(
    rule: VoteRule,
    choices: Sequence[str],
    members: Sequence[Member],
    ballots: Mapping[int, str],
    *,
    casting: str | None = None,
) -> Result:
    """Count the ballots: post -> choice, or `ABSTAIN`. Ballots of posts that may not vote and unknown choices count
    for nothing. `casting` is the chair's casting vote in a tie that the chair's ballot did not break.
    """
    posts = {member.post for member in members}
    valid = {
        post: choice for post, choice in ballots.items() if post in posts and choice in (*choices, ABSTAIN)
    }
    votes = Counter(choice for choice in valid.values() if choice != ABSTAIN)
    found = {choice: votes.get(choice, 0) for choice in choices}
    state = Result(
        choice=None,
        votes=found,
        abstained=len(valid) - votes.total(),
        quorate=len(valid) >= rule.quorum,
        reachable=len(posts) >= rule.quorum,
        complete=len(valid) == len(posts),
    )
    if not state.quorate:
        return state
    top = max(found.values(), default=0)
    leaders = tuple(choice for choice in choices if found[choice] == top > 0)
    if len(leaders) == 1 and _enough(rule.majority, top, votes.total()):
        return replace(state, choice=leaders[0], carried=True)
    if leaders and _equal(rule.majority, leaders, top, votes.total()):
        return _tie(
            leaders, valid.get(chair_of(members) or 0), casting, replace(state, choice=rule.undecided)
        )
    return replace(state, choice=rule.undecided)


def _equal(majority: str, leaders: tuple[str, ...], top: int, given: int) -> bool:
    """Whether the chair's side can prevail: the most votes are shared, or, where more than half is asked, exactly half
    was reached. Two thirds are never reached by a tie."""
    return len(leaders) > 1 if majority == "most" else majority == "half" and top * 2 == given


def _tie(leaders: tuple[str, ...], chair: str | None, casting: str | None, state: Result) -> Result:
    """The side of the chair prevails; of one leader with exactly half of the votes only if the chair is on its side."""
    side = next((choice for choice in (chair, casting) if choice in leaders), None)
    if side is not None:
        return replace(state, choice=side, by_chair=True, carried=True)
    return replace(state, choice=None, tied=leaders) if len(leaders) > 1 else state


def _enough(majority: str, votes: int, given: int) -> bool:
    part, whole = SHARES[majority]
    return votes * whole >= given * part if majority == "two_thirds" else votes * whole > given * part
