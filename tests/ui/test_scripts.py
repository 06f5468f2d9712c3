"""What the scripts do for people: nothing typed is lost, nothing is sent twice, keys are places on the keyboard."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.ui.conftest import Opener

pytestmark = pytest.mark.browser


def seen(gallery: str, what: str = "") -> list[dict[str, Any]]:
    """What the scripts sent to the gallery."""
    with urlopen(f"{gallery}/seen") as answer:
        return [one for one in json.load(answer) if not what or one["what"] == what]


@pytest.fixture(autouse=True)
def _forget(gallery: str) -> None:
    urlopen(f"{gallery}/seen?forget&break=0").close()


def break_next(gallery: str, count: int) -> None:
    """Let the next requests of scripts fail."""
    urlopen(f"{gallery}/seen?break={count}").close()


def test_typed_text_is_on_the_server_three_seconds_later(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form")
    page.fill("#id_trade_name", "مخبز السنابل")
    expect(page.locator("[data-autosave-note]")).to_have_text("حُفظ 10:42", timeout=8000)
    (sent,) = seen(gallery, "autosave")
    assert sent["trade_name"] == "مخبز السنابل" and sent["idempotency_key"] == "k1"


def test_a_broken_connection_keeps_the_form_and_tries_again(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form")
    break_next(gallery, 1)
    page.fill("#id_trade_name", "مخبز السنابل")
    expect(page.locator(".offline-bar")).to_be_visible(timeout=8000)
    expect(page.locator("[data-autosave-note]")).to_have_text("حُفظ 10:42", timeout=8000)
    expect(page.locator(".offline-bar")).to_have_count(0)
    assert [one["trade_name"] for one in seen(gallery, "autosave")] == ["مخبز السنابل"]


def test_text_is_saved_when_the_page_is_left(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form")
    page.fill("#id_trade_name", "آخر ما كتب")
    page.goto(f"{gallery}/room/portal")
    assert [one["trade_name"] for one in seen(gallery, "autosave")] == ["آخر ما كتب"]


def test_two_clicks_send_once_and_the_answer_is_shown(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form")
    page.locator("main button.btn-primary").evaluate("b => { b.click(); b.click(); }")
    expect(page.locator("h1")).to_have_text("متابعة طلب رخصة محل")
    assert len(seen(gallery, "submit")) == 1
    page.locator("[data-copy]").click()
    expect(page.locator("[data-copy-word]")).to_have_text("تم النسخ")


def test_a_submission_into_a_broken_connection_is_sent_again_with_the_same_key(
    open_page: Opener, gallery: str
) -> None:
    page = open_page("room/portal/form")
    page.fill("#id_trade_name", "باق")
    break_next(gallery, 1)
    page.click("main button.btn-primary")
    expect(page.locator(".offline-bar")).to_be_visible()
    assert page.input_value("#id_trade_name") == "باق"
    expect(page.locator("h1")).to_have_text("متابعة طلب رخصة محل", timeout=10000)
    assert [one["idempotency_key"] for one in seen(gallery, "submit")] == ["k1"]


@cache
def photo(width: int, height: int) -> bytes:
    """A large JPEG with a place in its EXIF."""
    noise = Image.effect_noise((width, height), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (24.0, 42.0, 0.0), 3: "E", 4: (46.0, 42.0, 0.0)}
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def test_photos_are_shrunk_and_sent_one_after_another_through_a_break(
    open_page: Opener, gallery: str
) -> None:
    page = open_page("room/portal/form")
    big = photo(3600, 2700)
    assert len(big) > 3_000_000
    break_next(gallery, 1)
    page.set_input_files(
        "#id_photos",
        [
            FilePayload(name="IMG_1.jpeg", mimeType="image/jpeg", buffer=big),
            FilePayload(name="2.png", mimeType="image/png", buffer=b"\x89PNG small"),
        ],
    )
    box = page.locator("#id_photos-field")
    expect(box.locator("[data-files] li")).to_have_count(3, timeout=30000)
    expect(box.locator("[data-upload-state]")).to_have_text("2 من 2 · تم الرفع", timeout=30000)
    sent = seen(gallery, "upload")
    assert [one["slot"] for one in sent] == ["photos", "photos"]
    assert len({one["key"] for one in sent}) == 2
    assert (
        box.locator("[data-files] li").nth(1).locator(".num").inner_text() != f"{len(big) / 1e6:.1f} ميغابايت"
    )


def test_a_button_pressed_during_an_upload_is_pressed_again_when_the_file_is_there(
    open_page: Opener, gallery: str
) -> None:
    page = open_page("room/portal/form")
    break_next(gallery, 1)
    paper = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"%PDF" + bytes(30_000))
    page.set_input_files("#id_lease", [paper])
    page.click("main button.btn-primary")
    expect(page.locator("main .field-note", has_text="ما زال الملف يُرفع")).to_be_visible()
    expect(page.locator("#id_lease-field [data-upload-state]")).to_contain_text("انتظار الاتصال")
    expect(page.locator("h1")).to_have_text("متابعة طلب رخصة محل", timeout=15000)
    assert [one["what"] for one in seen(gallery)][-2:] == ["upload", "submit"]


def test_a_file_sent_after_the_session_ended_does_not_count_as_arrived(
    open_page: Opener, gallery: str
) -> None:
    page = open_page("room/portal/form")
    page.route(
        "**/upload", lambda route: route.fulfill(status=302, headers={"Location": "/room/portal/form"})
    )
    paper = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"%PDF" + bytes(3000))
    page.set_input_files("#id_lease", [paper])
    box = page.locator("#id_lease-field")
    expect(box.locator("[data-upload-state]")).to_contain_text("انتهت الجلسة")
    expect(box.locator("[data-files] li")).to_have_count(0)


def test_a_refused_file_keeps_the_person_on_the_page(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form")
    page.evaluate("document.querySelector('#id_lease-field').dataset.limit = '1000'")
    big = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=bytes(2_000_000))
    page.evaluate("document.getElementById('shop').uploads = 1")
    page.click("main button.btn-primary")
    expect(page.locator("main .field-note", has_text="ما زال الملف يُرفع")).to_be_visible()
    page.set_input_files("#id_lease", [big])
    expect(page.locator("#id_lease-field [data-upload-state]")).to_contain_text("1 كيلوبايت")
    expect(page.locator("main .field-note", has_text="ما زال الملف يُرفع")).to_have_count(0)
    assert seen(gallery, "submit") == []


def test_an_uploaded_paper_looks_as_it_does_after_reloading(open_page: Opener) -> None:
    page = open_page("room/portal/form")
    box = page.locator("#id_lease-field")
    expect(box.locator("[data-received]")).to_be_hidden()
    paper = FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"%PDF" + bytes(30_000))
    page.set_input_files("#id_lease", [paper])
    expect(box.locator("[data-received]")).to_be_visible()
    expect(box.locator("[data-files] .num")).to_have_text("30 كيلوبايت")
    assert box.locator("[data-files] svg.icon").count() == 2


def test_a_shrunk_photo_keeps_its_place_and_is_upright(open_page: Opener) -> None:
    page = open_page("room/portal/form")
    buffer = FilePayload(name="IMG_1.jpeg", mimeType="image/jpeg", buffer=photo(3600, 2700))
    with page.expect_response("**/upload", timeout=90_000) as answer:
        page.set_input_files("#id_lease", [buffer])
    told = answer.value.json()
    assert told["exif"] and told["size"] < 3_000_000 and told["name"] == "IMG_1.jpg"


def test_an_empty_file_is_refused_in_words(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form")
    page.set_input_files("#id_lease", [FilePayload(name="a.pdf", mimeType="application/pdf", buffer=b"")])
    expect(page.locator("#id_lease-field [data-upload-state]")).to_contain_text("الملف فارغ")
    assert seen(gallery, "upload") == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("١١", "٦", "١٤٤٨", "hijri"), "السبت، 21 نوفمبر 2026"),
        (("30", "6", "1448", "hijri"), "هذا الشهر 29 يوما"),
        (("21", "11", "2026", "gregorian"), "1448/06/11"),
        (("31", "2", "2026", "gregorian"), "لا يوجد تاريخ كهذا"),
    ],
)
def test_a_typed_date_is_shown_in_the_other_calendar(
    open_page: Opener, typed: tuple[str, str, str, str], told: str
) -> None:
    page = open_page("room/portal/form")
    boxes = page.locator("[data-date-boxes]").first
    boxes.locator(f"input[value={typed[3]}]").check(force=True)
    for part, value in zip(("day", "month", "year"), typed, strict=False):
        boxes.locator(f"[data-part={part}]").fill(value)
    expect(page.locator("[data-other-calendar]").first).to_contain_text(told)


def test_the_code_field_takes_any_digits_and_waits_before_another_code(open_page: Opener) -> None:
    page = open_page("room/portal/form")
    page.fill("#id_code", "١٢٣ ٤٥٦")
    assert page.input_value("#id_code") == "123456"
    assert page.locator("#id_code").get_attribute("autocomplete") == "one-time-code"
    page.locator("details", has=page.locator("[data-resend]")).locator("summary").click()
    expect(page.locator("[data-resend]")).to_be_disabled()
    expect(page.locator("[data-resend]")).to_be_enabled(timeout=6000)


def test_the_error_summary_has_the_focus_and_leads_to_the_field(open_page: Opener) -> None:
    page = open_page("room/portal/form")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.locator("#error-summary a").press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_owner"


def test_keys_work_by_their_place_under_the_arabic_layout(open_page: Opener) -> None:
    page = open_page("room/desk", width=1280)
    page.evaluate(
        "document.querySelector('[data-key=KeyA]').addEventListener('click', () => { window.approved = true; })"
    )
    press = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
    page.evaluate(press, ["ت", "KeyJ"])
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/room/desk?2"
    page.evaluate(press, ["ش", "KeyA"])
    assert page.evaluate("window.approved") is True
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#shortcut-help")).to_be_visible()
    expect(page.locator("#shortcut-help")).to_contain_text("الموافقة")


def test_single_keys_are_silent_while_typing_and_when_turned_off(open_page: Opener) -> None:
    page = open_page("room/desk", width=1280, cookies={"ui_shortcuts": "off"})
    page.evaluate(
        "document.querySelector('[data-key=KeyA]').addEventListener('click', () => { window.approved = true; })"
    )
    page.keyboard.press("a")
    assert page.evaluate("window.approved") is None
    page = open_page("room/desk", width=1280)
    page.locator("#id_note").press("Slash")
    assert page.evaluate("document.activeElement.id") == "id_note"


def test_an_idle_page_locks_and_keeps_what_was_typed(open_page: Opener, gallery: str) -> None:
    page = open_page("room/desk", width=1280)
    page.fill("#id_note", "نصف ملاحظة")
    page.evaluate("document.dispatchEvent(new Event('diwan:lock'))")
    expect(page.locator("#idle-lock")).to_be_visible()
    assert page.locator("#id_note").is_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#idle-lock")).to_be_visible()
    page.fill("#unlock-password", "wrong")
    page.locator("#idle-lock .btn-primary").click()
    expect(page.locator("[data-unlock-error]")).to_have_text("كلمة المرور غير صحيحة. أعد المحاولة.")
    page.fill("#unlock-password", "right")
    page.locator("#idle-lock .btn-primary").click()
    expect(page.locator("#idle-lock")).to_be_hidden()
    assert page.input_value("#id_note") == "نصف ملاحظة"
    assert len(seen(gallery, "lock")) == 1


def test_the_pin_is_put_by_a_tap_moved_by_keys_and_told_in_words(open_page: Opener) -> None:
    page = open_page("room/portal/form")
    page.locator("[data-map]").click(position={"x": 100, "y": 150})
    words = page.locator("[data-pin-text]")
    expect(words).to_contain_text("حي النخيل")
    before = page.input_value("[data-lat]")
    page.locator(".pin-icon").focus()
    page.keyboard.press("ArrowUp")
    assert float(page.input_value("[data-lat]")) > float(before)
    expect(page.locator(".pin-icon")).to_have_attribute("aria-label", "علامة الموقع. تتحرك بمفاتيح الأسهم.")


def test_a_refused_location_leaves_other_ways(open_page: Opener) -> None:
    page = open_page("room/portal/form", permissions=[])
    page.locator("[data-locate]").click()
    expect(page.locator("[data-pin-text]")).to_contain_text("اختر شارعا أو معلما")


def test_a_pin_remembers_how_it_was_set(open_page: Opener) -> None:
    """By location with its accuracy, by a street or landmark, or on the map; the last way counts."""
    here = {"latitude": 24.651, "longitude": 46.702, "accuracy": 17.4}
    page = open_page("room/portal/form", permissions=["geolocation"], geolocation=here)
    how, accuracy = page.locator("[data-pin-how]"), page.locator("[data-pin-accuracy]")
    expect(how).to_have_value("")
    page.locator("[data-locate]").click()
    expect(how).to_have_value("gps")
    expect(accuracy).to_have_value("17")
    expect(page.locator("[data-lat]")).to_have_value("24.651000")
    page.locator("#place_pick1").check()
    expect(how).to_have_value("search")
    expect(accuracy).to_have_value("")
    expect(page.locator("[data-lat]")).to_have_value("24.660000")
    page.locator(".pin-icon").focus()
    page.keyboard.press("ArrowUp")
    expect(how).to_have_value("map")
    expect(page.locator("#place_pick1")).not_to_be_checked()


def test_reading_tools_change_the_page_at_once_and_are_remembered(open_page: Opener) -> None:
    page = open_page("room/portal")
    with page.expect_response("**/ui/preferences"):
        page.locator(".prefs-tools [value='2']").click()
    with page.expect_response("**/ui/preferences"):
        page.locator(".prefs-tools [name=contrast]").click()
    page.reload()
    assert {"text-2", "contrast-high"} <= set(
        str(page.evaluate("document.documentElement.className")).split()
    )


def test_switching_the_language_keeps_what_was_typed(open_page: Opener) -> None:
    page = open_page("room/portal/form")
    page.evaluate("document.querySelector('#shop').removeAttribute('data-autosave-url')")
    page.fill("#id_trade_name", "مخبز السنابل")
    page.locator("[data-language-switch] button").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#id_trade_name")).to_have_value("مخبز السنابل")


def test_the_document_viewer_turns_zooms_and_remembers(open_page: Opener) -> None:
    page = open_page("room/desk", width=1280)
    frame = page.locator("[data-doc-frame]")
    page.locator("[data-doc=next]").click()
    page.locator("[data-doc=turn]").click()
    page.locator("[data-doc=zoom-in]").click()
    expect(frame).to_have_class("doc-frame zoom-125 turn-1")
    page.reload()
    expect(frame.locator("img")).to_have_attribute("alt", "الصك")


def test_everything_needed_is_there_without_javascript(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form", java_script_enabled=False)
    assert page.locator("#id_lease").is_visible()
    assert not page.locator("[data-map]").is_visible()
    page.fill("#id_deed_date", "11")
    page.locator("main button.btn-primary").click()
    (sent,) = seen(gallery, "submit")
    assert sent["deed_date-day"] == "11" and sent["deed_date-calendar"] == "hijri"
    text_size(page)


def text_size(page: Page) -> None:
    """The reading tools work by an ordinary post too."""
    page.goto(page.url.rsplit("/submit", 1)[0] + "/room/portal")
    page.locator(".prefs-tools [value='1']").click()
    assert page.locator("html").get_attribute("class") == "text-1"


def test_enter_in_a_field_goes_on_and_presses_no_other_button(open_page: Opener, gallery: str) -> None:
    page = open_page("room/portal/form", java_script_enabled=False)
    page.locator("#id_trade_name").press("Enter")
    page.wait_for_url("**/submit")
    assert len(seen(gallery, "submit")) == 1
