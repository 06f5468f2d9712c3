"""The page of a visit: each answer saved, every item answered, "passed" only when it passes, large targets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diwan.cases.models import Case, NoteDraft, OpenTask
from diwan.cases.services import service_of
from diwan.files.models import Upload
from diwan.kit.numbers import case_number
from diwan.people.models import Account
from tests import cast
from tests.desk.conftest import Desk, address, form_of, to_visit


def answers(case: Case, value: str = "met", **changed: str) -> dict[str, str]:
    """Inputs of the whole checklist."""
    items = service_of(case.version_id).checklist("CHK-FOOD")
    return {f"item.{item.code}": changed.get(item.code, value) for item in items}


def test_the_page_holds_the_checklist_the_way_there_and_the_telephone(desk: Desk) -> None:
    case = to_visit()
    html = desk("khalid").get(address(case)).content.decode()
    items = service_of(case.version_id).checklist("CHK-FOOD")
    assert html.count("<fieldset") == len(items)
    assert html.count(">حرج<") == sum(item.critical for item in items)
    assert 'href="tel:+966' in html
    assert 'href="geo:' in html
    assert "data-autosave-now" in html


def test_each_answer_is_saved_at_once_and_is_there_again(desk: Desk) -> None:
    case, client = to_visit(), desk("khalid")
    saved = client.post(f"{address(case)}/note", {"item.place": "met", "item.cold": "not_met"})
    assert saved.status_code == 200
    assert NoteDraft.objects.get(case_id=case.pk).content["inputs"] == {
        "item.place": "met",
        "item.cold": "not_met",
    }
    html = desk("khalid").get(address(case)).content.decode()
    assert 'name="item.place" value="met" checked' in html
    assert 'name="item.cold" value="not_met" checked' in html
    assert html.count(" checked") == 2


def test_without_a_script_the_answers_are_saved_by_a_button(desk: Desk) -> None:
    case = to_visit()
    response = desk("khalid").post(f"{address(case)}/note", {"item.place": "met", "plain": "1"})
    assert (response.status_code, response.headers["Location"]) == (302, address(case))


def test_a_whole_checklist_in_order_passes_and_the_officer_reads_the_score(desk: Desk) -> None:
    case = to_visit()
    form = form_of(case, "visit_food", "passed", **answers(case, prices="not_met"))
    assert desk("khalid").post(f"{address(case)}/act", form).status_code == 302
    assert OpenTask.objects.get(case=case).step == "review"
    html = desk("fahad").get(address(case)).content.decode()
    assert "قائمة الفحص: 98 من 100" in html
    assert "الزيارة: 98 من 100" in html


def test_missing_answers_are_marked_and_nothing_is_lost(desk: Desk) -> None:
    case = to_visit()
    form = form_of(case, "visit_food", "passed", **answers(case, dates="", dress=""))
    response = desk("khalid").post(f"{address(case)}/act", form)
    assert response.status_code == 422
    html = response.content.decode()
    assert html.count('<li class="has-error">') == 2
    assert html.count(" checked") == len(answers(case)) - 2


@pytest.mark.parametrize(
    "changed",
    [
        {"cold": "not_met"},
        {"sign": "not_met", "dress": "not_met", "pests": "not_met", "safety": "not_met", "prices": "not_met"},
    ],
)
def test_a_visit_that_does_not_pass_cannot_be_reported_as_passed(desk: Desk, changed: dict[str, str]) -> None:
    case = to_visit()
    response = desk("khalid").post(
        f"{address(case)}/act", form_of(case, "visit_food", "passed", **answers(case, **changed))
    )
    assert response.status_code == 422
    assert "من 100" in response.content.decode()
    assert OpenTask.objects.get(case=case).step == "visit_food"


def test_not_passed_goes_back_to_the_applicant_with_what_is_to_be_mended(desk: Desk) -> None:
    case = to_visit()
    form = form_of(case, "visit_food", "remarks", **answers(case, cold="not_met"))
    form |= {"reason.inside": "RSN-23", "words.inside": "ضبط حرارة الثلاجة ثم إرفاق صورة"}
    assert desk("khalid").post(f"{address(case)}/act", form).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.holder) == ("returned", "applicant")


def test_nobody_opened_needs_no_checklist(desk: Desk) -> None:
    case = to_visit()
    form = form_of(case, "visit_food", "no_entry", **{"reasons.no_entry": "RSN-33"}, note="المحل مغلق")
    assert desk("khalid").post(f"{address(case)}/act", form).status_code == 302
    assert OpenTask.objects.get(case=case).step == "review"


def test_the_inspector_who_visited_cannot_review(desk: Desk) -> None:
    case = to_visit()
    desk("khalid").post(f"{address(case)}/act", form_of(case, "visit_food", "passed", **answers(case)))
    response = desk("khalid").post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    assert response.status_code in (404, 422)
    assert NoteDraft.objects.filter(account=Account.objects.get(username="khalid")).count() <= 1


def taken(name: str = "freezer.jpg") -> SimpleUploadedFile:
    """A photo from the inspector's telephone."""
    return SimpleUploadedFile(name, cast.picture((20, 40, 60)).read(), "image/jpeg")


