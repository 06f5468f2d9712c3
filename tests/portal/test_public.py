"""Pages for everybody: services, search, fee calculator, verification, numbers, feedback, small pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diwan.cases.actions.index_words import index_words
from diwan.documents import verify
from diwan.documents.checking import Checker
from diwan.documents.models import IssuedDocument
from diwan.kit import clock, numbers
from diwan.kit.numbers import case_number
from diwan.notify.models import Message
from diwan.people.models import Municipality
from diwan.web.portal import figures
from diwan.web.portal.models import Feedback
from tests import cast
from tests.apply.browsing import anybody, client_of, text_of
from tests.cases import walking

pytestmark = pytest.mark.usefixtures("city", "registers")
PAGES = (
    "home", "services", "search", "calculator", "activities", "track", "verify", "message_check", "numbers", "help",
    "accessibility", "privacy", "terms", "contact", "sitemap",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _count_anew() -> None:
    figures.forget()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_is_there_in_both_languages(language: str) -> None:
    client = anybody(language)
    for name in PAGES:
        page = client.get(reverse(f"portal:{name}"))
        assert page.status_code == 200, name
        assert f'<html lang="{language}"' in text_of(page), name


def test_a_word_in_any_spelling_finds_the_shop_licence_first() -> None:
    page = text_of(anybody().get(reverse("portal:search"), {"q": "رخصه محل"}))
    first = page.index("/services/")
    assert "shop-licence" in page[page.index("card-grid") :][:900]
    assert first > 0


def test_words_find_the_requests_of_whoever_asks_and_nobody_elses() -> None:
    case = cast.submit(cast.owner("salem"), trade_name_ar="مقهى الصارية")
    index_words(case_ids=[case.pk])
    search, number = reverse("portal:search"), numbers.show_case_number(case.pk)
    for client, told in ((client_of("salem"), True), (client_of("abeer"), False), (anybody(), False)):
        assert (number in text_of(client.get(search, {"q": "صاريه"}))) is told


def test_numbers_lead_to_their_pages() -> None:
    case = cast.submit(cast.owner("salem"))
    number, search = case_number(case.pk), reverse("portal:search")
    assert client_of("salem").get(search, {"q": number}).url == reverse("portal:case", args=[number])
    tracked = anybody().get(search, {"q": number}).url
    assert tracked == f"{reverse('portal:track')}?number={number}"
    unknown = case_number(case.pk + 5000)
    assert anybody().get(search, {"q": unknown}).url == f"{reverse('portal:track')}?number={unknown}"
    assert reverse("portal:verify") in anybody().get(search, {"q": _document_number()}).url


def _document_number() -> str:
    return numbers.document_number(municipality=101, year=26, serial=4)


def test_a_mistyped_number_says_what_is_wrong_with_it() -> None:
    page = anybody().get(reverse("portal:search"), {"q": "26000000011"})
    assert page.status_code == 200
    assert "رقم طلب" in text_of(page)


def test_the_card_answers_in_order_and_tells_where_it_is_offered() -> None:
    page = text_of(anybody("en").get(reverse("portal:service", args=[cast.INSTANT])))
    order = ["What you get", "Can I apply?", "What it costs", "How long it takes", "What I need", "The steps"]
    places = [page.index(f">{title}<") for title in order]
    assert places == sorted(places)
    assert reverse("apply:start", args=[cast.INSTANT]) in page


def test_an_internal_or_unknown_service_has_no_card() -> None:
    for slug in ("visit-after-licence", "no-such-service"):
        assert anybody().get(reverse("portal:service", args=[slug])).status_code == 404


ASKED: dict[str, Any] = {
    "activities": "471101", "area_m2": "٤٠", "years": "1", "has_sign": "no", "cleaning": "fee", "wants_card": "no",
}  # fmt: skip


def test_the_calculator_explains_every_line_without_scripts() -> None:
    page = text_of(
        anybody("en").get(reverse("portal:service", args=[cast.INSTANT]), {**ASKED, "calculate": "1"})
    )
    assert "40 m²" in page
    assert "Total" in page


def test_the_calculator_keeps_the_municipality_and_counts_by_its_class() -> None:
    url = reverse("portal:service", args=[cast.INSTANT])
    pages = {
        code: text_of(anybody("en").get(url, {**ASKED, "calculate": "1", "town": code}))
        for code in Municipality.objects.exclude(code="000").values_list("code", flat=True)
    }
    for code, page in pages.items():
        assert page.count(" selected>") == 1
        assert f'<option value="{code}" selected>' in page
    assert len({page.partition("Total")[2][:200] for page in pages.values()}) > 1


def test_the_calculator_says_what_it_still_needs() -> None:
    url = reverse("portal:service", args=[cast.INSTANT])
    page = text_of(anybody("en").get(url, {"activities": "471101", "calculate": "1"}))
    assert 'id="error-summary"' in page
    assert ">Total<" not in page


def test_looking_up_an_activity_in_the_calculator_is_no_mistake() -> None:
    url = reverse("portal:service", args=[cast.INSTANT])
    page = text_of(anybody().get(url, {"activities-find": "بقاله", "look": "activities"}))
    assert 'value="471101"' in page
    assert 'id="error-summary"' not in page


def test_an_issued_number_is_told_and_its_contents_only_with_the_code() -> None:
    case = walking.issued(walking.billed(cast.owner("maryam")))
    document = IssuedDocument.objects.get(case_id=case.pk)
    by_number = text_of(anybody().get(reverse("portal:verify"), {"number": str(document.number)}))
    assert "بقالة الاختبار" not in by_number
    assert str(document.number)[:4] in by_number
    by_code = reverse("portal:verify_code", args=[document.number, document.verify_token])
    assert "بقالة الاختبار" in text_of(anybody().get(by_code))
    wrong = reverse("portal:verify_code", args=[document.number, "x" * 22])
    assert "بقالة الاختبار" not in text_of(anybody().get(wrong))


def test_a_number_that_was_never_issued() -> None:
    page = anybody().get(reverse("portal:verify"), {"number": _document_number()})
    assert page.status_code == 404
    mistyped = anybody().get(reverse("portal:verify"), {"number": "123456789012"})
    assert mistyped.status_code == 422


def test_a_file_that_is_no_signed_pdf() -> None:
    url = reverse("portal:verify")
    assert anybody().post(url, {}).status_code == 422
    photo = cast.picture()
    photo.name = "licence.pdf"
    assert "alert-success" not in text_of(anybody().post(url, {"file": photo}))


def test_too_many_files_at_once_and_a_file_far_too_large_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, file = reverse("portal:verify"), SimpleUploadedFile("x.pdf", b"%PDF-1.7")
    monkeypatch.setattr(verify, "CHECKER", Checker(at_once=0))
    busy = anybody().post(url, {"file": file})
    assert busy.status_code == 429
    assert "تُفحص ملفات كثيرة" in text_of(busy)
    large = anybody().post(url, {"file": file}, CONTENT_LENGTH=str(2 * 1024**3))
    assert large.status_code == 413
    assert "أكبر من 20" in text_of(large)


def test_the_file_is_sent_by_an_ordinary_form_too_and_only_with_its_token() -> None:
    url = reverse("portal:verify")
    form = text_of(anybody().get(url))
    assert 'enctype="multipart/form-data"' in form
    assert 'type="file"' in form
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url, {"file": SimpleUploadedFile("x.pdf", b"%PDF")}).status_code == 403


def test_a_message_is_ours_only_when_number_and_mobile_agree() -> None:
    case = cast.submit(cast.owner("salem"))
    message = Message.objects.filter(case_id=case.pk, channel="sms").first()
    assert message is not None
    Message.objects.filter(pk=message.pk).update(state="sent", sent_at=clock.now())
    url = reverse("portal:message_check")
    told = {"message": f"طلبكم رقم {numbers.show_case_number(case.pk)}", "mobile": message.address}
    assert "alert-success" in text_of(anybody().post(url, told))
    assert "alert-error" in text_of(anybody().post(url, {**told, "mobile": "0555555555"}))
    assert anybody().post(url, {"message": "", "mobile": "123"}).status_code == 422


def test_feedback_keeps_no_number_of_a_request() -> None:
    client = anybody()
    url, page = reverse("portal:feedback"), "/case/26000000015?x=1"
    response = client.post(url, {"page": page, "useful": "no"}, headers={"HX-Request": "true"})
    kept = Feedback.objects.get()
    assert (kept.page, kept.useful) == ("/case/…", False)
    assert 'name="words"' in text_of(response)
    client.post(url, {"page": page, "answer": str(kept.pk), "words": "لم أجد الرسم"})
    kept.refresh_from_db()
    assert kept.words == "لم أجد الرسم"
    assert anybody().post(url, {"page": "//evil.example", "useful": "yes"}).url == "/"


def test_words_are_added_to_nobody_elses_answer() -> None:
    anybody().post(reverse("portal:feedback"), {"page": "/", "useful": "no"})
    kept = Feedback.objects.get()
    anybody().post(reverse("portal:feedback"), {"page": "/", "answer": str(kept.pk), "words": "x"})
    kept.refresh_from_db()
    assert kept.words == ""


def test_public_numbers_count_decisions_in_their_time() -> None:
    walking.issued(walking.billed(cast.owner("maryam")))
    cast.submit(cast.owner("salem"))
    found = figures.published()
    assert (found.whole.received, found.whole.decided) == (2, 1)
    assert (found.whole.in_time_share, found.whole.first_time_share) == (100, 100)
    assert sum(place.received for place in found.places) == 2
    assert found.since == clock.today() - timedelta(days=figures.DAYS)
