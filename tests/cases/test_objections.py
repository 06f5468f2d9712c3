"""An objection to a decision: filed in time, replied to, voted on by people who took no part, and given its effect."""

from datetime import timedelta
from typing import Any

import pytest

from diwan.cases import committee
from diwan.cases.actions.cast_vote import NoSuchChoice, VotedAlready, cast_vote
from diwan.cases.actions.complete_act import complete_act
from diwan.cases.actions.conclude_vote import NotQuorate, TieStands, conclude_vote
from diwan.cases.actions.drafts import save_draft
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.contests import NothingToObjectTo, ObjectedAlready, TooLateToObject, decision_of
from diwan.cases.errors import CaseNotFound, NotAllowed, NoteRequired, SamePerson
from diwan.cases.models import Ballot, Case, DoneTask, History, OpenTask
from diwan.cases.registry import act_of
from diwan.cases.services import service_of
from diwan.cases.visibility import can_see
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.people.actor import Actor
from diwan.people.models import Account, Holding, Position
from diwan.people.queries import actor_for
from diwan.web.apply.starting import begin_objection
from tests import cast
from tests.cases.test_walk import steps_of, to_review

pytestmark = pytest.mark.usefixtures("city", "registers")

GROUNDS = {
    "asks": "undo", "grounds": "القرار استند إلى مساحة غير المساحة المدونة في العقد.", "mobile": "+966501234567",
    "declares_court": {"accepted": True, "version": "1"},
}  # fmt: skip
RULING = "تبين للجنة أن المساحة مستوفاة، فقررت إعادة الطلب للدراسة."


def rejected() -> Case:
    """A restaurant's request that an officer rejected."""
    case = to_review(cast.owner())
    return cast.act(case, "review", "reject", by=cast.actor("fahad"), reasons=["RSN-07"])


def objection(case: Case, **changed: Any) -> Case:
    """The objection to it, as its owner files it."""
    draft = begin_objection(case_id=case.pk, by=cast.owner())
    save_draft(
        draft_id=draft.pk, values={**draft.data, **GROUNDS, **changed}, typed={}, page="", by=cast.owner()
    )
    return Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=cast.owner()).case_id)


def before_the_committee(case: Case) -> Case:
    found = cast.act(objection(case), "study", "recommend", by=cast.actor("ghada"))
    return cast.act(found, "reply", "confirm", by=cast.actor("nora"), note="المساحة في العقد دون الحد.")


def seats() -> list[Actor]:
    """The committee, the chair first."""
    posts = Position.objects.filter(unit__code="000-OBJ").order_by("level", "id")
    holders = {row.position_id: row.account for row in Holding.objects.filter(position__in=posts)}
    return [actor_for(holders[post.pk], f"position:{post.pk}", session="a session") for post in posts]


def vote(case: Case, member: Actor, choice: str, **more: Any) -> Ballot:
    return cast_vote(
        case_id=case.pk, task_id=cast.waiting(case, "committee").pk, choice=choice, by=member, **more
    )


def close(case: Case, leader: Actor, text: str = RULING, **more: Any) -> Case:
    task = cast.waiting(case, "committee")
    revision = Case.objects.get(pk=case.pk).revision
    return conclude_vote(case_id=case.pk, task_id=task.pk, revision=revision, text=text, by=leader, **more)


def run_acts(case: Case) -> Case:
    """What the worker does with the automatic acts of the objection."""
    task = OpenTask.objects.get(case=case, kind=OpenTask.Kind.AUTOMATIC)
    result = act_of(task.data["act"])(case, task)
    return complete_act(case_id=case.pk, token=task.token, result=result)


def test_an_accepted_objection_opens_the_request_again() -> None:
    case = rejected()
    decision = decision_of(case)
    assert decision is not None and decision.last_day == decision.on + timedelta(days=60)
    found = before_the_committee(case)
    assert found.municipality_id == case.municipality_id and found.facts["contested"]["case"] == case.pk
    assert can_see(cast.actor("rania"), case), "the committee reads what was decided"
    chair, *members = seats()
    vote(found, chair, "reject")
    with pytest.raises(NotQuorate):
        close(found, chair)
    for member in members[:3]:
        vote(found, member, "accept")
    vote(found, members[3], "", note="لم أطلع على الملف كاملا.")
    found = close(found, chair)
    assert found.stage == "apply"
    found = run_acts(found)
    assert (found.stage, found.state) == ("accepted", "approved") and found.closed_at is not None
    case.refresh_from_db()
    assert case.closed_at is None and steps_of(case) == {"review"}
    opened = History.objects.get(case=case, act="reopened")
    assert opened.note == RULING and opened.why is not None and opened.why["rule"] == "objection"
    assert Message.objects.filter(case_id=found.pk, template="RULED").exists()
    assert not decision_of(case) and not decision_of(found)


def test_the_minutes_keep_names_voices_and_reasons() -> None:
    found = before_the_committee(rejected())
    chair, *members = seats()
    vote(found, chair, "partial")
    vote(found, members[0], "", note="لا رأي لي.")
    vote(found, members[1], "", excused=True, note="قريب لمقدم الطلب.")
    vote(found, members[2], "partial")
    close(found, chair)
    kept = DoneTask.objects.get(case=found, step="committee").data["minutes"]
    by_post = {seat["post"]: seat for seat in kept["seats"]}
    assert (
        by_post[members[0].position_id]["note"] == "لا رأي لي."
        and not by_post[members[0].position_id]["choice"]
    )
    assert by_post[members[1].position_id]["out"] == "excused"
    assert by_post[chair.position_id]["name"]["ar"] == chair.name_ar and kept["choice"] == "partial"
    assert not by_post[members[3].position_id]["voted"] and (kept["carried"], kept["abstained"]) == (True, 1)
    ruled = History.objects.get(case=found, act="ruled")
    assert ruled.public and not History.objects.filter(case=found, act="voted", public=True).exists()
    assert run_acts(Case.objects.get(pk=found.pk)).stage == "partly"


