"""The false-closing rate on the numbers pages, with its definition; and the sample drawn again by command."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from diwan.cases.models import Case
from diwan.kit import clock
from diwan.kit.numbers import show_case_number
from diwan.modules.reports.models import Closing, Report
from diwan.modules.reports.queries import LEAST_JUDGED, false_rates
from diwan.web.portal import figures
from tests import cast
from tests.reports.reporting import browser, filed, finished

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    """The public page counts at its next question."""
    figures.forget()
    yield
    figures.forget()


def judged(case: Case, *verdicts: str) -> None:
    """Closings as judges have left them."""
    report = Report.objects.get(pk=case.pk)
    for number, verdict in enumerate(verdicts, 1):
        Closing.objects.create(
            report=report, number=number, task_id=-10 * case.pk - number, at=clock.now(), type=report.type,
            municipality_id=report.municipality_id, contractor=report.contractor, words="عمل", proof="proven",
            verdict=verdict, means="sample" if verdict != "open" else "", judged_at=clock.now(),
        )  # fmt: skip


def test_rates_stand_on_both_pages_with_their_definition_and_not_below_five() -> None:
    judged(filed("RPT-0101"), "false", "confirmed", "confirmed", "confirmed", "open")
    since, until = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    (few,) = false_rates(by="contractor", since=since, until=until)
    assert (few.closed, few.judged, few.percent) == (5, LEAST_JUDGED - 1, None)
    assert "شركة نقاء الساحل للنظافة" not in Client().get("/numbers").content.decode()
    judged(filed("RPT-0104"), "false")
    (rate,) = false_rates(by="contractor", since=since, until=until)
    assert (rate.name_en, rate.closed, rate.judged, rate.percent) == ("Naqa Coast Cleaning Company", 6, 5, 40)
    assert all(row.percent is None for row in false_rates(by="type", since=since, until=until))
    assert false_rates(by="contractor", since=since, until=until, municipality_ids=frozenset({0})) == []
    figures.forget()
    public = Client().get("/numbers").content.decode()
    desk = browser("dana").get("/desk/numbers").content.decode()
    for page in (public, desk):
        assert "شركة نقاء الساحل للنظافة" in page and "40%" in page and "وجد غير معالج" in page
    assert "عدد قليل" in desk and "نفايات مبعثرة في الطريق" not in public
    english = browser("dana", lang="en")
    for path in ("/numbers", "/desk/numbers"):
        assert "found not fixed" in english.get(path).content.decode()


def test_an_auditor_draws_the_sample_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=100))
    case = finished(filed(), cast.member_of("contractor_naqa"))

    def said(number: str) -> str:
        out = io.StringIO()
        call_command("reports", "sample", number, stdout=out)
        return out.getvalue()

    first = said(show_case_number(case.pk))
    assert "closing 1 at" in first and "in the sample below 10000: yes" in first and "judged" in first
    monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=0))
    assert "in the sample below 0000: no" in said(show_case_number(case.pk))
    monkeypatch.setattr(settings, "SECRET_KEY", "another secret of another installation, forty letters long")
    with pytest.raises(CommandError, match="otherwise than the history"):
        said(show_case_number(case.pk))
    for number in ("12", show_case_number(case.pk + 100_000), show_case_number(filed().pk)):
        with pytest.raises(CommandError):
            said(number)
