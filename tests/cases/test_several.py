"""One procedure with all that is new in the language: departments asked at once, a case inside, a chain, a day."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from diwan.cases.actions.answer_parent import answer_parent, cancel_child
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.receive_message import NotAwaited, receive_message
from diwan.cases.actions.take_step import take_step
from diwan.cases.actions.undo_act import TooLateToUndo, undo_act
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.errors import NotAllowed, StepUpRequired
from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.cases.queries import queue_page
from diwan.catalogue.actions import draft_version, publish_version
from diwan.catalogue.errors import Unusable
from diwan.catalogue.source import read_yaml
from diwan.kit import clock
from diwan.outbox.models import Event
from diwan.people.actor import Actor, system
from diwan.people.models import Holding, Position
from diwan.people.queries import actor_for, session_digest
from tests import cast
from tests.catalogue.conftest import EDITOR, PUBLISHER

pytestmark = pytest.mark.usefixtures("city", "registers")
FOLDER = Path(__file__).parent / "services"


def definition(name: str) -> Any:
    return read_yaml(FOLDER / f"{name}.yaml").data


def publish(*changes: tuple[str, Any]) -> None:
    """Both services in force."""
    for name in ("street-visit", "street-closure"):
        read = definition(name)
        if name == "street-closure":
            for key, value in changes:
                read[key] = value
        draft = draft_version(definition=read, by=EDITOR)
        publish_version(version_id=draft.pk, valid_from=clock.today(), by=PUBLISHER)


@pytest.fixture
def closure(city: None, registers: Any) -> None:
    publish()


def apply(metres: int = 300, **more: Any) -> Case:
    """A submitted request to close so much of a street in thirty days."""
    starts = (clock.today() + timedelta(days=30)).isoformat()
    given = {
        "metres": str(metres),
        "why": "حفل زواج في الحي",
        "starts": starts,
        "place": cast.place_in("101"),
        **more,
    }
    return cast.submit(cast.actor("maryam", kind="self"), "street-closure", **given)


def officer(department: str, municipality: str = "101") -> Actor:
    """Whoever answers for a department in a municipality."""
    held = Holding.objects.filter(
        position__unit__department=department, position__unit__municipality__code=municipality,
        position__roles__code="ROLE-REPORT-UNIT", valid_to__isnull=True,
    ).select_related("account")[0]  # fmt: skip
    return actor_for(held.account, f"position:{held.position_id}", session=session_digest("a session"))


def opinion(case: Case, department: str, outcome: str) -> Case:
    task = OpenTask.objects.get(case=case, step="opinion", unit__department=department)
    assert task.unit is not None
    by = officer(department, task.unit.municipality.code)
    revision = Case.objects.values_list("revision", flat=True).get(pk=case.pk)
    return take_step(case_id=case.pk, task_id=task.pk, revision=revision, outcome=outcome, by=by)


def inner(case: Case) -> Case:
    return Case.objects.get(pk=OpenTask.objects.get(case=case, kind="child").data["child"])


def heard(case: Case) -> Case:
    for department in list(OpenTask.objects.filter(case=case).values_list("unit__department", flat=True)):
        opinion(case, department, "agree")
    return case


def visited(case: Case, outcome: str = "suitable") -> Case:
    child = inner(case)
    cast.act(child, "look", outcome, by=cast.actor("khalid"))
    answer_parent(case_id=child.pk)
    answer_parent(case_id=child.pk)
    return Case.objects.get(pk=case.pk)


@pytest.mark.usefixtures("closure")
def test_the_departments_are_asked_at_once_each_at_its_own_desk() -> None:
    case = apply()
    tasks = OpenTask.objects.filter(case=case).order_by("id")
    assert [(task.unit and task.unit.department, task.data["item"]) for task in tasks] == [
        ("CLN", "CLN"), ("RDS", "RDS"), ("LGT", "LGT"),
    ]  # fmt: skip
    roads = tasks[1]
    assert roads.due_at and tasks[0].due_at and roads.due_at > tasks[0].due_at, (
        "a rule of the step knows which department it is"
    )
    assert roads.pk in [row.task.pk for row in queue_page(officer("RDS"))]
    assert roads.pk not in [row.task.pk for row in queue_page(officer("CLN"))]
    revision = Case.objects.get(pk=case.pk).revision
    with pytest.raises(NotAllowed):
        take_step(case_id=case.pk, task_id=roads.pk, revision=revision, outcome="agree", by=officer("CLN"))
    opinion(case, "RDS", "agree")
    opinion(case, "CLN", "object")
    case = opinion(case, "LGT", "agree")
    assert case.facts["answered"] == {"opinion": ["agree", "object", "agree"]}
    assert (case.ended_at_step, case.state) == ("refused", "rejected")
    routed = History.objects.get(case=case, act="decided", step="weighed")
    assert routed.why and routed.why["inputs"] == {"answered.opinion": ["agree", "object", "agree"]}


@pytest.mark.usefixtures("closure")
def test_a_case_inside_is_opened_once_and_its_end_moves_the_other() -> None:
    case = heard(apply(metres=40))
    child = inner(case)
    assert (child.service, child.data, child.account_id) == (
        "street-visit", {"metres": 80, "why": "حفل زواج في الحي"}, case.account_id,
    )  # fmt: skip
    assert OpenTask.objects.get(case=case).kind == "child" and Case.objects.get(pk=case.pk).holder == "us"
    answer_parent(case_id=child.pk)
    assert OpenTask.objects.get(case=case).kind == "child", "it has not ended"
    case = visited(case)
    assert OpenTask.objects.get(case=case).step == "sign"
    assert History.objects.filter(case=case, act="child_ended").count() == 1
    assert Event.objects.filter(name="cases.case.ended", subject=f"case:{child.pk}").exists()


@pytest.mark.usefixtures("closure")
def test_an_end_that_is_not_named_goes_otherwise() -> None:
    case = visited(heard(apply(metres=40)), "unsuitable")
    assert case.ended_at_step == "refused"


@pytest.mark.usefixtures("closure")
def test_what_opened_a_case_is_not_taken_back_and_withdrawal_cancels_it() -> None:
    case = heard(apply(metres=40))
    child = inner(case)
    with pytest.raises(TooLateToUndo):
        undo_act(case_id=case.pk, by=officer("RDS"))
    cancel_child(case_id=child.pk)
    assert Case.objects.get(pk=child.pk).closed_at is None, "its parent still waits"
    withdraw(case_id=case.pk, by=cast.actor("maryam", kind="self"))
    assert Event.objects.filter(name="cases.child.left", data__case=child.pk).count() == 1
    for _ in range(2):
        cancel_child(case_id=child.pk)
    assert Case.objects.get(pk=child.pk).state == "cancelled"
    answer_parent(case_id=child.pk)
    assert Case.objects.get(pk=case.pk).ended_at_step == "withdrawn"


@pytest.mark.usefixtures("closure")
def test_the_decision_climbs_to_whoever_may_sign_it() -> None:
    case = visited(heard(apply(metres=300)))
    fahad, nora, head = (cast.actor(name) for name in ("fahad", "nora", "abdulaziz"))
    with pytest.raises(StepUpRequired):
        cast.act(case, "sign", "approve", by=fahad)
    seats, token = [], OpenTask.objects.get(case=case).token
    for signer in (fahad, nora, head):
        cast.step_up(signer)
        task = OpenTask.objects.get(case=case, step="sign")
        seats.append(task.assignee_id and Position.objects.get(pk=task.assignee_id).pk)
        assert task.due_at is not None and task.token == token
        if signer is not fahad:
            with pytest.raises(NotAllowed):
                cast.act(case, "sign", "approve", by=fahad)
        case = cast.act(case, "sign", "approve", by=signer)
    assert seats == [None, nora.position_id, head.position_id]
    assert OpenTask.objects.get(case=case).step == "announced"
    signed = DoneTask.objects.filter(case=case, step="sign").order_by("id")
    assert [(row.outcome, row.position_id) for row in signed] == [
        ("signed", fahad.position_id), ("signed", nora.position_id), ("approve", head.position_id),
    ]  # fmt: skip
    assert [row.public for row in History.objects.filter(case=case, act="signed")] == [False, False]


@pytest.mark.usefixtures("closure")
def test_the_table_says_where_the_chain_ends_and_anybody_in_it_may_refuse() -> None:
    case = visited(heard(apply(metres=40)))
    for name in ("fahad", "nora"):
        cast.step_up(cast.actor(name))
        case = cast.act(case, "sign", "approve", by=cast.actor(name))
    assert OpenTask.objects.get(case=case).step == "announced", "a short street ends with the section head"
    other = visited(heard(apply(metres=300)))
    cast.step_up(cast.actor("fahad"))
    cast.act(other, "sign", "approve", by=cast.actor("fahad"))
    other = cast.act(other, "sign", "refuse", by=cast.actor("nora"), reasons=["RSN-16"])
    assert other.ended_at_step == "refused"


@pytest.mark.usefixtures("closure")
def test_a_wait_ends_on_its_day_or_by_its_message() -> None:
    cases = [apply(metres=40), apply(metres=41)]
    for case in cases:
        visited(heard(case))
        for name in ("fahad", "nora"):
            cast.step_up(cast.actor(name))
            cast.act(case, "sign", "approve", by=cast.actor(name))
    first, second = (OpenTask.objects.get(case=case) for case in cases)
    day = clock.start_of_day(clock.today() + timedelta(days=30))
    assert first.due_at == first.next_level_at == day
    assert not act_on_lateness(case_id=first.case_id, task_id=first.pk)
    with clock.frozen(day + timedelta(seconds=1)):
        assert act_on_lateness(case_id=first.case_id, task_id=first.pk)
    assert Case.objects.get(pk=first.case_id).ended_at_step == "closed"
    with pytest.raises(NotAwaited):
        receive_message(case_id=second.case_id, name="nothing", by=system("partner"))
    receive_message(case_id=second.case_id, name="objection", by=system("partner"), data={"ref": "7"})
    assert Case.objects.get(pk=second.case_id).ended_at_step == "refused"
    assert DoneTask.objects.get(case_id=second.case_id, step="announced").data["message"] == {"ref": "7"}
    with pytest.raises(NotAwaited):
        receive_message(case_id=second.case_id, name="objection", by=system("partner"))


WRONG = [
    ({"size": {"hit": "unique", "inputs": {"metres": {"type": "int", "from": "form.metres", "min": 1, "max": 10}},
      "outputs": {"size": {"type": "string"}},
      "rules": [{"id": "a", "when": {"metres": "<= 5"}, "then": {"size": "small"}}]}}, "No row holds for metres"),
    ({"size": {"hit": "unique", "inputs": {"metres": {"type": "int", "from": "form.metre"}},
      "outputs": {"size": {"type": "string"}}, "rules": [{"id": "a", "then": {"size": "small"}}]}}, "form.metre"),
    ({"size": {"hit": "unique", "inputs": {"metres": {"type": "int", "from": "form.metres"}},
      "outputs": {"size": {"type": "int"}}, "rules": [{"id": "a", "then": {"size": 1}}]}}, "The table answers int"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_a_table_that_leaves_something_open_is_refused(changed: Any, words: str) -> None:
    tables = {**definition("street-closure")["tables"], **changed}
    with pytest.raises(Unusable, match=words):
        publish(("tables", tables))


def test_what_a_step_opens_exists_ends_as_named_and_never_in_a_circle(city: None) -> None:
    read = definition("street-closure")
    with pytest.raises(Unusable, match="leads to street-visit, which is no internal service"):
        publish_version(version_id=drafted(read), valid_from=clock.today(), by=PUBLISHER)
    publish()
    read["workflow"]["steps"]["site"]["outcomes"] = {"fine": "sign"}
    read["workflow"]["steps"]["site"]["passes"] = {"width": "form.metres"}
    with pytest.raises(Unusable, match=r"(?s)has no end fine.*does not ask for width"):
        publish_version(version_id=drafted(read), valid_from=clock.today(), by=PUBLISHER)
    circle = definition("street-visit")
    circle["workflow"]["steps"]["look"]["actions"]["again"] = {
        "to": "again", "label": {"ar": "إعادة", "en": "Again"},
    }  # fmt: skip
    circle["workflow"]["steps"]["again"] = {
        "kind": "child", "service": "street-visit", "public": {"ar": "يعاد.", "en": "Again."},
        "otherwise": "suitable",
    }  # fmt: skip
    with pytest.raises(Unusable, match="opens street-visit again"):
        publish_version(version_id=drafted(circle), valid_from=clock.today(), by=PUBLISHER)


def drafted(read: Any) -> int:
    return draft_version(definition=read, by=EDITOR).pk
