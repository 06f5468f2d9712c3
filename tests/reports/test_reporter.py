"""The reporter's side without a script: told with photos and voice, by code or nameless, followed, confirmed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diwan.cases import secrets
from diwan.cases.models import Case, Draft, History, OpenTask
from diwan.catalogue import remembered
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.kit import clock, numbers
from diwan.modules.ratings.actions import invite
from diwan.modules.reports.models import Closing, Follower, LaterQuestion, PhotoCheck, Report
from diwan.modules.reports.words import public_point
from diwan.people.models import RateWindow
from tests import cast
from tests.apply.browsing import anybody, client_of, text_of
from tests.files import sounds
from tests.reports.reporting import REPORTER, filed, finished, photo, worked
from tests.signin.transports import MemoryTransport

pytestmark = pytest.mark.usefixtures("city")
MOBILE = "0500000077"


@pytest.fixture
def unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    """No closing is in the sample."""
    monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=0))


@pytest.fixture(autouse=True)
def _messenger(settings: Any) -> None:  # the fixture of pytest-django
    path = "tests.signin.transports.MemoryTransport"
    settings.MESSAGE_TRANSPORTS = {"sms": path, "email": path}
    MemoryTransport.down = False
    MemoryTransport.sent = []
    remembered.forget()


def picture(name: str = "p.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo().read(), "image/jpeg")


def begun(client: Any, code: str = "RPT-0101") -> Draft:
    answer = client.post(reverse("reports:new"), {"type": code})
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.get(pk=answer["Location"].rsplit("/", 1)[-1])


def case_of(draft: Draft) -> Case:
    """The case that the draft became."""
    draft.refresh_from_db()
    assert draft.case_id is not None
    return Case.objects.get(pk=draft.case_id)


def told(client: Any, draft: Draft, **more: Any) -> Any:
    """The page sent with a pin in the first municipality."""
    pin = cast.place_in("101")
    where = {"place-lat": pin["lat"], "place-lon": pin["lng"], "place-how": "gps", "place-accuracy": "12"}
    return client.post(reverse("reports:details", args=[draft.pk]), {**where, "do": "next", **more})


def code_sent() -> str:
    return str(re.findall(r"\b\d{6}\b", MemoryTransport.sent[-1].body)[-1])


def proved(client: Any, draft: Draft, mobile: str = MOBILE) -> Any:
    """Mobile and code; the answer to the code."""
    asked = client.post(
        reverse("reports:who", args=[draft.pk]), {"mobile": mobile, "name": "منيرة", "do": "send"}
    )
    assert asked.status_code == 302, text_of(asked)
    return client.post(reverse("reports:code", args=[draft.pk]), {"code": code_sent()})


def test_from_words_to_a_number_with_photo_and_voice_without_signing_in() -> None:
    client = anybody()
    page = text_of(client.get(reverse("reports:new"), {"q": "زبالة"}))
    assert "حاوية ممتلئة وحولها زبالة" in page
    draft = begun(client)
    voice = SimpleUploadedFile("voice.webm", sounds.webm(4), "audio/webm")
    answer = told(
        client, draft, photos=picture(), voice=voice, description="عند باب المدرسة", landmark="مسجد النور"
    )
    assert answer["Location"] == reverse("reports:who", args=[draft.pk])
    done = proved(client, draft)
    assert done["Location"] == reverse("reports:receipt", args=[draft.pk])
    draft.refresh_from_db()
    case = case_of(draft)
    assert (case.service, case.channel, case.applicant["mobile"]) == ("report", "portal", "+966500000077")
    assert case.applicant["name_ar"] == "منيرة" and case.data["place"]["accuracy"] == 12
    assert sorted(one.slot for one in uploads_of(f"case:{case.pk}")) == ["photos", "voice"]
    receipt = text_of(client.get(done["Location"]))
    assert numbers.show_case_number(case.pk) in receipt
    assert numbers.show_secret_8(secrets.digits_of(case.pk)) in receipt
    slip = client.get(reverse("reports:slip", args=[draft.pk, "80mm"]))
    assert slip["Content-Type"] == "application/pdf" and slip.content.startswith(b"%PDF")
    again = client.post(reverse("reports:code", args=[draft.pk]), {"code": "123456"})
    assert again["Location"] == reverse("reports:receipt", args=[draft.pk])
    assert Case.objects.filter(service="report").count() == 1 + _of_the_demo()


def _of_the_demo() -> int:
    return Case.objects.filter(service="report").exclude(applicant__mobile="+966500000077").count()


def test_a_report_of_somebody_else_is_not_there() -> None:
    mine, other = anybody(), anybody()
    draft = begun(mine)
    told(mine, draft, photos=picture())
    upload = Upload.objects.get(owner=f"draft:{draft.pk}")
    for client in (other, client_of("salem", kind="self"), client_of("fahad", kind="position")):
        for name in ("details", "similar", "who", "code", "receipt"):
            assert client.get(reverse(f"reports:{name}", args=[draft.pk])).status_code == 404, name
        assert client.get(reverse("reports:draft_file", args=[draft.pk, upload.pk])).status_code == 404
        assert client.post(reverse("reports:draft_upload", args=[draft.pk])).status_code == 404
    assert mine.get(reverse("reports:draft_file", args=[draft.pk, upload.pk])).status_code == 200


def test_text_alone_is_enough_when_the_place_is_not_known() -> None:
    client = anybody()
    draft = begun(client)
    details = reverse("reports:details", args=[draft.pk])
    refused = client.post(details, {"do": "next"})
    assert refused.status_code == 422 and "أين المشكلة؟" in text_of(refused)
    found = client.post(details, {"look": "place", "place-find": "شارع"})
    assert found.status_code == 200 and 'name="place-pick"' in found.content.decode()
    answer = client.post(details, {"landmark": "خلف مدرسة البنات", "do": "next"})
    assert answer["Location"] == reverse("reports:who", args=[draft.pk])
    proved(client, draft)
    draft.refresh_from_db()
    assert case_of(draft).municipality.code == "000"


def test_a_complaint_needs_words_or_a_voice_note_and_no_place() -> None:
    client = anybody()
    draft = begun(client, "RPT-1101")
    details = reverse("reports:details", args=[draft.pk])
    assert 'name="place-lat"' not in client.get(details).content.decode()
    refused = client.post(details, {"do": "next"})
    assert refused.status_code == 422 and "ما حدث" in text_of(refused)
    voice = SimpleUploadedFile("voice.m4a", sounds.mp4(4), "audio/mp4")
    assert client.post(details, {"do": "next", "voice": voice}).status_code == 302


def test_nameless_only_where_the_type_allows_it_and_no_more_than_ten_an_hour() -> None:
    client = anybody()
    draft = begun(client)
    told(client, draft)
    who = reverse("reports:who", args=[draft.pk])
    assert "بلاغ دون اسم" not in text_of(client.get(who))
    refused = client.post(who, {"do": "nameless"})
    assert refused.status_code == 422 and "رقم جوال" in text_of(refused)
    allowed = begun(client, "RPT-1106")
    client.post(reverse("reports:details", args=[allowed.pk]), {"description": "طلب مبلغا", "do": "next"})
    assert "بلاغ دون اسم" in text_of(client.get(reverse("reports:who", args=[allowed.pk])))
    done = client.post(reverse("reports:who", args=[allowed.pk]), {"do": "nameless"})
    assert done["Location"] == reverse("reports:receipt", args=[allowed.pk])
    allowed.refresh_from_db()
    applicant = case_of(allowed).applicant
    assert not any(
        applicant[name] for name in ("mobile", "name_ar", "email", "national_id") if name in applicant
    )
    assert "لا يمكننا إرسال شيء" in text_of(client.get(done["Location"]))
    RateWindow.objects.filter(key__startswith="report-nameless:").update(count=10)
    more = begun(client, "RPT-1106")
    client.post(reverse("reports:details", args=[more.pk]), {"description": "طلب مبلغا", "do": "next"})
    assert client.post(reverse("reports:who", args=[more.pk]), {"do": "nameless"}).status_code == 422


def test_a_sixth_open_report_of_one_number_is_refused_before_a_code_is_sent() -> None:
    for _ in range(5):
        filed("RPT-0201", reporter={"mobile": "+966500000077"})
    client = anybody()
    draft = begun(client, "RPT-0405")
    told(client, draft)
    sent = len(MemoryTransport.sent)
    refused = client.post(reverse("reports:who", args=[draft.pk]), {"mobile": MOBILE, "do": "send"})
    assert refused.status_code == 422 and "ما زالت مفتوحة" in text_of(refused)
    assert len(MemoryTransport.sent) == sent


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "الجوال"), ("0512", "الجوال"), ("0112345678", "الجوال")],
    ids=["none", "short", "landline"],
)
def test_a_number_that_is_no_mobile_is_told_beside_the_field(typed: str, said: str) -> None:
    client = anybody()
    draft = begun(client)
    told(client, draft)
    refused = client.post(reverse("reports:who", args=[draft.pk]), {"mobile": typed, "do": "send"})
    assert refused.status_code == 422 and said in text_of(refused)


def test_a_wrong_code_files_nothing() -> None:
    client = anybody()
    draft = begun(client)
    told(client, draft)
    client.post(reverse("reports:who", args=[draft.pk]), {"mobile": "٠٥٠٠٠٠٠٠٧٧", "do": "send"})
    wrong = "000000" if code_sent() != "000000" else "111111"
    refused = client.post(reverse("reports:code", args=[draft.pk]), {"code": wrong})
    assert refused.status_code == 422 and "الرمز" in text_of(refused)
    draft.refresh_from_db()
    assert draft.case_id is None
    assert client.post(reverse("reports:code", args=[draft.pk]), {"code": code_sent()}).status_code == 302


def test_what_is_near_is_offered_first_and_followed_by_a_proved_number() -> None:
    there = filed()
    client = anybody()
    draft = begun(client, "RPT-0104")
    answer = told(client, draft)
    assert answer["Location"] == reverse("reports:similar", args=[draft.pk])
    page = text_of(client.get(answer["Location"]))
    assert "حاوية ممتلئة وحولها زبالة" in page and "10 م" in page and "بجوار المسجد" not in page
    chosen = client.post(answer["Location"], {"follow": str(there.pk)})
    assert chosen["Location"] == reverse("reports:who", args=[draft.pk])
    followed = proved(client, draft)
    assert followed["Location"].startswith(reverse("reports:seen", args=[numbers.case_number(there.pk)]))
    assert Follower.objects.get(report_id=there.pk).mobile == "+966500000077"
    draft.refresh_from_db()
    assert draft.case_id is None
    fresh = begun(client, "RPT-0104")
    told(client, fresh)
    anew = client.post(reverse("reports:similar", args=[fresh.pk]), {"do": "new"})
    assert anew["Location"] == reverse("reports:who", args=[fresh.pk])
    strange = client.post(reverse("reports:similar", args=[fresh.pk]), {"follow": "26000000001"})
    assert strange.status_code == 404


def test_whoever_is_signed_in_is_asked_for_nothing_more() -> None:
    client = client_of("salem", kind="self")
    draft = begun(client, "RPT-0401")
    done = told(client, draft, pole="١٢٣٤")
    assert done["Location"] == reverse("reports:receipt", args=[draft.pk])
    draft.refresh_from_db()
    case = case_of(draft)
    assert case.account_id == cast.actor("salem", kind="self").account_id
    assert case.data["pole"]


def test_an_employee_reports_like_anybody() -> None:
    client = client_of("fahad", kind="position")
    draft = begun(client)
    assert (draft.clerk_id, draft.account_id) == (None, None)
    assert told(client, draft)["Location"] == reverse("reports:who", args=[draft.pk])


def test_the_reporter_sees_both_photos_and_confirms_in_one_tap(unjudged: None) -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    link = secrets.link_of(case.pk)
    client = anybody()
    tracked = client.post(
        reverse("portal:track"),
        {"number": numbers.case_number(case.pk), "secret": secrets.digits_of(case.pk)},
    )
    address = reverse("reports:report", args=[numbers.case_number(case.pk), link])
    assert tracked["Location"] == address
    short = client.get(reverse("portal:status", args=[numbers.case_number(case.pk), link]))
    assert short["Location"] == address
    page = client.get(address)
    shown = page.content.decode()
    assert "data-before-after" in shown and "رفعت النفايات وغسل الموقع" in shown and "نعم، عولجت" in shown
    assert page["Cache-Control"] == "no-store"
    photos = re.findall(r'<img src="([^"]+)"', shown)
    assert len(photos) == 2 and all(client.get(one).status_code == 200 for one in photos)
    done = client.post(
        reverse("reports:answer", args=[numbers.case_number(case.pk), link]), {"outcome": "confirm"}
    )
    assert done["Location"] == f"{address}?answered=confirm"
    case.refresh_from_db()
    assert case.state == "closed"
    assert "/rate/" not in client.get(address).content.decode()
    assert invite(case_id=case.pk) is not None
    assert f'href="/rate/{numbers.case_number(case.pk)}/' in client.get(address).content.decode()
    late = client.post(
        reverse("reports:answer", args=[numbers.case_number(case.pk), link]), {"outcome": "confirm"}
    )
    assert late.status_code == 422


def test_a_dispute_needs_a_reason_and_brings_its_photo(unjudged: None) -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    link = secrets.link_of(case.pk)
    answer = reverse("reports:answer", args=[numbers.case_number(case.pk), link])
    client = anybody()
    refused = client.post(answer, {"outcome": "dispute"})
    assert refused.status_code == 422
    bad = client.post(
        answer,
        {"outcome": "dispute", "reason": "RSN-71", "photo": SimpleUploadedFile("a.exe", b"MZ\x90\x00")},
    )
    assert bad.status_code == 422 and OpenTask.objects.filter(case=case, kind="choice").exists()
    done = client.post(
        answer, {"outcome": "dispute", "reason": "RSN-71", "note": "ما زالت هنا", "photo": picture()}
    )
    assert done.status_code == 302
    case = worked(Case.objects.get(pk=case.pk))
    assert case.stage == "recheck"
    last = History.objects.filter(case=case, act="chosen").latest("id")
    assert (last.note, list(last.reasons)) == ("ما زالت هنا", ["RSN-71"])
    upload = Upload.objects.get(owner=f"case:{case.pk}", slot="_dispute")
    assert PhotoCheck.objects.get(upload_id=upload.pk).state == "waiting"
    assert (
        client.get(
            reverse("reports:report_file", args=[numbers.case_number(case.pk), link, upload.pk])
        ).status_code
        == 200
    )


def test_four_weeks_later_the_page_asks_once_more(unjudged: None) -> None:
    case = finished(filed(), cast.member_of("contractor_naqa"))
    address = [numbers.case_number(case.pk), secrets.link_of(case.pk)]
    client = anybody()
    assert client.post(reverse("reports:still", args=address), {"fixed": "no"}).status_code == 422
    LaterQuestion.objects.create(report_id=case.pk, asked_at=clock.now())
    waiting = text_of(client.get(reverse("reports:report", args=address)))
    assert "هل عولجت المشكلة" in waiting
    assert "ما زالت المشكلة معالجة" not in waiting
    client.post(reverse("reports:answer", args=address), {"outcome": "confirm"})
    assert "ما زالت المشكلة معالجة" in text_of(client.get(reverse("reports:report", args=address)))
    assert client.post(reverse("reports:still", args=address), {"fixed": "no"}).status_code == 302
    assert Closing.objects.get(report_id=case.pk).verdict == Closing.Verdict.FALSE
    assert "ما زالت المشكلة معالجة" not in text_of(client.get(reverse("reports:report", args=address)))


def test_a_wrong_secret_reads_like_a_number_that_never_was() -> None:
    case = filed()
    client = anybody()
    wrong = client.get(reverse("reports:report", args=[numbers.case_number(case.pk), "A" * 22]))
    never = client.get(
        reverse("reports:report", args=[numbers.case_number(numbers.case_id(year=2026, serial=9)), "A" * 22])
    )
    assert wrong.status_code == never.status_code == 404
    for _ in range(6):
        slowed = client.get(reverse("reports:report", args=[numbers.case_number(case.pk), "12345678"]))
    assert slowed.status_code == 429 and slowed["Retry-After"]


def test_the_public_reads_types_places_and_states_and_nothing_of_anybody() -> None:
    shown, hidden = filed("RPT-0101"), filed("RPT-1102", answers={"place": None})
    client = anybody()
    page = client.get(reverse("reports:listed"))
    text = page.content.decode()
    assert numbers.case_number(shown.pk) in text and numbers.case_number(hidden.pk) not in text
    for secret in ("بجوار المسجد", REPORTER["mobile"], REPORTER["name_ar"]):
        assert secret not in text
    points = client.get(reverse("reports:points"), {"group": "GRP-WASTE"})
    assert points["Cache-Control"] == "public, max-age=60"
    found = {one["properties"]["number"]: one for one in points.json()["features"]}
    lng, lat = found[numbers.case_number(shown.pk)]["geometry"]["coordinates"]
    exact = Report.objects.get(pk=shown.pk)
    assert (lat, lng) != (exact.lat, exact.lng) and abs(lat - (exact.lat or 0)) < 0.0002
    remembered.forget()
    none = client.get(reverse("reports:points"), {"group": "GRP-FOOD", "district": "X"})
    assert none.json()["features"] == []
    assert client.get(reverse("reports:listed"), {"state": "odd"}).status_code == 400
    seen = client.get(reverse("reports:seen", args=[numbers.case_number(shown.pk)]))
    assert seen.status_code == 200 and "بجوار المسجد" not in seen.content.decode()
    assert client.get(reverse("reports:seen", args=[numbers.case_number(hidden.pk)])).status_code == 404


def test_places_of_types_that_point_at_a_door_are_rounded_coarsely() -> None:
    report = Report(type="RPT-0803", lat=24.123456, lng=46.654321)
    point = public_point(report)
    assert (
        point is not None
        and 10 < abs(point[0] - 24.123456) * 111_320 + abs(point[1] - 46.654321) * 111_320 < 260
    )


def test_a_photo_is_public_only_after_somebody_looked(unjudged: None) -> None:
    client, staff = anybody(), client_of("dana", kind="position")
    draft = begun(client)
    told(client, draft, photos=picture())
    proved(client, draft)
    draft.refresh_from_db()
    case = worked(case_of(draft))
    upload = Upload.objects.get(owner=f"case:{case.pk}", slot="photos")
    public = reverse("reports:photo", args=[upload.pk])
    assert client.get(public).status_code == 404
    queue = staff.get(reverse("reports:photos"))
    assert queue.status_code == 200 and upload.pk in queue.content.decode()
    assert staff.get(reverse("reports:photo_to_check", args=[upload.pk])).status_code == 200
    staff.post(reverse("reports:photos"), {"photo": upload.pk, "do": "show"})
    assert client.get(public).status_code == 200
    assert (
        upload.pk in client.get(reverse("reports:seen", args=[numbers.case_number(case.pk)])).content.decode()
    )
    staff.post(reverse("reports:photos"), {"photo": upload.pk, "do": "withhold"})
    assert client.get(public).status_code == 404
    assert client_of("fahad", kind="position").get(reverse("reports:photos")).status_code == 403


def test_the_list_goes_on_by_key_and_filters_stay() -> None:
    for _ in range(3):
        filed("RPT-0101", reporter={"mobile": ""}, channel="phone")
    from diwan.modules.reports.screens import public  # the size of a page is the module's own

    client = anybody()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(public, "PAGE", 2)
        first = client.get(reverse("reports:listed"), {"group": "GRP-WASTE"}).content.decode()
        older = re.search(r'href="(\?group=GRP-WASTE&amp;below=\d+)"', first)
        assert older is not None
        second = client.get(reverse("reports:listed") + older.group(1).replace("&amp;", "&"))
        assert second.status_code == 200 and "GRP-WASTE" in second.content.decode()


def test_the_card_of_the_service_starts_here() -> None:
    card = anybody().get(reverse("portal:service", args=["report"])).content.decode()
    assert reverse("reports:new") in card
    started = client_of("salem", kind="self").get(reverse("apply:start", args=["report"]))
    assert started["Location"] == reverse("reports:new")
