"""An application page by page, as a browser without scripts sends it."""

import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from diwan.cases.actions.drafts import start_draft
from diwan.cases.models import Case, Draft
from diwan.cases.queries import drafts_of
from diwan.catalogue.queries import compiled_service
from diwan.files.queries import uploads_of
from diwan.kit import clock
from tests import cast
from tests.apply.browsing import anybody, client_of, form_of, text_of

pytestmark = pytest.mark.usefixtures("city", "registers")

ANSWERS: dict[str, dict[str, Any]] = {
    "activity": {"activities": ["952901"], "trade_name_ar": "مشغل الاختبار", "trade_name_en": "Test Tailor"},
    "premises": {"premises_type": "street_shop", "area_m2": "٤٠", "openings": "١", "floor": "الأرضي", "unit_no": "2"},
    "right": {"right": "lease"},
    "sign": {"has_sign": "no"},
    "term": {"cleaning": "fee", "workers": "2", "years": "1", "wants_card": "no"},
}  # fmt: skip


def begin(client: Any, slug: str = cast.INSTANT) -> Draft:
    """A draft begun on the page that asks for whom."""
    url = reverse("apply:start", args=[slug])
    chosen = client.session["capacity"]
    response = client.post(url, {"capacity": chosen})
    assert response.status_code == 302, text_of(response)
    return Draft.objects.latest("created_at")


def send(client: Any, url: str, changed: dict[str, Any]) -> Any:
    """Post the page at an address as it was drawn, with some answers changed."""
    page = client.get(url)
    assert page.status_code == 200, url
    return client.post(url, {**form_of(page), "do": "next", **changed})


def page_url(draft: Draft, key: str) -> str:
    return reverse("apply:page", args=[draft.pk, key])


def fill_in(client: Any, draft: Draft) -> Any:
    """All pages of the instant licence, one after another; the answer to the last."""
    pin = cast.place_in("101")
    place = {"place-lat": pin["lat"], "place-lon": pin["lng"]}
    send(client, page_url(draft, "activity"), ANSWERS["activity"])
    send(client, page_url(draft, "premises"), {**ANSWERS["premises"], **place})
    send(client, page_url(draft, "right"), ANSWERS["right"])
    send(client, page_url(draft, "right"), lease_until(clock.today().year + 3))
    send(client, page_url(draft, "sign"), ANSWERS["sign"])
    send(client, page_url(draft, "term"), {**ANSWERS["term"], "facade": photo()})
    declared = dict.fromkeys(_declarations(draft), "1")
    return send(client, page_url(draft, "declarations"), declared)


def lease_until(year: int) -> dict[str, str]:
    """A lease that ends in February of a year, as the page sends it."""
    lease = {"lease_number": "10203040506"}
    for name, when in (("lease_start", clock.today().year - 2), ("lease_end", year)):
        lease |= {
            f"{name}-day": "1", f"{name}-month": "2", f"{name}-year": str(when), f"{name}-calendar": "gregorian",
        }  # fmt: skip
    return lease


def _declarations(draft: Draft) -> list[str]:
    service = compiled_service(cast.INSTANT, clock.today())
    assert service is not None
    return [field.key for field in service.form.fields() if field.kind == "declaration"]


def photo(name: str = "façade.jpg") -> io.BytesIO:
    """A photo as a file input sends it."""
    content = cast.picture()
    content.name = name
    return content


def test_an_application_without_scripts_becomes_one_case() -> None:
    client = client_of("maryam")
    draft = begin(client)
    response = fill_in(client, draft)
    assert response.url == reverse("apply:review", args=[draft.pk])
    page = client.get(response.url)
    assert "مشغل الاختبار" in text_of(page)
    first = client.post(response.url)
    receipt = reverse("apply:receipt", args=[draft.pk])
    assert (first.status_code, first.url) == (302, receipt)
    assert client.post(response.url).url == receipt
    assert client.get(response.url).url == receipt
    draft.refresh_from_db()
    case = Case.objects.get(pk=draft.case_id or 0)
    assert case.data["area_m2"] == "40"
    assert (case.channel, case.establishment_id) == ("portal", draft.establishment_id)
    assert [upload.slot for upload in uploads_of(f"case:{case.pk}")] == ["facade"]
    shown = text_of(client.get(receipt))
    assert "260-" in shown or str(case.pk)[:3] in shown


def test_what_cannot_be_read_stays_as_typed_with_the_reason_beside_it() -> None:
    client = client_of("maryam")
    draft = begin(client)
    send(client, page_url(draft, "activity"), ANSWERS["activity"])
    response = send(client, page_url(draft, "premises"), {**ANSWERS["premises"], "area_m2": "ثلاثة"})
    assert response.status_code == 422
    assert 'value="ثلاثة"' in text_of(response)
    assert 'id="error-summary"' in text_of(response)
    again = client.get(page_url(draft, "premises"))
    assert 'value="ثلاثة"' in text_of(again)
    assert 'value="2"' in text_of(again)


def test_a_lease_that_has_ended_is_refused_on_its_page_and_stays_as_typed() -> None:
    client, ended = client_of("maryam"), clock.today().year - 1
    draft = begin(client)
    send(client, page_url(draft, "activity"), ANSWERS["activity"])
    pin = cast.place_in("101")
    place = {"place-lat": pin["lat"], "place-lon": pin["lng"]}
    send(client, page_url(draft, "premises"), {**ANSWERS["premises"], **place})
    send(client, page_url(draft, "right"), ANSWERS["right"])
    response = send(client, page_url(draft, "right"), lease_until(ended))
    assert response.status_code == 422
    with translation.override("ar"):
        assert text_of(response).count(_("This day has passed. Enter today or a later day.")) == 2
    assert f'value="{ended}"' in text_of(response)
    assert f'value="{ended}"' in text_of(client.get(page_url(draft, "right")))


