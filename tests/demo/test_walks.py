"""The year of cases: every fate ends as its script says, by the engine's own actions, in order of time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.demo.models import DemoMark
from diwan.demo.walks import conduct, registers
from diwan.demo.walks.actors import Actors
from diwan.demo.walks.papers import add_papers
from diwan.demo.walks.scripts import COUNT, FATES, STANDING, Script, make_scripts
from diwan.demo.walks.walker import Walker
from diwan.documents.models import IssuedDocument
from diwan.files.models import Upload
from diwan.kit import clock
from diwan.modules.ratings.models import Rating
from diwan.payments.models import Bill, Receipt
from diwan.registers.models import RegisterEntry

ENDS = {
    "issued": "issued", "returned": "issued", "twice": "issued", "manual": "issued", "silence": "issued",
    "rejected": "rejected", "refused": "rejected", "withdrawn": "withdrawn", "blocked": "withdrawn", "lapsed": "closed",
    "unpaid": "expired",
}  # fmt: skip


@pytest.fixture
def walked(city: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walker]:
    """A walker over one ended script of each fate of each service, and the ones that stand still."""
    mark = DemoMark.objects.get()
    monkeypatch.setattr(settings, "REGISTER_CLIENT", conduct._CLIENT)
    conduct.confirm_approvers()
    registers.know(mark.day)
    walker = Walker(Actors.read(conduct.sessions()), clock.real_now(), _chosen(mark))
    walker.until(clock.real_now())
    yield walker


def _chosen(mark: DemoMark) -> list[Script]:
    scripts = make_scripts(mark.day, conduct.traits(), count=COUNT)
    past = mark.day - timedelta(days=60)
    chosen: dict[tuple[str, str, str], Script] = {}
    for script in scripts:
        if script.stand or (script.opened_at.date() < past and script.renews is None):
            chosen.setdefault((script.service, script.fate, script.stand), script)
    return sorted(chosen.values(), key=lambda script: script.opened_at)


def test_the_walks(walked: Walker) -> None:
    _every_case_ends_as_its_script_says(walked)
    _the_standing_ones_stand_where_they_should(walked)
    _every_instant_licence_is_followed_by_a_visit(walked)
    _an_interrupted_run_is_taken_up(walked)
    _history_runs_forward_and_never_beyond_the_present(walked)
    _employees_act_in_working_hours(walked)
    _issued_cases_have_number_entry_receipt_and_papers(walked)
    _instant_licences_were_visited(walked)
    _some_said_what_they_think(walked)


def _every_case_ends_as_its_script_says(walked: Walker) -> None:
    ended = {script.number: script for script in walked.scripts if not script.stand}
    for number, script in ended.items():
        case = Case.objects.get(pk=walked.numbers[number])
        assert case.state == ENDS[script.fate], (script.service, script.fate, case.stage)
        assert not OpenTask.objects.filter(case=case).exists()
    assert {script.fate for script in ended.values()} >= set(FATES["shop-licence-with-approvals"])


def _the_standing_ones_stand_where_they_should(walked: Walker) -> None:
    standing = {
        (script.stand, script.fate): walked.numbers[script.number]
        for script in walked.scripts
        if script.stand
    }
    assert set(standing) == set(STANDING)
    for (step, fate), case_id in standing.items():
        task = OpenTask.objects.get(case_id=case_id, step=step)
        assert task.returned is (step == "review" and fate == "returned")


def _every_instant_licence_is_followed_by_a_visit(walked: Walker) -> None:
    issued = Case.objects.filter(state="issued", service="shop-licence-instant")
    visits = Case.objects.filter(service="visit-after-licence")
    assert visits.count() == issued.count() > 0
    assert walked.made == len(walked.scripts) + visits.count()
    assert not OpenTask.objects.filter(
        case__in=visits, entered_at__lt=clock.real_now() - timedelta(days=60)
    ).exists()


def _an_interrupted_run_is_taken_up(walked: Walker) -> None:
    """Another walker over the same scripts opens nothing again and leaves what has ended."""
    before = (Case.objects.count(), History.objects.count())
    again = Walker(walked.actors, walked.end, walked.scripts)
    again.until(walked.end)
    assert (again.numbers, again.made) == (walked.numbers, walked.made)
    assert (Case.objects.count(), History.objects.count()) == before


def _history_runs_forward_and_never_beyond_the_present(walked: Walker) -> None:
    for case in Case.objects.all():
        moments = list(History.objects.filter(case=case).order_by("id").values_list("at", flat=True))
        assert moments == sorted(moments)
        assert moments[-1] <= clock.real_now()
        assert case.opened_at == moments[0]


def _employees_act_in_working_hours(walked: Walker) -> None:
    for task in DoneTask.objects.filter(
        kind__in=("task", "visit"), account_id__isnull=False, position_id__isnull=False
    ):
        local: datetime = clock.local(task.done_at)
        assert local.weekday() not in (4, 5), local
        assert 7 <= local.hour < 15, local


def _issued_cases_have_number_entry_receipt_and_papers(walked: Walker) -> None:
    made = add_papers()
    assert made == Upload.objects.filter(owner__startswith="case:").count() > 0
    assert add_papers() == 0
    for case in Case.objects.filter(state="issued"):
        document = IssuedDocument.objects.get(case_id=case.pk)
        assert document.state == IssuedDocument.State.PENDING
        assert RegisterEntry.objects.get(case=case).number == document.number
        assert Receipt.objects.filter(bill__case_id=case.pk).count() == 1
    assert not Bill.objects.filter(state=Bill.State.PAID, receipt__isnull=True).exists()


def _instant_licences_were_visited(walked: Walker) -> None:
    """Each is followed by one visit, made by an inspector long since."""
    instant = Case.objects.filter(service="shop-licence-instant", state="issued")
    visits = [row["case"] for case in instant for row in case.facts["follow_ups"]]
    assert len(visits) == instant.count() > 0
    made = DoneTask.objects.filter(
        case_id__in=visits, step="visit", outcome="passed", position_id__isnull=False
    )
    assert made.count() == len(visits)


def test_a_year_has_renewals_and_something_to_renew() -> None:
    weeks = conduct.weeks(clock.today(), clock.real_now())
    assert weeks == sorted(weeks)
    assert weeks[0] > clock.real_now() - timedelta(days=395)


def test_scripts_are_the_same_when_drawn_again(city: str) -> None:
    mark = DemoMark.objects.get()
    traits = conduct.traits()
    first = make_scripts(mark.day, traits, count=COUNT)
    assert len(first) == COUNT
    assert first == make_scripts(mark.day, traits, count=COUNT)
    assert sum(script.renews is not None for script in first) >= 30
    parts = [town for part in conduct.PARTS for town in part]
    assert sorted(parts) == sorted({*parts}) and {script.shop.town for script in first} <= set(parts)


def _some_said_what_they_think(walked: Walker) -> None:
    rated = Rating.objects.select_related("case")
    assert rated and {rating.case.state for rating in rated} <= {"issued", "rejected"}
    for rating in rated:
        assert rating.case.closed_at is not None and rating.case.closed_at < rating.at <= walked.end
        assert (rating.follow_up is not None) == (rating.score < 3)
