"""W4: the counter: visitors without account, by keyboard only, two at once, and two clerks at one window."""

import re
import subprocess
import time

import pytest
from PIL import Image

from tests.walks.stage import DESK, PHONE, Actor, Stage, squeeze

pytestmark = [pytest.mark.browser, pytest.mark.full]

HASSAN, AMAL = "1000000008", "1099000000"
SHOP = "4990000008"
#: Seconds that a clerk may wait for the machine at a change of user, typing apart; and for the whole renewal.
SWITCH, RENEWAL = 5.0, 180.0
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_walk(stage: Stage) -> None:
    licence = _licence_of_the_shop(stage)
    huda = stage.actor("huda", window=DESK).sign_in(next_path="/counter/")
    _no_slips(huda)
    huda.pair("window").accessible()
    began = time.monotonic()
    # Another telephone in each walk: five codes an hour go to one.
    mobile = f"5{time.time_ns() // 1000 % 10**8:08d}"
    hassan = _identified(huda, HASSAN, f"0{mobile}".translate(ARABIC))
    huda.sees("حسن علي صالح الحجار", "مؤكد من السجل", "موافقة المراجع", "ليس بعد")
    after = stage.catcher.last()
    _go(huda, "F8")
    huda.pair("consent").accessible()
    _second_visitor(stage, huda, hassan)
    _consented(stage, huda, after, f"+966{mobile}")
    huda.sees("برمز", "تجديد رخصة").pair("what")
    huda.page.keyboard.type(licence)
    _go(huda, "F9")
    huda.sees("تجديد: هل تغير شيء؟", "حسن علي صالح الحجار", "الإجمالي").pair("nothing-changed").accessible()
    _fits(huda, "button[value=renew]")
    _change_of_user_is_there(huda)
    _go(huda, "F9")
    took = time.monotonic() - began
    assert took < RENEWAL, f"the renewal took {took:.0f} s"
    number, secret = _receipt(huda)
    huda.pair("receipt").accessible()
    _prints(stage, huda, number)
    _history(stage, huda, number)
    _switched(stage, huda)
    _tracked(stage, number, secret)
    _ended(stage, number)
    print(f"renewal at the counter: {took:.1f} s")


def _go(clerk: Actor, key: str) -> None:
    """Press a key that leads to another page."""
    with clerk.page.expect_navigation():
        clerk.page.keyboard.press(key)


def _no_slips(clerk: Actor) -> None:
    """The window as it is in the morning: what an earlier walk left open is closed."""
    while clerk.page.locator(".counter-slips a:has(.muted), .counter-slips a[data-key^=Alt]").count():
        with clerk.page.expect_navigation():
            clerk.page.locator(".counter-slips a[data-key^=Alt]").first.click()
        for form in ("/take", "/close"):
            button = clerk.page.locator(f"form[action$='{form}'] button")
            if button.count():
                with clerk.page.expect_navigation():
                    button.first.click()
    clerk.open("/counter/")


def _licence_of_the_shop(stage: Stage) -> str:
    """The number on the paper that the visitor brings, read where the section head reads it."""
    nora = stage.actor("nora", window=DESK).sign_in(next_path=f"/desk/search?q={SHOP}")
    for address in [str(one.get_attribute("href")) for one in nora.page.locator("main td a").all()]:
        nora.open(address)
        found = re.search(r"(?<![\d+])\d{4}-?\d{4}-?\d{4}(?!\d)", nora.text("main"))
        if found:
            nora.close()
            return found.group().replace("-", "")
    raise AssertionError("no licence of the shop is found")


def _identified(clerk: Actor, identity: str, mobile: str) -> str:
    """A visitor's card typed without a mouse: Enter goes on to the next box, F9 looks up. The slip's address."""
    keyboard = clerk.page.keyboard
    clerk.until(
        lambda: clerk.page.evaluate("document.activeElement.name") == "national_id", "the focus on the id"
    )
    keyboard.type(identity)
    keyboard.press("Enter")
    clerk.until(
        lambda: clerk.page.evaluate("document.activeElement.name") == "mobile", "the focus on the mobile"
    )
    keyboard.type(mobile)
    _go(clerk, "F9")
    return clerk.path()


def _second_visitor(stage: Stage, huda: Actor, hassan: str) -> None:
    """Another visitor comes while the first looks for his phone; then back to the first by one key."""
    _go(huda, "F2")
    amal = _identified(huda, AMAL, "0502345678")
    assert amal != hassan
    huda.sees("أمل يوسف أحمد المرساوي", "حسن علي صالح الحجار").pair("second-visitor")
    _go(huda, "Alt+Digit1")
    assert huda.path() == hassan
    huda.sees("إرسال رمز جديد")


def _consented(stage: Stage, huda: Actor, after: int, mobile: str) -> None:
    """The visitor reads the code out; the clerk types it."""
    code, message = stage.catcher.code(after=after, to=mobile)
    assert "موافقتك" in message["text"], message["text"]
    huda.page.keyboard.type(code)
    _go(huda, "Enter")


