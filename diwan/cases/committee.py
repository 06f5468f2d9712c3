"""Where a vote stands: the seats of the committee, who may vote, who has, and what the votes come to.

Seats are the posts that hold the step's role in the unit at which the vote waits, each with whoever sits there today.
The counting is `diwan.flow.voting`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from diwan.cases import guards
from diwan.cases.models import Ballot, Case, OpenTask
from diwan.catalogue.compiled import CompiledService
from diwan.flow.table import NO_QUORUM, Step, VoteRule
from diwan.flow.voting import ABSTAIN, Member, Result, chair_of, count
from diwan.kit import clock
from diwan.people.models import Holding, Position


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat: its post, who sits there, whether it leads by its role, the ballot if given, and why it has no vote.

    `out` is empty for a member; `took_part` (in what is decided on, or the applicant's own), `excused`, or `vacant`.
    """

    post: Position
    account_id: int | None
    name_ar: str
    name_en: str
    is_chair: bool
    ballot: Ballot | None
    out: str

    @property
    def votes(self) -> bool:
        """Whether the seat has a vote on this matter."""
        return not self.out


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote with all that is known of it. `leader` is the post that closes it and breaks a tie."""

    task: OpenTask
    rule: VoteRule
    choices: tuple[str, ...]
    seats: Sequence[Seat]
    casting: Ballot | None
    result: Result
    leader: int | None

    def seat(self, post: int | None) -> Seat | None:
        """The seat of a post, or None for a post outside the committee."""
        return next((seat for seat in self.seats if seat.post.pk == post), None)


def vote_of(service: CompiledService, case: Case, task: OpenTask) -> Vote:
    """The vote that waits as this task. Six statements."""
    step = service.flow.steps[task.step]
    rule = rule_of(step)
    choices = tuple(key for key in step.exits if key != NO_QUORUM)
    given = list(Ballot.objects.filter(case_id=case.pk, token=task.token, step=task.step).order_by("id"))
    seats = _seats(service, case, task, rule, {one.position_id: one for one in given if not one.casting})
    casting = next((one for one in given if one.casting), None)
    members = [Member(seat.post.pk, seat.is_chair) for seat in seats if seat.votes]
    ballots = {one.position_id: one.choice or ABSTAIN for one in given if not one.casting and not one.excused}
    result = count(rule, choices, members, ballots, casting=casting.choice if casting else None)
    return Vote(task, rule, choices, seats, casting, result, chair_of(members))


def rule_of(step: Step) -> VoteRule:
    """The rule of a vote step; ValueError for a step of another kind."""
    if step.vote is None:
        raise ValueError(f"{step.key} is no vote")
    return step.vote


def minutes(vote: Vote) -> dict[str, Any]:
    """The vote for the file: rule, result, and every seat with its voice and reason, in names of the moment."""
    result, rule = vote.result, vote.rule
    return {
        "quorum": rule.quorum, "majority": rule.majority, "undecided": rule.undecided, "choice": result.choice,
        "votes": dict(result.votes), "abstained": result.abstained, "by_chair": result.by_chair,
        "carried": result.carried, "quorate": result.quorate, "leader": vote.leader,
        "seats": [_voice(seat) for seat in vote.seats],
    }  # fmt: skip


def _voice(seat: Seat) -> dict[str, Any]:
    ballot = seat.ballot
    return {
        "post": seat.post.pk, "title": {"ar": seat.post.title_ar, "en": seat.post.title_en}, "chair": seat.is_chair,
        "name": {"ar": ballot.name_ar, "en": ballot.name_en} if ballot else {"ar": seat.name_ar, "en": seat.name_en},
        "out": seat.out, "voted": ballot is not None and not ballot.excused, "choice": ballot.choice if ballot else "",
        "note": ballot.note if ballot else "", "on_behalf_of": ballot.on_behalf_of if ballot else "",
    }  # fmt: skip


def _seats(
    service: CompiledService, case: Case, task: OpenTask, rule: VoteRule, given: Mapping[int, Ballot]
) -> list[Seat]:
    today = clock.today()
    standing = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    posts = (
        Position.objects.filter(
            standing, unit_id=task.unit_id or 0, roles__code=task.role, valid_from__lte=today
        )
        .distinct()
        .order_by("level", "id")
    )
    chairs = Position.objects.filter(pk__in=[post.pk for post in posts], roles__code=rule.chair)
    leading = set(chairs.values_list("id", flat=True))
    held = {
        row.position_id: row.account
        for row in Holding.objects.filter(standing, position__in=posts, valid_from__lte=today)
        .select_related("account")
        .order_by("-kind", "id")
    }
    barred = guards.barred(service, case, task.step) | {case.account_id, case.filed_by_account}
    seats = []
    for post in posts:
        account, ballot = held.get(post.pk), given.get(post.pk)
        if ballot is not None and ballot.excused:
            out = "excused"
        elif account is None and ballot is None:
            out = "vacant"
        else:
            out = "took_part" if account is not None and account.pk in barred else ""
        seats.append(
            Seat(
                post, account.pk if account else None, account.name_ar if account else "",
                account.name_en if account else "", post.pk in leading, ballot, out,
            )
        )  # fmt: skip
    return seats
