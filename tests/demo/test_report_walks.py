"""The year of reports: kinds and seasons as planned, every step by the product's own actions, in order of time."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from diwan.cases.models import Case, DoneTask, History, OpenTask
from diwan.demo.models import DemoMark
from diwan.demo.plan.source import generator
from diwan.demo.walks import conduct
from diwan.demo.walks.actors import Actors
from diwan.demo.walks.reports.scripts import REPORTS, STANDING, ReportScript, make_reports
from diwan.demo.walks.reports.seasons import Year, year_before
from diwan.demo.walks.reports.walker import ReportWalker, kinds
from diwan.files.models import StoredFile, Upload
from diwan.kit import clock
from diwan.kit.hijri import to_hijri
from diwan.modules.reports.models import Closing, PhotoCheck, Report
from diwan.modules.reports.queries import public_reports, wall
from tests import cast

WORK = ("own_work", "contractor_work")


@pytest.fixture
def walked(city: str) -> Iterator[ReportWalker]:
    """A walker over some ended reports of each fate, a repeated one, and the ones that stand still."""
    now = clock.real_now()
    walker = ReportWalker(Actors.read(conduct.sessions()), now, _chosen(DemoMark.objects.get(), now))
    for moment in (now - timedelta(days=30), now):
        walker.until(moment)
    walker.finish()
    yield walker


def _chosen(mark: DemoMark, now: datetime) -> list[ReportScript]:
    scripts = make_reports(now, mark.day, kinds(), count=REPORTS)
    past = now - timedelta(days=45)
    chosen: dict[tuple[str, str, str], ReportScript] = {}
    for script in scripts:
        if script.stand or (script.opened_at < past and script.repeats is None):
            chosen.setdefault((script.stand, script.fate, "" if script.stand else script.says), script)
    repeated = next(row for row in scripts if row.repeats and row.opened_at < past)
    first = next(row for row in scripts if row.number == repeated.repeats)
    wanted = {row.number: row for row in (*chosen.values(), first, repeated)}
    return sorted(wanted.values(), key=lambda row: row.opened_at)


def test_the_walks_of_reports(walked: ReportWalker) -> None:
    _standing_where_they_should(walked)
    _the_repeated_one_was_joined(walked)
    _history_runs_forward_and_never_beyond_the_present()
    _work_is_closed_with_photos_that_are_shared()
    _a_dispute_is_judged_by_another()
    _the_pages_have_something_to_show()
    before = (Case.objects.count(), History.objects.count(), Upload.objects.count())
    again = ReportWalker(walked.actors, walked.end, walked.scripts)
    again.until(walked.end)
    again.finish()
    assert (Case.objects.count(), History.objects.count(), Upload.objects.count()) == before


def _standing_where_they_should(walked: ReportWalker) -> None:
    standing = {row.stand: walked.numbers[row.number] for row in walked.scripts if row.stand}
    assert set(standing) == set(STANDING)
    for step, case_id in standing.items():
        task = OpenTask.objects.get(case_id=case_id)
        assert task.step in (WORK if step == "work" else (step,)), (step, task.step)
        assert Report.objects.get(pk=case_id).stage == task.step
    ended = [row for row in walked.scripts if not row.stand]
    assert not OpenTask.objects.filter(case_id__in=[walked.numbers[row.number] for row in ended]).exists()
    states = {row.fate: Case.objects.get(pk=walked.numbers[row.number]).stage for row in ended}
    assert states["junk"] == "rejected" and states["hold"] == states["bounce"] == "closed"


def _the_repeated_one_was_joined(walked: ReportWalker) -> None:
    row = next(row for row in walked.scripts if row.repeats)
    report = Report.objects.get(pk=walked.numbers[row.number])
    assert (report.stage, report.merged_into_id) == ("merged", walked.numbers[row.repeats or 0])


def _history_runs_forward_and_never_beyond_the_present() -> None:
    for case in Case.objects.filter(service="report"):
        moments = list(History.objects.filter(case=case).order_by("id").values_list("at", flat=True))
        assert moments == sorted(moments) and case.opened_at == moments[0]
        assert moments[-1] <= clock.real_now()


def _work_is_closed_with_photos_that_are_shared() -> None:
    closings = Closing.objects.select_related("report")
    needing = [one for one in closings if kinds()[one.type].photo]
    assert needing and all(one.before and one.after for one in needing)
    assert {one.proof for one in needing} <= {"proven", "unproven", "far"}
    drawn = StoredFile.objects.filter(uploads__owner__startswith="case:").distinct()
    used = {sheet.pk: Upload.objects.filter(stored=sheet).count() for sheet in drawn}
    assert all(sheet.references == used[sheet.pk] for sheet in drawn)
    assert sum(used.values()) > len(used)


def _a_dispute_is_judged_by_another() -> None:
    second = OpenTask.objects.get(step="second_look").case_id
    judges = dict(
        DoneTask.objects.filter(case_id=second, step__in=("verify", "recheck")).values_list(
            "step", "account_id"
        )
    )
    assert len(set(judges.values())) == len(judges) and "recheck" in judges
    # Found false by the sample or after the first dispute, whichever came first: nobody can foretell the sample.
    assert Closing.objects.filter(report_id=second, verdict="false", means__in=("sample", "dispute")).exists()


def _the_pages_have_something_to_show() -> None:
    rows = wall(cast.actor("dana"))
    assert sum(row.open for row in rows) >= len(STANDING) - 1
    states = Counter(PhotoCheck.objects.filter(report__public=True).values_list("state", flat=True))
    assert states["shown"] > states["withheld"]
    assert public_reports(state="closed") and public_reports(state="open")


def test_scripts_follow_kinds_and_seasons_and_are_the_same_when_drawn_again(city: str) -> None:
    day, now, known = DemoMark.objects.get().day, clock.real_now(), kinds()
    scripts = make_reports(now, day, known, count=REPORTS)
    assert scripts == make_reports(now, day, known, count=REPORTS)
    assert REPORTS - 20 < len(scripts) <= REPORTS and {row.kind for row in scripts} == set(known)
    assert sum(bool(row.repeats) for row in scripts) >= 5
    assert 4 < sum(not (row.teller.mobile or row.teller.human) for row in scripts) < REPORTS / 5
    usual = Counter(row.kind for row in scripts)
    assert usual["RPT-0101"] > usual["RPT-0201"] > usual["RPT-0206"]
    year = year_before(day, known, generator(31), reach=390)
    dry, wet = year.weights(_first(year, "heat")), year.weights(min(year.rainy))
    assert wet["RPT-0501"] > 20 * dry["RPT-0501"] and dry["RPT-0110"] > wet["RPT-0110"]
    feast = next(
        one for one in _days(day) if (found := to_hijri(one)) and (found.month, found.day) == (12, 10)
    )
    assert year.weights(feast)["RPT-0606"] > 20 * dry["RPT-0606"]


def _first(year: Year, season: str) -> date:
    return next(one for one in _days(DemoMark.objects.get().day) if season in year.seasons_of(one))


def _days(day: date) -> Iterator[date]:
    return (day - timedelta(days=ago) for ago in range(390))
