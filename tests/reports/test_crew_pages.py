"""The crew's pages: the drive, arrival, photos, words, the place; refusals beside their field; another contractor's."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from diwan.audit.models import AuditRow
from diwan.cases.models import Case, NoteDraft, OpenTask
from diwan.files.queries import uploads_of
from diwan.kit.numbers import case_number
from diwan.modules.reports.models import Arrival, Closing, Report
from tests import cast
from tests.reports.reporting import browser, filed, photo, worked

pytestmark = pytest.mark.usefixtures("city")

Browser = Callable[..., Client]


@pytest.fixture
def crew() -> Client:
    """The supervisor of the cleansing contractor."""
    return browser("naqa.hamad")


def at(case: Case, name: str = "work_page") -> str:
    return reverse(f"reports:{name}", args=[case_number(case.pk)])


def form_of(case: Case, **more: Any) -> dict[str, Any]:
    """The form of the work as the page sends it, from a device at the place."""
    case.refresh_from_db()
    report = Report.objects.get(pk=case.pk)
    task = cast.waiting(case, "contractor_work")
    said = {
        "task": task.pk, "revision": case.revision, "words": "", "quick": ["WP-01"], "lat": report.lat,
        "lng": report.lng, "accuracy": "8",
    }  # fmt: skip
    return {**said, **more}


def picture(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{name}.jpg", photo().read(), "image/jpeg")


def both() -> dict[str, Any]:
    return {"_before": picture("before"), "_after": picture("after")}


def test_the_list_drives_from_where_the_device_stands_and_marks_the_urgent(crew: Client) -> None:
    first, second, urgent = filed(), filed(town="102"), filed("RPT-0108")
    page = crew.get(reverse("reports:work"))
    lines = page.context["lines"]
    assert lines[0]["case"].pk == urgent.pk
    assert {line["case"].pk for line in lines} == {first.pk, second.pk, urgent.pk}
    text = page.content.decode()
    assert text.count("is-urgent") == 1 and text.count("عاجل") >= 1 and text.count('href="geo:') == 3
    spot = Report.objects.get(pk=second.pk)
    crew.post(reverse("reports:work_from_here"), {"lat": spot.lat, "lng": spot.lng, "accuracy": "10"})
    lines = crew.get(reverse("reports:work")).context["lines"]
    assert lines[0]["case"].pk == urgent.pk and all(line["far"] for line in lines)
    crew.post(reverse("reports:work_from_here"), {"do": "forget"})
    assert not crew.get(reverse("reports:work")).context["from_here"]
    crew.post(reverse("reports:work_from_here"), {"lat": "nan", "lng": "1e999", "accuracy": "-1"})
    assert not crew.get(reverse("reports:work")).context["from_here"]


def test_a_contractor_sees_only_its_own(crew: Client) -> None:
    case = filed()
    crew.post(at(case, "work_upload"), {"slot": "_after", "file": picture("after")})
    (upload,) = uploads_of(f"work:{case.pk}")
    other = browser("diyaa.faris")
    assert other.get(reverse("reports:work")).context["lines"] == []
    never = reverse("reports:work_page", args=[case_number(case.pk + 400_000)])
    real, absent = other.get(at(case)), other.get(never)
    assert (real.status_code, absent.status_code) == (404, 404)
    shown = [page.content.decode().replace(case_number(case.pk), "N").replace(case_number(case.pk + 400_000), "N")
             for page in (real, absent)]  # fmt: skip
    assert shown[0] == shown[1]
    for name in ("work_save", "work_done", "work_bounce", "work_here", "work_crew", "work_upload"):
        assert other.post(at(case, name), form_of(case)).status_code == 404, name
    file = reverse("reports:work_file", args=[case_number(case.pk), upload.pk])
    assert (other.get(file).status_code, crew.get(file).status_code) == (404, 200)
    assert other.post(f"{file}/remove").status_code == 404
    assert (
        Closing.objects.count() == 0 and OpenTask.objects.filter(case=case, step="contractor_work").exists()
    )
    assert browser("salem").get(at(case)).status_code == 403


def test_arrival_photos_words_and_place_close_the_work_without_a_script(crew: Client) -> None:
    case = filed()
    page = crew.get(at(case)).content.decode()
    assert "بجوار المسجد" in page and 'capture="environment"' in page and "geo:" in page
    report = Report.objects.get(pk=case.pk)
    assert (
        crew.post(at(case, "work_here"), {"lat": report.lat, "lng": report.lng, "accuracy": "5"}).status_code
        == 302
    )
    arrival = Arrival.objects.get(report=report)
    assert arrival.distance is not None and arrival.distance < 1
    crew.post(at(case, "work_here"), {})
    assert Arrival.objects.count() == 1
    assert AuditRow.objects.filter(action="reports.report.arrived", object_id=str(case.pk)).count() == 1
    done = crew.post(at(case, "work_done"), {**form_of(case, words="وعقم الموقع"), **both()})
    assert done.status_code == 302
    closing = Closing.objects.get(report=report)
    assert (closing.words, closing.proof) == ("رفعت المخلفات ونظف الموقع. وعقم الموقع", "proven")
    assert len(closing.before) == len(closing.after) == 1
    assert crew.get(at(case)).status_code == 404


def test_the_same_form_again_after_the_connection_came_back_closes_once(crew: Client) -> None:
    case = filed()
    form = form_of(case)
    sent = [crew.post(at(case, "work_done"), {**form, **both()}).status_code for _ in range(2)]
    assert sent == [302, 302]
    assert Closing.objects.filter(report_id=case.pk).count() == 1
    key = {"Idempotency-Key": "one-key-of-a-photo"}
    other = filed()
    ids = {
        crew.post(at(other, "work_upload"), {"slot": "_before", "file": picture("b")}, headers=key).json()[
            "id"
        ]
        for _ in "12"
    }
    assert len(ids) == len(uploads_of(f"work:{other.pk}")) == 1


def test_refusals_stand_beside_their_field_and_nothing_typed_is_lost(crew: Client) -> None:
    case = filed()
    page = crew.post(at(case, "work_done"), form_of(case, words="كنسنا الشارع"))
    assert page.status_code == 422 and set(page.context["errors"]) == {"before", "after"}
    text = page.content.decode()
    assert "كنسنا الشارع" in text and 'value="WP-01" checked' in text and 'id="id_before-error"' in text
    crew.post(at(case, "work_upload"), {"slot": "_before", "file": picture("before")})
    page = crew.post(at(case, "work_done"), form_of(case))
    assert set(page.context["errors"]) == {"after"}
    page = crew.post(
        at(case, "work_done"), {**form_of(case, lat="24.0", lng="46.0"), "_after": picture("after")}
    )
    assert (
        set(page.context["errors"]) == {"far_why"}
        and '<details class="work-more" open>' in page.content.decode()
    )
    assert len(uploads_of(f"work:{case.pk}")) == 2
    page = crew.post(at(case, "work_done"), form_of(case, quick=[], words="تم"))
    assert set(page.context["errors"]) == {"words"}
    text_file = SimpleUploadedFile("notes.jpg", b"not a photo at all", "image/jpeg")
    page = crew.post(at(case, "work_done"), {**form_of(case), "_after": text_file})
    assert set(page.context["errors"]) == {"after"}
    page = crew.post(at(case, "work_bounce"), form_of(case, bounce_note="ليس عندنا"))
    assert set(page.context["errors"]) == {"reason"} and "ليس عندنا" in page.content.decode()
    far = form_of(case, lat="24.0", lng="46.0", far_why="نقلت الحاوية إلى المستودع")
    assert crew.post(at(case, "work_done"), far).status_code == 302
    assert Closing.objects.get(report_id=case.pk).proof == "far"
    assert worked(case).stage == "verify"


def test_what_is_typed_is_kept_every_few_seconds_and_photos_can_be_taken_back(crew: Client) -> None:
    case = filed()
    answer = crew.post(at(case, "work_save"), {"words": "نصف جملة", "quick": ["WP-04"], "far_why": "سبب"})
    assert set(answer.json()) == {"saved_at"}
    page = crew.get(at(case))
    assert (page.context["words"], page.context["quick"], page.context["far_why"]) == (
        "نصف جملة",
        ["WP-04"],
        "سبب",
    )
    made = crew.post(at(case, "work_upload"), {"slot": "_after", "file": picture("after")}).json()
    gone = crew.post(made["remove_url"], {"words": "أطول"})
    assert gone.status_code == 302 and uploads_of(f"work:{case.pk}") == []
    assert NoteDraft.objects.get(case_id=case.pk).content["note"] == "أطول"
    assert crew.post(at(case, "work_upload"), {"slot": "photos", "file": picture("x")}).status_code == 404
    bad = SimpleUploadedFile("x.jpg", b"MZ not a picture", "image/jpeg")
    assert crew.post(at(case, "work_upload"), {"slot": "_after", "file": bad}).status_code == 422


def test_not_ours_goes_back_and_the_supervisor_gives_work_to_a_crew(crew: Client) -> None:
    case, kept = filed(), filed()
    assert crew.post(at(case, "work_crew"), {"crew": "NAQA-2"}).status_code == 302
    assert Report.objects.select_related("crew").get(pk=case.pk).crew.code == "NAQA-2"  # type: ignore[union-attr]
    lines = crew.get(reverse("reports:work") + "?crew=NAQA-2").context["lines"]
    assert case.pk in {line["case"].pk for line in lines}
    assert crew.post(at(case, "work_crew"), {"crew": "DIYAA-1"}).status_code == 422
    sent = crew.post(at(case, "work_bounce"), form_of(case, reason="RSN-69", bounce_note="خارج العقد"))
    assert sent.status_code == 302
    assert worked(case).stage == "dispatch"
    assert [line["case"].pk for line in crew.get(reverse("reports:work")).context["lines"]] == [kept.pk]
