"""An outside body's page: what it is asked, approve or refuse in its own reasons, and nothing else."""

from diwan.cases.models import History, OpenTask
from diwan.kit.numbers import show_case_number
from tests.desk.conftest import Desk, address, asked_bodies, form_of, to_visit


def test_the_body_sees_what_it_is_asked_and_nothing_else(desk: Desk) -> None:
    asked = asked_bodies()
    html = desk("cd.yousef").get("/desk/").content.decode()
    assert "المطلوب منا" in html
    assert show_case_number(asked.pk) in html
    assert "لوحة القسم" not in html
    assert show_case_number(asked.pk) not in desk("moh.layla").get("/desk/").content.decode()


def test_the_body_reads_no_name_and_no_number_of_a_person(desk: Desk) -> None:
    case = asked_bodies()
    person = {case.applicant["name_ar"], case.applicant["name_en"], case.applicant["mobile"]}
    assert all(person)
    asked = desk("cd.yousef")
    for page in (address(case), "/desk/", "/desk/morning"):
        response = asked.get(page)
        assert response.status_code == 200, page
        html = response.content.decode()
        assert show_case_number(case.pk) in html, page
        assert not [told for told in person if told in html], page
    told = desk("cd.yousef", lang="en").get(address(case)).content.decode()
    assert "The applicant" in told
    assert not [one for one in person if one in told]
    inside = desk("fahad").get(address(case)).content.decode()
    assert case.applicant["name_ar"] in inside
    assert case.applicant["mobile"] in inside


def test_the_body_approves(desk: Desk) -> None:
    case, client = asked_bodies(), desk("cd.yousef")
    html = client.get(address(case)).content.decode()
    assert "موافقة الدفاع المدني" in html
    response = client.post(f"{address(case)}/act", form_of(case, "civil_defence", "approve"))
    assert response.status_code == 302
    assert set(OpenTask.objects.filter(case=case).values_list("step", flat=True)) == {"supervising_body"}
    assert client.get(address(case)).status_code == 200


def test_the_body_refuses_with_a_reason_of_its_own_list(desk: Desk) -> None:
    case, client = asked_bodies(), desk("cd.yousef")
    html = client.get(address(case)).content.decode()
    assert "اشتراطات السلامة غير مكتملة" in html
    assert "النشاط غير مسموح في الموقع" not in html
    form = form_of(case, "civil_defence", "refuse", note="لا مخرج طوارئ")
    assert client.post(f"{address(case)}/act", form).status_code == 422
    form |= {"reasons.refuse": "RSN-06"}
    assert client.post(f"{address(case)}/act", form).status_code == 422
    form |= {"reasons.refuse": "RSN-51"}
    assert client.post(f"{address(case)}/act", form).status_code == 302
    case.refresh_from_db()
    assert case.state == "rejected"
    assert History.objects.filter(case=case, outcome="refuse").get().reasons == ["RSN-51"]


def test_a_body_cannot_answer_for_another(desk: Desk) -> None:
    case = asked_bodies()
    response = desk("cd.yousef").post(f"{address(case)}/act", form_of(case, "supervising_body", "approve"))
    assert response.status_code == 422
    assert OpenTask.objects.filter(case=case, step="supervising_body").exists()


def test_a_body_has_no_say_after_its_answer(desk: Desk) -> None:
    case = to_visit()
    html = desk("cd.yousef").get(address(case)).content.decode()
    assert 'id="act"' not in html