def test_leaving_keeps_half_an_answer_and_the_page_reached() -> None:
    client = client_of("maryam")
    draft = begin(client)
    send(client, page_url(draft, "activity"), ANSWERS["activity"])
    response = send(client, page_url(draft, "premises"), {"floor": "الأول", "do": "leave"})
    assert response.url == reverse("portal:my_cases")
    resumed = client.get(reverse("apply:resume", args=[draft.pk]))
    assert resumed.url == page_url(draft, "premises")
    assert 'value="الأول"' in text_of(client.get(resumed.url))


def test_questions_that_follow_from_an_answer_are_no_mistake() -> None:
    client = client_of("maryam")
    draft = begin(client)
    response = send(client, page_url(draft, "right"), {"right": "lease"})
    assert response.status_code == 200
    assert 'name="lease_number"' in text_of(response)
    assert 'id="error-summary"' not in text_of(response)
    again = client.post(page_url(draft, "right"), {**form_of(response), "do": "next"})
    assert again.status_code == 422


def test_looking_something_up_keeps_nothing() -> None:
    client = client_of("maryam")
    draft = begin(client)
    url = page_url(draft, "activity")
    page = client.get(url)
    response = client.post(url, {**form_of(page), "activities-find": "خياطه", "look": "activities"})
    assert response.status_code == 200
    assert 'value="952901"' in text_of(response)
    draft.refresh_from_db()
    assert "activities" not in draft.data


def test_a_chosen_row_is_taken_away() -> None:
    client = client_of("maryam")
    draft = begin(client)
    url = page_url(draft, "activity")
    send(client, url, ANSWERS["activity"])
    response = client.post(url, {**form_of(client.get(url)), "activities-drop": "952901"})
    assert response.status_code == 200
    draft.refresh_from_db()
    assert "activities" not in draft.data


def test_a_page_saved_from_elsewhere_since_is_not_overwritten() -> None:
    client = client_of("maryam")
    draft = begin(client)
    url = page_url(draft, "activity")
    old = form_of(client.get(url))
    send(client, url, ANSWERS["activity"])
    response = client.post(url, {**old, "trade_name_ar": "اسم آخر", "do": "next"})
    assert response.status_code == 409
    assert "اسم آخر" in text_of(response)
    draft.refresh_from_db()
    assert draft.data["trade_name_ar"] == "مشغل الاختبار"


def test_autosave_answers_with_the_time_and_the_new_revision() -> None:
    client = client_of("maryam")
    draft = begin(client)
    url = reverse("apply:autosave", args=[draft.pk, "activity"])
    held = form_of(client.get(page_url(draft, "activity")))
    answer = client.post(url, {**held, "trade_name_en": "Half a na"}).json()
    draft.refresh_from_db()
    assert answer["fields"] == {"revision": draft.revision}
    assert draft.data["trade_name_en"] == "Half a na"
    stale = client.post(url, {**held, "trade_name_en": "Older"})
    assert stale.status_code == 409
    assert stale.json()["message"]


def test_nobody_else_finds_the_draft() -> None:
    draft = begin(client_of("maryam"))
    other = client_of("salem")
    for url in (
        reverse("apply:resume", args=[draft.pk]),
        page_url(draft, "activity"),
        reverse("apply:review", args=[draft.pk]),
        reverse("apply:receipt", args=[draft.pk]),
    ):
        assert other.get(url).status_code == 404, url
    assert other.post(reverse("apply:autosave", args=[draft.pk, "activity"])).status_code == 404
    assert other.post(reverse("apply:discard", args=[draft.pk])).status_code == 404
    assert anybody().get(page_url(draft, "activity")).status_code == 302


def test_a_draft_is_deleted_on_demand() -> None:
    client = client_of("maryam")
    draft = begin(client)
    client.post(reverse("apply:discard", args=[draft.pk]))
    assert not drafts_of(cast.owner("maryam")).filter(pk=draft.pk).exists()


def test_an_informational_service_cannot_be_started() -> None:
    client = client_of("maryam")
    assert client.get(reverse("apply:start", args=["verify-document"])).status_code == 404
    assert client.get(reverse("apply:start", args=["no-such-service"])).status_code == 404


def test_the_page_that_asks_for_whom_offers_the_draft_under_way() -> None:
    client = client_of("maryam")
    draft = begin(client)
    page = text_of(client.get(reverse("apply:start", args=[cast.INSTANT])))
    assert reverse("apply:resume", args=[draft.pk]) in page


def test_a_capacity_that_is_not_held_is_refused() -> None:
    client = client_of("maryam")
    response = client.post(reverse("apply:start", args=[cast.INSTANT]), {"capacity": "establishment:999999"})
    assert response.status_code == 422
    assert not Draft.objects.filter(account=cast.owner("maryam").account_id).exists()


def test_the_pages_speak_english_and_keep_what_is_typed() -> None:
    arabic = client_of("maryam")
    draft = begin(arabic)
    send(arabic, page_url(draft, "activity"), ANSWERS["activity"])
    arabic.cookies["diwan_language"] = "en"
    page = text_of(arabic.get(page_url(draft, "activity")))
    assert '<html lang="en" dir="ltr"' in page
    assert "مشغل الاختبار" in page


def test_a_started_draft_of_another_channel_is_nobody_elses() -> None:
    service = compiled_service(cast.INSTANT, clock.today())
    assert service is not None
    clerk = cast.actor("huda")
    draft = start_draft(version_id=service.version_id, days=30, by=clerk, channel="counter")
    assert client_of("huda", kind="position").get(page_url(draft, "activity")).status_code == 200
    assert client_of("majed", kind="position").get(page_url(draft, "activity")).status_code == 404
