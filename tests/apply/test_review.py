"""The last page: answers, lamp, fee, sending; the receipt; renewal in two taps; completion of a returned case."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from diwan.cases.models import Case, Draft, FieldRemark
from diwan.cases.remarks import Remark
from diwan.cases.services import service_of
from diwan.kit import clock, numbers
from diwan.kit.ports import Answer
from diwan.registers.models import RegisterEntry
from tests import cast
from tests.apply.browsing import client_of, form_of, statements, text_of
from tests.apply.test_pages import page_url, photo
from tests.cases import walking
from tests.cases.walking import GROCERY

pytestmark = pytest.mark.usefixtures("city")


def review_url(draft: Draft) -> str:
    return reverse("apply:review", args=[draft.pk])


def ready(name: str = "maryam") -> Draft:
    """A complete draft of the instant licence."""
    answers: dict[str, Any] = dict(GROCERY)
    return cast.fill_draft(cast.owner(name), cast.INSTANT, **answers)


def test_all_answers_with_change_beside_each(registers: cast.Registers) -> None:
    draft = ready()
    page = text_of(client_of("maryam").get(review_url(draft)))
    assert "بقالة الاختبار" in page
    assert f"{page_url(draft, 'premises')}?to=review#id_area_m2-field" in page
    assert "lamp-accept" in page
    assert "240" in page or "amount" in page


def test_a_single_change_comes_back_to_the_review(registers: cast.Registers) -> None:
    draft = ready()
    client = client_of("maryam")
    url = page_url(draft, "premises") + "?to=review"
    response = client.post(url, {**form_of(client.get(url)), "floor": "الثاني", "do": "next"})
    assert response.url == review_url(draft)


def test_a_suspended_register_blocks_with_article_and_what_to_do(registers: cast.Registers) -> None:
    registers.say("commercial", {"status": "suspended"})
    draft = ready()
    client = client_of("maryam")
    page = text_of(client.get(review_url(draft)))
    assert "lamp-block" in page
    assert "المادة الأولى" in page
    assert "data-once" in page
    assert client.post(review_url(draft)).status_code == 422
    draft.refresh_from_db()
    assert draft.case_id is None


def test_a_block_that_was_mended_does_not_stand(registers: cast.Registers) -> None:
    registers.say("commercial", {"status": "suspended"})
    draft = ready()
    client = client_of("maryam")
    client.get(review_url(draft))
    registers.said.clear()
    url = page_url(draft, "activity")
    client.post(url, {**form_of(client.get(url)), "sign_name": "لوحة", "do": "next"})
    assert client.post(review_url(draft)).status_code == 302


def test_a_silent_register_does_not_stop_anybody(registers: cast.Registers) -> None:
    registers.say("leases", Answer(status="silent"))
    draft = ready()
    client = client_of("maryam")
    page = text_of(client.get(review_url(draft)))
    assert "lamp-approval" in page
    assert "عقود" in page or "إيجار" in page
    assert client.post(review_url(draft)).status_code == 302


def test_what_is_missing_is_listed_with_links(registers: cast.Registers) -> None:
    draft = cast.fill_draft(
        cast.owner("maryam"), cast.INSTANT, papers=False, activities=["471101"], area_m2="40"
    )
    client = client_of("maryam")
    page = text_of(client.get(review_url(draft)))
    assert "#id_facade-field" in page
    assert "lamp-return" in page
    refused = client.post(review_url(draft))
    assert refused.status_code == 422


def test_sending_takes_few_statements(registers: cast.Registers) -> None:
    client = client_of("maryam")
    # The first one in a process reads what changes by the day: units, calendars, prices.
    client.post(review_url(ready()))
    draft = ready()
    client.get(review_url(draft))
    with statements(most=8):
        response = client.post(review_url(draft))
    assert response.status_code == 302


def test_the_receipt_shows_number_and_secret_and_prints(registers: cast.Registers) -> None:
    draft = ready()
    client = client_of("maryam")
    client.post(review_url(draft))
    draft.refresh_from_db()
    assert draft.case_id is not None
    page = text_of(client.get(reverse("apply:receipt", args=[draft.pk])))
    assert numbers.show_case_number(draft.case_id) in page
    number = numbers.case_number(draft.case_id)
    for paper in ("a4", "80mm"):
        printed = client.get(reverse("apply:slip", args=[number, paper]))
        assert printed.content.startswith(b"%PDF"), paper
    assert client.get(reverse("apply:slip", args=[number, "a3"])).status_code == 404
    other = client_of("salem")
    assert other.get(reverse("apply:slip", args=[number, "a4"])).status_code == 404


def a_licence(owner: str = "maryam", *, days: int = 30) -> RegisterEntry:
    """An issued licence that expires in some days."""
    case = walking.issued(walking.billed(cast.owner(owner)))
    entry = RegisterEntry.objects.get(case=case)
    entry.valid_to = clock.today() + timedelta(days=days)
    entry.save(update_fields=["valid_to"])
    return entry


def test_a_renewal_takes_two_taps(registers: cast.Registers) -> None:
    entry = a_licence()
    client = client_of("maryam")
    first = client.post(reverse("apply:renew", args=[entry.number]))
    assert first.status_code == 302
    page = client.get(first.url)
    assert "المحل" in text_of(page)
    form = form_of(page, "renewal")
    second = client.post(first.url, {**form, "do": "renew"})
    assert second.status_code == 302, text_of(second)
    case = Case.objects.get(pk=Draft.objects.get(renews=entry.number).case_id or 0)
    assert case.service == "shop-licence-renewal"
    assert case.data["nothing_changed"] is True
    assert case.data["activities"] == ["471101"]


def test_a_renewal_begun_twice_is_one_draft(registers: cast.Registers) -> None:
    entry = a_licence()
    client = client_of("maryam")
    url = reverse("apply:renew", args=[entry.number])
    assert client.post(url).url == client.post(url).url


def test_something_has_changed_leads_to_all_pages(registers: cast.Registers) -> None:
    entry = a_licence()
    client = client_of("maryam")
    confirm = client.post(reverse("apply:renew", args=[entry.number])).url
    response = client.post(confirm, {**form_of(client.get(confirm), "renewal"), "do": "change"})
    pages = client.get(response.url)
    assert pages.status_code == 302
    draft = Draft.objects.get(renews=entry.number)
    assert client.get(page_url(draft, "sign")).status_code == 200
    assert "cannot be changed" in text_of(client.get(page_url(draft, "premises"))) or "لا" in text_of(
        client.get(page_url(draft, "premises"))
    )


def test_nobody_renews_the_licence_of_another(registers: cast.Registers) -> None:
    entry = a_licence()
    assert client_of("salem").post(reverse("apply:renew", args=[entry.number])).status_code == 404
    assert client_of("maryam").post(reverse("apply:renew", args=["101260000009"])).status_code == 404


def returned_case() -> Case:
    """A restaurant returned by the licensing officer with remarks on an answer and a paper."""
    case = cast.run_machine(cast.submit(cast.owner("salem")))
    case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    items = service_of(case.version_id).checklist("CHK-FOOD")
    case = cast.act(
        case, "visit_food", "passed", by=cast.actor("khalid"), answers={i.code: "met" for i in items}
    )
    remarks = [
        Remark(field="floor", reason="RSN-02", note="الدور غير واضح"),
        Remark(field="facade", reason="RSN-02", note="الصورة معتمة"),
    ]
    return cast.act(
        case, "review", "return", by=cast.actor("fahad"), reasons=["RSN-02"], field_remarks=remarks
    )


def test_completing_shows_what_was_remarked_and_nothing_else(registers: cast.Registers) -> None:
    case = returned_case()
    number = numbers.case_number(case.pk)
    client = client_of("salem")
    page = text_of(client.get(reverse("portal:case", args=[number])))
    assert "الدور غير واضح" in page
    assert "الصورة معتمة" in page
    begun = client.post(reverse("portal:complete", args=[number]))
    draft = Draft.objects.get(amends=case.pk)
    assert begun.url == reverse("apply:resume", args=[draft.pk])
    assert client.post(reverse("portal:complete", args=[number])).url == begun.url
    premises = client.get(page_url(draft, "premises"))
    assert 'name="floor"' in text_of(premises)
    assert 'name="area_m2"' not in text_of(premises)
    assert client.get(page_url(draft, "right")).status_code == 302
    done = client.post(
        page_url(draft, "premises"), {**form_of(premises), "floor": "الأرضي يمين", "do": "next"}
    )
    papers = client.get(done.url)
    assert 'name="facade"' in text_of(papers)
    sent = client.post(done.url, {**form_of(papers), "facade": photo(), "do": "next"})
    assert sent.url == review_url(draft)
    review = client.get(sent.url)
    assert 'name="completion"' in text_of(review)
    final = client.post(sent.url, {"completion": "1"})
    assert final.url == reverse("portal:case", args=[number])
    case.refresh_from_db()
    assert (case.state, case.round, set(case.highlights)) == ("under_review", 2, {"floor", "facade"})
    assert case.data["floor"] == "الأرضي يمين"


def test_an_answer_that_was_not_remarked_cannot_be_changed(registers: cast.Registers) -> None:
    case = returned_case()
    assert FieldRemark.objects.filter(case_id=case.pk).exists()
    client = client_of("salem")
    client.post(reverse("portal:complete", args=[numbers.case_number(case.pk)]))
    draft = Draft.objects.get(amends=case.pk)
    form = form_of(client.get(page_url(draft, "premises")))
    client.post(page_url(draft, "premises"), {**form, "floor": "2", "area_m2": "999", "do": "next"})
    draft.refresh_from_db()
    assert draft.data["area_m2"] == case.data["area_m2"]


def test_nothing_to_complete_is_said(registers: cast.Registers) -> None:
    case = cast.run_machine(cast.submit(cast.owner("salem")))
    client = client_of("salem")
    number = numbers.case_number(case.pk)
    response = client.post(reverse("portal:complete", args=[number]))
    assert response.url == reverse("portal:case", args=[number])
    assert not Draft.objects.filter(amends=case.pk).exists()
