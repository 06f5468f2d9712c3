"""A member of a committee votes, abstains with a reason, or is excused from the matter; once, and never changed."""

from django.db import IntegrityError, transaction

from diwan.cases import committee, guards, visibility
from diwan.cases.errors import CaseNotFound, NotAllowed, NoteRequired, SamePerson, WrongMoment
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Ballot, OpenTask, UndoSlot
from diwan.cases.moving import Entry, write_act
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class VotedAlready(DiwanError):
    """One voice each, and it stands."""

    code = "cases.voted_already"
    message = N_("You have voted on this matter already, and a vote stands as it was given.")


class NoSuchChoice(DiwanError):
    """The choice is not one of the step's."""

    code = "cases.no_such_choice"
    message = N_("Choose one of the decisions offered, or abstain.")


@transaction.atomic
def cast_vote(
    *, case_id: int, task_id: int, choice: str, by: Actor, note: str = "", excused: bool = False
) -> Ballot:
    """Give the voice of the post that the actor acts in: a choice, "" to abstain, or `excused` by an interest.

    Abstaining and being excused need a note. Members vote side by side, so the revision of the case stays; an act of
    before can no longer be taken back. Raises CaseNotFound, NotAllowed, SamePerson, WrongMoment, NoteRequired,
    NoSuchChoice, VotedAlready.
    """
    loaded = lock_case(case_id, task_id=task_id)
    task = vote_task(loaded, task_id, by=by)
    vote = committee.vote_of(loaded.service, loaded.case, task)
    seat = vote.seat(by.position_id)
    if seat is None:
        raise NotAllowed
    if seat.ballot is not None:
        raise VotedAlready
    if (
        seat.out
        or by.account_id is None
        or by.account_id in guards.barred(loaded.service, loaded.case, task.step)
    ):
        raise SamePerson
    if choice and (excused or choice not in vote.choices):
        raise NoSuchChoice
    if not choice and not note.strip():
        raise NoteRequired
    ballot = keep_ballot(loaded, task, by=by, choice=choice, note=note, excused=excused)
    act = "excused" if excused else "voted"
    write_act(
        loaded, by=by, at=ballot.at,
        entry=Entry(act=act, step=task.step, outcome=choice, note=note.strip(), public=False),
    )  # fmt: skip
    return ballot


def vote_task(loaded: Loaded, task_id: int, *, by: Actor) -> OpenTask:
    """The vote that the actor's post takes part in. Raises CaseNotFound, WrongMoment, NotAllowed, SamePerson."""
    if not visibility.can_see(by, loaded.case, loaded.tasks):
        raise CaseNotFound
    task = loaded.task(task_id)
    if task is None or task.kind != OpenTask.Kind.VOTE:
        raise WrongMoment(stage=loaded.service.title(loaded.case.stage, by.language))
    if not guards.may_do(task, by=by):
        raise NotAllowed
    if by.account_id in (loaded.case.account_id, loaded.case.filed_by_account):
        raise SamePerson
    return task


def keep_ballot(
    loaded: Loaded,
    task: OpenTask,
    *,
    by: Actor,
    choice: str,
    note: str,
    excused: bool = False,
    casting: bool = False,
) -> Ballot:
    """Write the ballot; VotedAlready for a second one of the post or of the person."""
    if by.position_id is None or by.account_id is None:
        raise NotAllowed
    UndoSlot.objects.filter(case_id=loaded.case.pk).delete()
    try:
        with transaction.atomic():
            return Ballot.objects.create(
                case_id=loaded.case.pk, token=task.token, step=task.step, position_id=by.position_id,
                account_id=by.account_id, choice=choice, excused=excused, casting=casting, note=note.strip(),
                name_ar=by.name_ar, name_en=by.name_en, title_ar=by.title_ar, title_en=by.title_en,
                on_behalf_of=by.on_behalf_of, at=clock.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise VotedAlready from error
