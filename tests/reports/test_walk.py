"""A report from its reporter to its end: sent by rule, done with proof, judged, disputed, asked about later."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from diwan.cases import secrets
from diwan.cases.actions.choose import choose
from diwan.cases.errors import NotAllowed, ReasonRequired, SamePerson, WrongMoment
from diwan.cases.models import Case, History, OpenTask
from diwan.kit import clock
from diwan.modules.reports.actions import (
    Device,
    Filing,
    answer_later,
    ask_later,
    assign_crew,
    check_photo,
    file_report,
    finish_work,
    follow_report,
    forward_report,
    merge_reports,
    reclassify_report,
    send_report,
    split_report,
)
from diwan.modules.reports.errors import (
    NotAnonymous,
    PhotosMissing,
    ProofMissing,
    ReportNotFound,
    SameReport,
    TooFar,
    TooManyOpen,
    WordsMissing,
)
from diwan.modules.reports.models import Closing, Contract, Report
from diwan.modules.reports.queries import (
    false_closings,
    last_of_caller,
    open_tasks_of,
    public_photos,
    public_reports,
    similar_near,
    wall,
)
from diwan.notify.models import Message
from diwan.people.actor import ANONYMOUS
from tests import cast
from tests.reports.reporting import REPORTER, filed, finished, here, send_photos, worked

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every closing is in the sample."""
    monkeypatch.setattr(settings, "DIWAN", _with(report_sample_percent=100))


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """No closing is in the sample."""
    monkeypatch.setattr(settings, "DIWAN", _with(report_sample_percent=0))


def _with(**changed: Any) -> Any:
    return replace(settings.DIWAN, **changed)


def secret(case: Case) -> str:
    """What the link in the messages holds."""
    return secrets.link_of(case.pk)


def told(case: Case) -> list[str]:
    """Templates of the messages to the reporter by short message, in order."""
    return list(
        Message.objects.filter(case_id=case.pk, channel="sms")
        .order_by("id")
        .values_list("template", flat=True)
    )


def test_it_is_sent_by_the_contract_and_its_rule_is_told() -> None:
    case = filed()
    report = Report.objects.select_related("contractor", "crew").get(pk=case.pk)
    assert (case.stage, report.contractor and report.contractor.code) == (
        "contractor_work",
        "contractor_naqa",
    )
    assert report.crew is not None
    why = History.objects.get(case=case, act="checked").why
    assert why is not None
    assert (why["rule"], why["result"]["to"]) == ("reports.route.contract", "contractor")
    assert "1447-CLN-12" in why["text"]["ar"]
    assert case.due_at == case.opened_at + timedelta(hours=24)
    assert told(case) == ["REPORT_RECEIVED"]
    mine = open_tasks_of(cast.member_of("contractor_naqa"))
    assert [task.case_id for task, _report in mine] == [case.pk]
    assert open_tasks_of(cast.member_of("contractor_diyaa")) == []


def test_closing_needs_photos_words_and_the_place(unjudged: None) -> None:
    case, crew = filed(), cast.member_of("contractor_naqa")
    task, revision = cast.waiting(case, "contractor_work"), case.revision
    with pytest.raises(ProofMissing):
        cast.act(case, "contractor_work", "done", by=crew)
    said: dict[str, Any] = {"case_id": case.pk, "task_id": task.pk, "revision": revision, "by": crew}
    with pytest.raises(WordsMissing):
        finish_work(**said, words=" ")
    with pytest.raises(PhotosMissing):
        finish_work(**said, words="رفعت النفايات")
    send_photos(case, crew, "_after")
    with pytest.raises(PhotosMissing):
        finish_work(**said, words="رفعت النفايات")
    send_photos(case, crew, "_before")
    place = here(case)
    with pytest.raises(TooFar, match="m from the place"):
        finish_work(**said, words="رفعت النفايات", device=Device(place.lat + 0.01, place.lng))
    with pytest.raises(NotAllowed):
        finish_work(**{**said, "by": cast.member_of("contractor_diyaa")}, words="رفعت النفايات", device=place)
    finish_work(**said, words="رفعت النفايات", device=place)
    case = worked(case)
    closing = Closing.objects.get(report_id=case.pk)
    assert (closing.proof, len(closing.before), len(closing.after)) == ("proven", 1, 1)
    assert (case.stage, case.state, case.due_at) == ("confirmation", "resolved", None)
    assert told(case)[-1] == "REPORT_DONE"


def test_photos_of_another_place_need_a_reason_and_are_judged(unjudged: None) -> None:
    case, crew = filed(), cast.member_of("contractor_naqa")
    far = Device(here(case).lat + 0.01, here(case).lng)
    case = finished(case, crew, device=far, far_why="الحاوية نقلت إلى الشارع المجاور")
    assert (Closing.objects.get(report_id=case.pk).proof, case.stage) == ("far", "verify")


