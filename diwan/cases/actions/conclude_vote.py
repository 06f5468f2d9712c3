"""Whoever leads the committee closes the vote with the decision's words, and the case goes where the votes say."""

from django.db import transaction

from diwan.cases import committee
from diwan.cases.actions.cast_vote import NoSuchChoice, keep_ballot, vote_task
from diwan.cases.committee import Vote
from diwan.cases.errors import NotAllowed, NoteRequired
from diwan.cases.guards import outrun
from diwan.cases.loading import lock_case
from diwan.cases.models import Case
from diwan.cases.moving import Entry, move
from diwan.flow.events import Completed
from diwan.flow.table import NO_QUORUM
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor

SHORTEST = 20
"""Characters of a decision's words, at least: the citizen reads why."""


class NotQuorate(DiwanError):
    """Too few members have voted or abstained."""

    code = "cases.not_quorate"
    message = N_("{present} of the {quorum} members that are needed have voted. The vote stays open.")


class TieStands(DiwanError):
    """Several decisions have the same votes and the chair's vote is for none of them."""

    code = "cases.tie_stands"
    message = N_("The votes are equal. Choose in the casting vote which of the decisions prevails.")


@transaction.atomic
def conclude_vote(
    *, case_id: int, task_id: int, revision: int, text: str, by: Actor, casting: str = ""
) -> Case:
    """Close the vote. `text` is the decision in words, kept in the minutes and read by the applicant.

    Where so many members are excused that no quorum is left, the case takes the step's way out for that. Raises
    CaseNotFound, WrongMoment, NotAllowed, Outrun, SamePerson, NotQuorate, TieStands, NoteRequired, NoSuchChoice.
    """
    loaded = lock_case(case_id, task_id=task_id)
    task = vote_task(loaded, task_id, by=by)
    if loaded.case.revision != revision:
        raise outrun(loaded.case)
    vote = committee.vote_of(loaded.service, loaded.case, task)
    if not vote.result.reachable:
        if vote.seat(by.position_id) is None:
            raise NotAllowed
        return move(
            loaded, Completed(task.token, NO_QUORUM), by=by, task_data={"minutes": committee.minutes(vote)},
            entry=Entry(act="acted", step=task.step, outcome=NO_QUORUM, note=text.strip(), why=_why(vote, NO_QUORUM)),
        )  # fmt: skip
    if by.position_id != vote.leader:
        raise NotAllowed
    if len(text.strip()) < SHORTEST:
        raise NoteRequired
    if not vote.result.quorate:
        present = sum(vote.result.votes.values()) + vote.result.abstained
        raise NotQuorate(present=present, quorum=vote.rule.quorum)
    if vote.result.tied:
        if not casting:
            raise TieStands
        if casting not in vote.result.tied:
            raise NoSuchChoice
        keep_ballot(loaded, task, by=by, choice=casting, note=text, casting=True)
        vote = committee.vote_of(loaded.service, loaded.case, task)
    choice = vote.result.choice or vote.rule.undecided
    return move(
        loaded, Completed(task.token, choice), by=by, task_data={"minutes": committee.minutes(vote)},
        entry=Entry(act="ruled", step=task.step, outcome=choice, note=text.strip(), why=_why(vote, choice)),
    )  # fmt: skip


def _why(vote: Vote, choice: str) -> dict[str, object]:
    result, rule = vote.result, vote.rule
    return {
        "rule": f"vote: {rule.majority}, quorum {rule.quorum}",
        "inputs": {**result.votes, "abstained": result.abstained, "by_chair": result.by_chair},
        "result": choice,
    }