def test_photos_are_kept_with_the_case_and_the_officer_sees_them(desk: Desk) -> None:
    case, client = to_visit(), desk("khalid")
    sent = client.post(
        f"{address(case)}/photo", {"photo": [taken(), taken("door.jpg")], "item.cold": "not_met"}
    )
    assert (sent.status_code, sent.headers["Location"]) == (302, f"{address(case)}#photos")
    kept = Upload.objects.filter(owner=f"case:{case.pk}", slot="_visit")
    assert kept.count() == 2
    html = client.get(address(case)).content.decode()
    assert all(f"/desk/paper/{upload.pk}" in html for upload in kept)
    assert 'name="item.cold" value="not_met" checked' in html, "what was answered before is kept too"
    client.post(f"{address(case)}/act", form_of(case, "visit_food", "passed", **answers(case)))
    assert "صورة من الزيارة" in desk("fahad").get(address(case)).content.decode()


def test_the_applicant_does_not_find_them_among_the_papers_sent(desk: Desk) -> None:
    case = to_visit()
    desk("khalid").post(f"{address(case)}/photo", {"photo": taken()})
    html = desk("salem").get(f"/case/{case_number(case.pk)}").content.decode()
    assert "واجهة" in html or "facade" in html
    assert "_visit" not in html and "freezer" not in html


@pytest.mark.parametrize(("name", "content"), [("act.exe", b"MZ" * 400), ("plan.pdf", b"%PDF-1.4 nothing")])
def test_what_is_no_photo_is_refused_and_nothing_is_lost(desk: Desk, name: str, content: bytes) -> None:
    case = to_visit()
    file = SimpleUploadedFile(name, content, "image/jpeg")
    answer = desk("khalid").post(f"{address(case)}/photo", {"photo": file, "item.place": "met"})
    assert answer.status_code == 422
    assert 'name="item.place" value="met" checked' in answer.content.decode()
    assert not Upload.objects.filter(slot="_visit").exists()


def test_only_who_makes_the_visit_adds_photos(desk: Desk) -> None:
    case = to_visit()
    for colleague, status in (("fahad", 422), ("turki", 404)):
        assert desk(colleague).post(f"{address(case)}/photo", {"photo": taken()}).status_code == status
    assert desk("khalid").post(f"{address(case)}/photo", {}).status_code == 422
    assert not Upload.objects.filter(slot="_visit").exists()


def test_photos_chosen_and_not_yet_kept_go_with_the_act(desk: Desk) -> None:
    case = to_visit()
    form = form_of(case, "visit_food", "passed", **answers(case))
    assert desk("khalid").post(f"{address(case)}/act", form | {"photo": taken()}).status_code == 302
    assert Upload.objects.filter(owner=f"case:{case.pk}", slot="_visit").count() == 1


def test_what_is_to_be_mended_is_unfolded_only_when_something_was_remarked(desk: Desk) -> None:
    case, client = to_visit(), desk("khalid")
    client.post(f"{address(case)}/note", {"item.place": "met"})
    assert 'class="visit-remarks" open' not in client.get(address(case)).content.decode()
    client.post(f"{address(case)}/note", {"item.place": "met", "words.area": "أوسع من المعلن"})
    assert 'class="visit-remarks" open' in client.get(address(case)).content.decode()
