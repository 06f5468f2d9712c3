"""A case of many open tasks: an act on one of them reads few, and comes to the same as if it had read them all."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diwan.cases.actions.take_step import take_step
from diwan.cases.actions.undo_act import undo_act
from diwan.cases.loading import FEW, lock_case
from diwan.cases.models import Case, JoinCounter, OpenTask
from diwan.flow.position import standing
from tests import cast
from tests.cases import walking

pytestmark = pytest.mark.usefixtures("city", "registers")
MANY = 3 * FEW


def many_bodies() -> Case:
    """A case that asks Civil Defence and a whole row of supervising bodies at once."""
    case = cast.run_machine(cast.submit(cast.owner()))
    one = cast.waiting(case, "supervising_body")
    for token in range(100, 100 + MANY - 2):
        one.pk, one.token = None, token
        one._state.adding = True
        one.save()
    JoinCounter.objects.filter(case=case).update(expected=MANY)
    Case.objects.filter(pk=case.pk).update(next_token=200)
    return Case.objects.get(pk=case.pk)


def answer(case: Case, task: OpenTask, outcome: str = "approve", **more: Any) -> Case:
    """The supervising body's answer to one of its tasks."""
    revision = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    return take_step(
        case_id=case.pk, task_id=task.pk, revision=revision, outcome=outcome, by=cast.member_of("food_drug"), **more
    )  # fmt: skip


def test_each_of_many_answers_costs_as_one_of_few_and_stands_the_same() -> None:
    case = many_bodies()
    read: list[int] = []
    for left in range(MANY - 2, 0, -1):
        task = OpenTask.objects.filter(case=case, step="supervising_body").order_by("id")[left // 2]
        read.append(len(lock_case(case.pk, task_id=task.pk).held))
        with CaptureQueriesContext(connection) as captured:
            case = answer(case, task)
        assert sum("open_task" in one["sql"] for one in captured.captured_queries) == 2
        whole = lock_case(case.pk)
        shown = standing(whole.service.flow, whole.position)
        assert (case.state, case.stage) == (shown.state, shown.step) and len(whole.tasks) == left + 1
        assert whole.joins[0].arrived == MANY - 1 - left
    assert read[0] == 4 and max(read) <= FEW
    case = answer(case, cast.waiting(case, "supervising_body"))
    case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    assert walking.steps_of(case) == {"visit_food"} and not JoinCounter.objects.filter(case=case).exists()


def test_an_act_that_touches_the_others_reads_them_all_and_is_taken_back_whole() -> None:
    case = many_bodies()
    before = set(OpenTask.objects.filter(case=case).values_list("pk", "token", "step"))
    task = OpenTask.objects.filter(case=case, step="supervising_body").order_by("id")[MANY // 2]
    case = answer(case, task)
    case = undo_act(case_id=case.pk, by=cast.member_of("food_drug"))
    assert set(OpenTask.objects.filter(case=case).values_list("pk", "token", "step")) == before
    case = answer(case, task, "refuse", reasons=["RSN-51"], note="لا")
    assert (case.state, walking.steps_of(case)) == ("rejected", set())
    case = undo_act(case_id=case.pk, by=cast.member_of("food_drug"))
    assert set(OpenTask.objects.filter(case=case).values_list("pk", "token", "step")) == before
    assert JoinCounter.objects.get(case=case).arrived == 0
