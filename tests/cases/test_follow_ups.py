"""The visit that follows an instant licence: opened with the licence, done from the inspectors' queue."""

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist

from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.errors import CaseNotFound, NotAllowed, ReasonRequired
from diwan.cases.guards import VisitNotPassed
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.queries import case_for, case_page, queue_page
from diwan.kit import clock, numbers
from diwan.notify.models import Message
from tests import cast
from tests.cases import walking

pytestmark = pytest.mark.usefixtures("city", "registers")
VISIT = "visit-after-licence"


def visit_of(case: Case) -> Case:
    """The case of the visit that follows."""
    (row,) = case.facts["follow_ups"]
    return Case.objects.get(pk=row["case"])


def test_an_instant_licence_is_followed_by_a_visit_within_thirty_days() -> None:
    licence = walking.issued(walking.billed(cast.owner()))
    visit = visit_of(licence)
    assert (visit.service, visit.municipality_id, visit.district_id) == (
        VISIT, licence.municipality_id, licence.district_id,
    )  # fmt: skip
    task = OpenTask.objects.get(case=visit)
    assert (task.step, task.kind, task.role) == ("visit", "visit", "ROLE-INSPECTOR")
    assert task.due_at == task.entered_at + timedelta(days=30)
    assert visit.facts["follows"]["case"] == licence.pk
    assert visit.data["trade_name_ar"] == licence.data["trade_name_ar"]
    row = History.objects.get(case=licence, act="followed")
    assert row.outcome == numbers.case_number(visit.pk)
    assert row.capacity.startswith("system:")
    assert Message.objects.filter(case_id=visit.pk, template="VISIT").exists(), "the owner is told of it"


def test_the_inspector_finds_it_in_the_queue_and_reads_what_was_declared() -> None:
    licence = walking.issued(walking.billed(cast.owner()))
    visit, inspector = visit_of(licence), cast.actor("khalid")
    assert visit.pk in [row.case.pk for row in queue_page(inspector)]
    assert case_page(visit.pk, inspector).tasks
    assert case_for(licence.pk, inspector).data["area_m2"]
    done = cast.act(visit, "visit", "passed", by=inspector, answers=walking.met(visit, "visit"))
    assert (done.state, done.ended_at_step) == ("closed", "conforming")
    assert visit.pk not in [row.case.pk for row in queue_page(inspector)]


def test_while_no_visit_waits_the_licence_is_not_the_inspectors_business() -> None:
    licence = walking.issued(walking.billed(cast.owner()))
    OpenTask.objects.filter(case=visit_of(licence)).delete()
    with pytest.raises(CaseNotFound):
        case_for(licence.pk, cast.actor("khalid"))


def test_findings_need_a_reason_and_keep_the_checklist() -> None:
    visit, inspector = visit_of(walking.issued(walking.billed(cast.owner()))), cast.actor("khalid")
    answers = walking.met(visit, "visit", "exits")
    with pytest.raises(VisitNotPassed):
        cast.act(visit, "visit", "passed", by=inspector, answers=answers)
    with pytest.raises(ReasonRequired):
        cast.act(visit, "visit", "findings", by=inspector, answers=answers)
    done = cast.act(visit, "visit", "findings", by=inspector, answers=answers, reasons=["RSN-16"])
    assert done.ended_at_step == "findings"
    assert done.facts["visit"]["critical"] == ["exits"]


def test_a_closed_shop_is_visited_again() -> None:
    visit, inspector = visit_of(walking.issued(walking.billed(cast.owner()))), cast.actor("khalid")
    visit = cast.act(visit, "visit", "no_entry", by=inspector)
    assert walking.steps_of(visit) == {"second_visit"}
    assert cast.act(visit, "second_visit", "no_entry", by=inspector).ended_at_step == "not_entered"


def test_only_an_inspector_of_the_municipality_visits() -> None:
    visit = visit_of(walking.issued(walking.billed(cast.owner())))
    with pytest.raises(NotAllowed):
        cast.act(visit, "visit", "passed", by=cast.actor("abdulaziz"), answers=walking.met(visit, "visit"))


def test_completed_twice_it_is_one_visit() -> None:
    case = walking.paid(walking.billed(cast.owner()))
    task = OpenTask.objects.get(case=case)
    document = number_document(case_id=case.pk, token=task.token)
    assert document is not None
    for _ in range(2):
        complete_document(case_id=case.pk, token=task.token, document_id=document)
    assert Case.objects.filter(service=VISIT).count() == 1


def test_a_licence_that_people_approved_is_followed_by_nothing() -> None:
    with pytest.raises(ObjectDoesNotExist):
        Case.objects.get(service=VISIT)
    renewed = walking.renew(walking.licensed(cast.owner()), cast.owner())
    assert "follow_ups" not in renewed.facts
    assert Case.objects.filter(service=VISIT).count() == 1, "that of the licence it renews"


def test_the_clock_of_the_visit_is_the_products_own() -> None:
    with clock.moved(clock.now() + timedelta(days=3)):
        visit = visit_of(walking.issued(walking.billed(cast.owner())))
        assert abs(visit.opened_at - clock.now()) < timedelta(minutes=5)