def _fits(clerk: Actor, selector: str) -> None:
    """What has to be pressed is within the window without scrolling."""
    box = clerk.page.locator(selector).first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= DESK[1], f"{selector} ends at {box['y'] + box['height']:.0f}"


def _change_of_user_is_there(clerk: Actor) -> None:
    here = clerk.path()
    _go(clerk, "F4")
    clerk.sees("تبديل المستخدم")
    assert "/sign-in/" in clerk.path()
    with clerk.page.expect_navigation():
        clerk.page.go_back()
    assert clerk.path() == here


def _receipt(huda: Actor) -> tuple[str, str]:
    huda.sees("رقم الطلب", "رمز المتابعة")
    shown = [squeeze(one.inner_text()) for one in huda.page.locator(".big-number").all()]
    number, secret = (re.match(r"[\d-]+", one) for one in shown)
    assert number is not None
    assert secret is not None
    return number.group().replace("-", ""), secret.group().replace("-", "")


def _prints(stage: Stage, huda: Actor, number: str) -> None:
    """F8 prints A4 and F7 80 mm: each opens its PDF, which tells number, secret and who served."""
    for key, paper, wide in (("F8", "a4", 210), ("F7", "80mm", 80)):
        link = huda.page.locator(f"[data-key={key}]").first
        with huda.context.expect_page() as opened:
            huda.page.keyboard.press(key)
        opened.value.close()
        answer = huda.context.request.get(f"{stage.city.base}{link.get_attribute('href')}")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        file = stage.folder / f"{stage.walk}-{stage.next_number():02}-print-{paper}"
        pdf = file.with_suffix(".pdf")
        pdf.write_bytes(answer.body())
        said = re.sub(r"\D", "", _tool("pdftotext", "-layout", str(pdf), "-"))
        assert number in said, said
        size = re.search(r"Page size:\s+([\d.]+)", _tool("pdfinfo", str(pdf)))
        assert size is not None
        assert abs(float(size.group(1)) * 25.4 / 72 - wide) < 1
        _tool("pdftoppm", "-r", "80", "-png", "-singlefile", str(pdf), str(file))
        pdf.unlink()
        with Image.open(file.with_suffix(".png")) as picture:
            picture.convert("RGB").save(file.with_suffix(".jpg"), "JPEG", quality=70, optimize=True)
        file.with_suffix(".png").unlink()


def _tool(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def _history(stage: Stage, huda: Actor, number: str) -> None:
    """Who filed, and as what, is to be read in the history by the licensing section."""
    nora = stage.actor("nora", window=DESK).sign_in(next_path=f"/desk/case/{number}")
    nora.sees("هدى سليمان أحمد العطار", "خدمة العملاء", "حسن علي صالح الحجار")
    nora.pair("history", at=".timeline")
    nora.close()


def _switched(stage: Stage, huda: Actor) -> None:
    """The colleague takes the window over: user name, password, code, and the window is his."""
    majed = stage.city.person("majed")
    code = stage.city.code("majed")
    keys = 1
    _go(huda, "F4")
    huda.pair("change-of-user").accessible()
    began = time.monotonic()
    for text, last in ((majed["login"], "Enter"), (majed["password"], "Enter"), (code, "")):
        huda.page.keyboard.insert_text(text)
        keys += len(text) + 1
        if last:
            huda.page.keyboard.press(last)
    _go(huda, "Enter")
    huda.page.wait_for_load_state("load")
    took = time.monotonic() - began
    huda.sees("ماجد عمر راشد القلاف", "مراجع جديد")
    assert huda.path() == "/counter/"
    assert took < SWITCH, f"the change of user took {took:.1f} s"
    huda.sees("(زميل)").pair("switched")
    print(f"change of user: {took:.2f} s and {keys} keys")


def _tracked(stage: Stage, number: str, secret: str) -> None:
    """At home, without account: number and secret of the slip."""
    visitor = stage.actor(window=PHONE).open("/track")
    visitor.page.fill("main input[name=number]", number)
    visitor.page.fill("main input[name=secret]", secret)
    with visitor.page.expect_navigation():
        visitor.page.click("main form button[type=submit]")
    visitor.sees("عند من الآن", "السداد").sees_not("حسن علي")
    visitor.pair("tracked").accessible()
    visitor.close()


def _ended(stage: Stage, number: str) -> None:
    """The walk can be walked again: whoever filed takes the request back, and both slips are closed."""
    again = stage.actor("huda", window=DESK).sign_in(next_path=f"/desk/case/{number}")
    again.sees("قدم من هذا الشباك", "إيصال 80 مم").pair("filed-here", at="form[action$='/withdraw']")
    again.page.locator("summary:has-text('سحب الطلب')").click()
    with again.page.expect_navigation():
        again.page.click("form[action$='/withdraw'] button")
    again.sees("سحب")
    again.open("/counter/")
    _no_slips(again)
    again.close()
