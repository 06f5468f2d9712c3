"""The judges' page: proof in words, before and after, the dispute; one tap; nobody judges his own."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from diwan.cases import secrets
from diwan.cases.actions.choose import choose
from diwan.cases.models import Case, OpenTask
from diwan.kit.numbers import case_number
from diwan.modules.reports.models import Closing
from diwan.people.actor import ANONYMOUS
from tests import cast
from tests.reports.reporting import browser, filed, finished, worked

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture(autouse=True)
def sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every closing is in the sample."""
    monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=100))


def at(case: Case, name: str = "judge_page") -> str:
    return reverse(f"reports:{name}", args=[case_number(case.pk)])


def form_of(case: Case, outcome: str, **more: str) -> dict[str, object]:
    case.refresh_from_db()
    task = OpenTask.objects.get(case=case)
    return {"task": task.pk, "revision": case.revision, "outcome": outcome, **more}


def disputed(case: Case, note: str = "الحاوية ما زالت ممتلئة") -> Case:
    link = secrets.link_of(case.pk)
    return choose(
        case_id=case.pk, outcome="dispute", reasons=["RSN-71"], note=note, secret=link, by=ANONYMOUS
    )


def test_a_verifier_sees_the_proof_and_decides_by_one_tap() -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    sami = browser("sami")
    assert [line["case"].pk for line in sami.get(reverse("reports:judge")).context["lines"]] == [case.pk]
    page = sami.get(at(case))
    text = page.content.decode()
    assert "data-compare" in text and 'type="range"' in text and "مكان التصوير مطابق" in text
    assert "شركة نقاء الساحل للنظافة" in text and "رفعت النفايات وغسل الموقع" in text
    refused = sami.post(at(case, "judge_act"), form_of(case, "not_fixed", note="أثر باق"))
    assert (
        refused.status_code == 422
        and refused.context["reason_error"]
        and "أثر باق" in refused.content.decode()
    )
    assert sami.post(at(case, "judge_act"), form_of(case, "fixed")).status_code == 302
    assert worked(case).stage == "confirmation"
    again = sami.post(at(case, "judge_act"), {"outcome": "fixed"}, follow=True)
    assert "لم يعد هذا البلاغ بانتظار حكم" in again.content.decode()
    assert browser("turki").post(at(case, "judge_act"), {"outcome": "fixed"}).status_code == 404
    assert browser("turki").get(at(case)).status_code == 404


def test_a_dispute_is_judged_by_another_and_the_page_says_so_to_the_first() -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    sami = browser("sami")
    sami.post(at(case, "judge_act"), form_of(case, "fixed"))
    case = disputed(worked(case))
    page = sami.get(at(case))
    assert page.context["barred"] and 'value="not_fixed"' not in page.content.decode()
    refused = sami.post(at(case, "judge_act"), form_of(case, "not_fixed", reason="RSN-75"))
    assert refused.status_code == 422 and refused.context["problem"]
    lama = browser("lama")
    page = lama.get(at(case))
    assert "الحاوية ما زالت ممتلئة" in page.content.decode() and page.context["fixed_needs_reason"]
    assert lama.post(at(case, "judge_act"), form_of(case, "fixed")).status_code == 422
    assert lama.post(at(case, "judge_act"), form_of(case, "not_fixed", reason="RSN-75")).status_code == 302
    assert (worked(case).stage, Closing.objects.get(report_id=case.pk).verdict) == (
        "contractor_work",
        "false",
    )
    work = browser("naqa.hamad").get(reverse("reports:work_page", args=[case_number(case.pk)]))
    assert "عاد البلاغ إليكم" in work.content.decode()


def test_the_desk_shows_type_place_rule_closings_and_leads_to_the_page_of_judgement() -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    text = browser("sami").get(f"/desk/case/{case_number(case.pk)}").content.decode()
    for words in ("data-spot=", "1447-CLN-12", "الإغلاق رقم 1", "لم يحكم فيه بعد", at(case), "حاوية ممتلئة"):
        assert words in text, words