def test_a_rejected_objection_leaves_the_decision_and_cannot_be_objected_to() -> None:
    case = rejected()
    found = before_the_committee(case)
    chair, *members = seats()
    for member in (chair, *members[:2]):
        vote(found, member, "reject")
    found = close(found, chair)
    assert (found.stage, found.state) == ("upheld", "rejected")
    case.refresh_from_db()
    assert case.closed_at is not None and decision_of(found) is None
    with pytest.raises(ObjectedAlready):
        begin_objection(case_id=case.pk, by=cast.owner())


def test_with_equal_votes_the_chair_who_abstained_gives_a_casting_vote() -> None:
    found = before_the_committee(rejected())
    chair, *members = seats()
    vote(found, chair, "", note="أستمع أولا.")
    vote(found, members[0], "accept")
    vote(found, members[1], "reject")
    with pytest.raises(TieStands):
        close(found, chair)
    with pytest.raises(NoSuchChoice):
        close(found, chair, casting="partial")
    assert close(found, chair, casting="accept").stage == "apply"
    assert Ballot.objects.get(case_id=found.pk, casting=True).position_id == chair.position_id


def test_who_took_part_in_the_decision_has_no_vote() -> None:
    case = rejected()
    fahad, (chair, *members) = Account.objects.get(username="fahad"), seats()
    Holding.objects.filter(position_id=members[0].position_id or 0).update(account=fahad)
    found = before_the_committee(case)
    task = cast.waiting(found, "committee")
    standing = committee.vote_of(service_of(found.version_id), found, task)
    seat = standing.seat(members[0].position_id)
    assert seat is not None and seat.out == "took_part"
    decided_it = actor_for(fahad, f"position:{members[0].position_id}", session="a session")
    with pytest.raises(SamePerson):
        vote(found, decided_it, "reject")
    assert not Ballot.objects.exists() and chair.position_id == standing.leader


def test_without_a_quorum_the_mayor_decides() -> None:
    found = before_the_committee(rejected())
    chair, *members = seats()
    for member in (chair, members[0], members[1]):
        vote(found, member, "", excused=True, note="لي مصلحة.")
    found = close(found, members[2], text="")
    assert steps_of(found) == {"amin_decision"}
    mayor = Holding.objects.get(position__code="000-AMIN")
    amin = actor_for(mayor.account, f"position:{mayor.position_id}", session="a session")
    with pytest.raises(NoteRequired):
        cast.act(found, "amin_decision", "accept", by=amin)
    found = cast.act(found, "amin_decision", "accept", by=amin, note=RULING)
    assert run_acts(found).stage == "accepted"


def test_one_voice_each_that_stands() -> None:
    found = before_the_committee(rejected())
    chair, *members = seats()
    vote(found, members[0], "accept")
    with pytest.raises(VotedAlready):
        vote(found, members[0], "reject")
    with pytest.raises(NoSuchChoice):
        vote(found, members[1], "postpone")
    with pytest.raises(NoteRequired):
        vote(found, members[1], "")
    with pytest.raises(NotAllowed):
        vote(found, cast.actor("ghada"), "accept")
    with pytest.raises(CaseNotFound):
        vote(found, cast.actor("turki"), "accept")
    vote(found, chair, "accept")
    vote(found, members[1], "accept")
    with pytest.raises(NotAllowed):
        close(found, members[0])
    with pytest.raises(NoteRequired):
        close(found, chair, text="قبول")


def test_after_sixty_days_it_is_too_late() -> None:
    case = rejected()
    draft = begin_objection(case_id=case.pk, by=cast.owner())
    save_draft(draft_id=draft.pk, values={**draft.data, **GROUNDS}, typed={}, page="", by=cast.owner())
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now() - timedelta(days=61))
    for call in (
        lambda: begin_objection(case_id=case.pk, by=cast.owner()),
        lambda: submit_draft(draft_id=draft.pk, by=cast.owner()),
    ):
        with pytest.raises(TooLateToObject):
            call()
    Case.objects.filter(pk=case.pk).update(closed_at=clock.now() - timedelta(days=60))
    assert submit_draft(draft_id=draft.pk, by=cast.owner()).fresh


def test_only_a_decision_on_ones_own_request_once() -> None:
    case = rejected()
    with pytest.raises(CaseNotFound):
        begin_objection(case_id=case.pk, by=cast.owner("abeer"))
    running = to_review(cast.owner())
    with pytest.raises(NothingToObjectTo):
        begin_objection(case_id=running.pk, by=cast.owner())
    objection(case)
    with pytest.raises(ObjectedAlready):
        begin_objection(case_id=case.pk, by=cast.owner())


def test_a_silent_department_does_not_hold_the_committee_up() -> None:
    found = cast.act(objection(rejected()), "study", "recommend", by=cast.actor("ghada"))
    task = cast.waiting(found, "reply")
    task.next_level_at = task.due_at = clock.now() - timedelta(minutes=1)
    task.level = 1
    task.save()
    assert act_on_lateness(case_id=found.pk, task_id=task.pk)
    assert steps_of(Case.objects.get(pk=found.pk)) == {"committee"}
