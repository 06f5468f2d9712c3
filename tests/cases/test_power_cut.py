"""Whatever statement the power goes at, a case is wholly before an act or wholly after it, and the act happens once."""

import random
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from diwan.cases.actions.complete_act import complete_act
from diwan.cases.actions.conclude_vote import conclude_vote
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.receive_payment import receive_payment
from diwan.cases.actions.take_step import take_step
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.loading import lock_case
from diwan.cases.models import Case, OpenTask
from diwan.cases.registry import act_of
from diwan.cases.remarks import Remark
from diwan.kit import clock
from diwan.people.actor import Actor, system
from tests import cast
from tests.cases import test_objections as objections
from tests.cases import walking
from tests.cases.anyhow import SELDOM, Chance, by_chance, happen, open_some, services, what_may_happen
from tests.cases.power import interrupted, killed
from tests.cases.test_walk import to_review
from tests.catalogue.test_procedures import _slugs

WALKS, MOST_EVENTS = 4, 30
pytestmark = pytest.mark.usefixtures("committed_city", "registers")


def step(case: Case, at: str, outcome: str, *, by: Actor, **more: Any) -> int:
    """An act on a step, as somebody would do it again who never heard that it was done."""
    task = cast.waiting(case, at)
    revision = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    return interrupted(
        lambda: take_step(
            case_id=case.pk, task_id=task.pk, revision=revision, outcome=outcome, by=by, **more
        ),
        case.pk,
    )  # fmt: skip


def test_a_licence_from_the_checks_to_the_register() -> None:
    """An automatic act into a split, the join, approvals, the mandate with the bill, the payment, the document."""
    case = cast.submit(cast.owner())
    checks = OpenTask.objects.get(case=case)

    def check() -> None:
        complete_act(case_id=case.pk, token=checks.token, result=act_of(checks.data["act"])(case, checks))

    counts = {"split": interrupted(check, case.pk)}
    counts["branch"] = step(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    counts["join"] = step(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    answers = walking.met(case, "visit_food")
    cast.act(case, "visit_food", "passed", by=cast.actor("khalid"), answers=answers)
    cast.act(case, "review", "recommend", by=cast.actor("fahad"))
    cast.act(case, "section_review", "recommend", by=cast.actor("nora"))
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    counts["approval"] = step(case, "head_approval", "approve", by=head)
    bill = walking.bill_of(case)
    counts["payment"] = interrupted(
        lambda: receive_payment(
            case_id=case.pk, token=bill.task_token, bill_number=bill.number, by=system("notice")
        ),
        case.pk,
    )
    token = OpenTask.objects.get(case=case).token
    counts["number"] = interrupted(lambda: number_document(case_id=case.pk, token=token), case.pk)
    document = number_document(case_id=case.pk, token=token)
    assert document is not None
    counts["document"] = interrupted(
        lambda: complete_document(case_id=case.pk, token=token, document_id=document), case.pk
    )
    case.refresh_from_db()
    assert (case.state, walking.steps_of(case)) == ("issued", set())
    print(counts)


def test_a_return_silence_and_a_withdrawal_with_its_bill() -> None:
    owner = cast.owner()
    case = to_review(owner)
    remarks = [Remark("unit_no", "RSN-02", "غير واضح")]
    counts = {"return": step(case, "review", "return", by=cast.actor("fahad"), field_remarks=remarks)}
    silent = cast.run_machine(cast.submit(owner))
    task = cast.waiting(silent, "civil_defence")
    assert task.due_at is not None
    with clock.frozen(task.due_at + timedelta(minutes=1)):
        while cast.waiting(silent, "civil_defence").level < 1:
            act_on_lateness(case_id=silent.pk, task_id=task.pk)
        counts["silence"] = interrupted(
            lambda: act_on_lateness(case_id=silent.pk, task_id=task.pk), silent.pk
        )
    assert walking.steps_of(silent) == {"supervising_body"}
    billed = walking.billed(owner)
    counts["withdrawal"] = interrupted(lambda: withdraw(case_id=billed.pk, by=owner), billed.pk)
    assert walking.bill_of(billed).state == "void"
    print(counts)


def test_a_committee_that_decides() -> None:
    found = objections.before_the_committee(objections.rejected())
    chair, *members = objections.seats()
    for member in [chair, *members]:
        objections.vote(found, member, "accept")
    task, revision = cast.waiting(found, "committee"), Case.objects.get(pk=found.pk).revision
    interrupted(
        lambda: conclude_vote(
            case_id=found.pk, task_id=task.pk, revision=revision, text=objections.RULING, by=chair
        ),
        found.pk,
    )
    assert walking.steps_of(found) == {"apply"}


@pytest.fixture
def chance() -> Iterator[Chance]:
    """Rules are answered by chance."""
    asked = Chance()
    yield from by_chance(asked)


@pytest.mark.full
@pytest.mark.parametrize("slug", _slugs())
def test_every_packaged_workflow_killed_at_every_statement(slug: str, chance: Chance) -> None:
    """Kill -9 of the process that acts, before each statement of each move on the way to an end, by every kind of
    event that a few walks of the workflow come to."""
    service, dice, kinds = services()[slug], random.Random(slug), set[tuple[str, str]]()
    for walk in range(WALKS):
        chance.salt = f"{walk}"
        (case,) = open_some([service])
        for number in range(MOST_EVENTS):
            with transaction.atomic():
                loaded = lock_case(case)
            events = what_may_happen(loaded)
            if not loaded.position.tokens or not events:
                break
            onward = [event for event in events if not isinstance(event, SELDOM)]
            event = dice.choice(onward if onward and dice.random() < 0.9 else events)
            chance.salt = f"{walk}/{number}"
            task = loaded.by_token(getattr(event, "token", 0))
            kind = (task.step if task else "", f"{type(event).__name__} {getattr(event, 'outcome', '')}")
            act = partial(happen, case, event, revision=loaded.case.revision)
            if kind in kinds:
                act()
            else:
                interrupted(act, case, by=killed)
            kinds.add(kind)
    assert kinds
    print(slug, len(kinds))