def test_the_sample_is_judged_and_a_dispute_goes_to_somebody_else(judged: None) -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    assert case.stage == "verify"
    sami, lama, dana = cast.actor("sami"), cast.actor("lama"), cast.actor("dana")
    case = worked(cast.act(case, "verify", "fixed", by=sami))
    assert Closing.objects.get(report_id=case.pk).verdict == "confirmed"
    with pytest.raises(ReasonRequired):
        choose(case_id=case.pk, outcome="dispute", secret=secret(case), by=ANONYMOUS)
    case = choose(case_id=case.pk, outcome="dispute", reasons=["RSN-71"], secret=secret(case), by=ANONYMOUS)
    with pytest.raises(SamePerson):
        cast.act(case, "recheck", "not_fixed", by=sami, reasons=["RSN-75"])
    case = worked(cast.act(case, "recheck", "not_fixed", by=lama, reasons=["RSN-75"]))
    first = Closing.objects.get(report_id=case.pk)
    assert (case.stage, first.verdict, first.means) == ("contractor_work", "false", "dispute")
    assert told(case)[-1] == "REPORT_BACK"
    case = finished(case, cast.member_of("contractor_naqa"))
    case = worked(cast.act(case, "verify", "fixed", by=sami))
    case = choose(case_id=case.pk, outcome="dispute", reasons=["RSN-72"], secret=secret(case), by=ANONYMOUS)
    case = worked(cast.act(case, "second_look", "fixed", by=dana, reasons=["RSN-75"]))
    assert (case.stage, case.state) == ("closed", "closed")
    now = clock.now()
    (rate,) = false_closings(by="contractor", since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert (rate.closed, rate.judged, rate.false, rate.rate) == (2, 2, 1, 0.5)


def test_a_reporters_own_yes_does_not_take_the_place_of_somebody_independent(judged: None) -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    case = worked(cast.act(case, "verify", "fixed", by=cast.actor("sami")))
    case = worked(choose(case_id=case.pk, outcome="confirm", secret=secret(case), by=ANONYMOUS))
    closing = Closing.objects.get(report_id=case.pk)
    assert (case.stage, closing.verdict, closing.means) == ("closed", "confirmed", "sample")
    now = clock.now()
    (rate,) = false_closings(by="contractor", since=now - timedelta(days=1), until=now + timedelta(days=1))
    assert (rate.closed, rate.judged, rate.false) == (1, 1, 0)


def test_confirmed_and_asked_four_weeks_later(unjudged: None, monkeypatch: pytest.MonkeyPatch) -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    case = worked(choose(case_id=case.pk, outcome="confirm", secret=secret(case), by=ANONYMOUS))
    with pytest.raises(WrongMoment):
        choose(case_id=case.pk, outcome="confirm", secret=secret(case), by=ANONYMOUS)
    assert (case.stage, Closing.objects.get(report_id=case.pk).means) == ("closed", "reporter")
    monkeypatch.setattr(settings, "DIWAN", _with(report_later_percent=100))
    assert ask_later() == 0
    with clock.moved(clock.now() + timedelta(days=29)):
        assert (ask_later(), ask_later()) == (1, 0)
        assert told(case)[-1] == "REPORT_LATER"
        with pytest.raises(ReportNotFound):
            answer_later(case_id=case.pk, secret="wrong", fixed=False, by=ANONYMOUS)
        answer_later(case_id=case.pk, secret=secret(case), fixed=False, by=ANONYMOUS)
        answer_later(case_id=case.pk, secret=secret(case), fixed=True, by=ANONYMOUS)
    closing = Closing.objects.get(report_id=case.pk)
    assert (closing.verdict, closing.means) == ("false", "later")


def test_an_employee_mends_the_type_and_the_history_keeps_both() -> None:
    case, rana = filed("RPT-0101"), cast.actor("rana")
    with pytest.raises(NotAllowed):
        reclassify_report(
            case_id=case.pk, revision=case.revision, changes={"type": "RPT-0401"}, by=cast.actor("sami")
        )
    case = reclassify_report(case_id=case.pk, revision=case.revision, changes={"type": "RPT-0401"}, by=rana)
    case = worked(case)
    row = History.objects.get(case=case, act="intervened")
    assert row.changes == {"type": ["RPT-0101", "RPT-0401"]}
    report = Report.objects.select_related("contractor").get(pk=case.pk)
    assert report.contractor is not None
    assert (report.type, report.contractor.code) == ("RPT-0401", "contractor_diyaa")
    assert case.due_at == case.opened_at + timedelta(hours=48)


def test_without_a_place_the_room_finds_it_and_sends_it_by_hand() -> None:
    case, rana = filed("RPT-0201", answers={"place": None, "landmark": "سوق السمك"}), cast.actor("rana")
    assert (case.stage, case.municipality.code) == ("dispatch", "000")
    case = reclassify_report(
        case_id=case.pk, revision=case.revision, changes={"place": cast.place_in("102")}, by=rana
    )
    assert case.municipality.code == "102"
    assert worked(case).stage == "contractor_work"
    Contract.objects.all().delete()
    other = filed("RPT-0307")
    assert other.stage == "own_work"
    lost = filed("RPT-0201", answers={"place": None})
    task = cast.waiting(lost, "dispatch")
    sent = send_report(
        case_id=lost.pk, task_id=task.pk, revision=lost.revision, to="outside", code="traffic", by=rana
    )
    assert worked(sent).stage == "outside_body"


def test_what_belongs_to_another_body_goes_there_and_comes_back_when_it_is_silent() -> None:
    case = filed("RPT-0506")
    assert (case.stage, case.holder) == ("outside_body", "entity:water")
    road = filed("RPT-0201")
    road = forward_report(
        case_id=road.pk, revision=road.revision, body="electricity", reasons=["RSN-67"], by=cast.actor("rana")
    )
    assert (road.stage, road.holder) == ("outside_body", "entity:electricity")
    road = worked(
        cast.act(road, "outside_body", "not_ours", by=cast.member_of("electricity"), reasons=["RSN-69"])
    )
    assert road.stage == "dispatch"


def test_the_same_thing_twice_becomes_one_and_everybody_hears() -> None:
    first, second = filed(), filed(reporter={**REPORTER, "mobile": "+966500000002"})
    pin = second.data["place"]
    near = similar_near(lat=float(pin["lat"]), lng=float(pin["lng"]), kind="RPT-0101")
    assert {one.report.pk for one in near} == {first.pk, second.pk}
    assert all(one.metres < 1 for one in near)
    with pytest.raises(SameReport):
        merge_reports(into=first.pk, case_ids=[first.pk], by=cast.actor("rana"))
    with pytest.raises(NotAllowed):
        merge_reports(into=first.pk, case_ids=[second.pk], by=cast.actor("sami"))
    merge_reports(into=first.pk, case_ids=[second.pk], by=cast.actor("rana"))
    second.refresh_from_db()
    assert (second.stage, told(second)[-1]) == ("merged", "REPORT_MERGED")
    follow_report(case_id=first.pk, mobile="+966500000003", by=ANONYMOUS)
    finished(first, cast.member_of("contractor_naqa"))
    heard = Message.objects.filter(case_id=first.pk, template="REPORT_FOLLOWED").values_list(
        "address", flat=True
    )
    assert set(heard) == {"+966500000002", "+966500000003"}
    with pytest.raises(SameReport):
        merge_reports(into=first.pk, case_ids=[second.pk], by=cast.actor("rana"))


def test_one_report_of_two_things_is_split() -> None:
    case = filed()
    opened = split_report(
        case_id=case.pk, kind="RPT-0401", description="واللمبة مطفأة", key="split-0001", by=cast.actor("rana")
    )
    other = Report.objects.get(pk=opened.case_id)
    assert (other.split_from_id, other.type, other.lat) == (
        case.pk,
        "RPT-0401",
        Report.objects.get(pk=case.pk).lat,
    )


def test_junk_and_names() -> None:
    for _ in range(5):
        filed()
    with pytest.raises(TooManyOpen):
        filed()
    nameless = Filing(answers={"type": "RPT-0101", "place": cast.place_in("101")}, key="k" * 10, scope="x")
    with pytest.raises(NotAnonymous):
        file_report(filing=nameless, by=ANONYMOUS)
    quiet = filed("RPT-1106", reporter={}, answers={"place": None, "description": "طلب مبلغ"})
    assert Report.objects.get(pk=quiet.pk).anonymous
    assert len(last_of_caller(REPORTER["mobile"])) == 5


def test_what_the_public_sees_and_the_wall() -> None:
    case, secret_one = filed(), filed("RPT-1102", answers={"place": None})
    shown = {one.pk for one in public_reports()}
    assert case.pk in shown
    assert secret_one.pk not in shown
    rows = {row.municipality_id: row for row in wall(cast.actor("dana"))}
    assert rows[case.municipality_id].open >= 1
    with clock.moved(clock.now() + timedelta(days=3)):
        assert {row.municipality_id: row.late for row in wall(cast.actor("dana"))}[case.municipality_id] >= 1


def test_photos_are_public_only_after_somebody_looked(unjudged: None) -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    assert public_photos(case.pk) == set()
    (after,) = Closing.objects.get(report_id=case.pk).after
    with pytest.raises(NotAllowed):
        check_photo(upload_id=after, show=True, by=cast.actor("rana"))
    check_photo(upload_id=after, show=True, by=cast.actor("dana"))
    assert public_photos(case.pk) == {after}
    check_photo(upload_id=after, show=False, by=cast.actor("sami"))
    assert public_photos(case.pk) == set()


def test_the_contractor_gives_it_to_a_crew_of_its_own() -> None:
    case = filed()
    report = assign_crew(case_id=case.pk, crew="NAQA-2", by=cast.member_of("contractor_naqa"))
    assert report.crew is not None
    assert report.crew.code == "NAQA-2"
    with pytest.raises(NotAllowed):
        assign_crew(case_id=case.pk, crew="DIYAA-1", by=cast.member_of("contractor_diyaa"))


def test_an_emergency_is_told_to_the_heads_at_once() -> None:
    case = filed("RPT-0404")
    assert Message.objects.filter(case_id=case.pk, template="REPORT_ALARM").count() >= 2
    assert OpenTask.objects.filter(case=case).exists()
