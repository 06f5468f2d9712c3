"""W1: the instant licence on a telephone, in Arabic, by a resident with an iqama and nobody else."""

import re

import pytest

from tests.journeys import applying
from tests.journeys.applying import Answers, Found
from tests.walks import filling
from tests.walks.stage import Actor, Stage

pytestmark = [pytest.mark.browser, pytest.mark.full]

SLUG = "shop-licence-instant"
SHOP = "مشغل غرزة مريم"
#: In Al Mina, as the telephone tells it.
HERE = {"latitude": 25.6247, "longitude": 36.9747, "accuracy": 12}
BOTH = re.compile(r"\d{1,2} \S+ 14\d\dهـ.*20\d\dم")


def test_the_instant_licence(stage: Stage) -> None:
    """Every step of the walk, one after another."""
    after = stage.catcher.last()
    maryam = stage.actor("maryam", geolocation=HERE, permissions=["geolocation"])
    _finds(maryam)
    _calculates(maryam)
    _signs_in(stage, maryam)
    _leaves_and_comes_back(maryam)
    _reviews(maryam)
    number, secret = _sends(maryam)
    _pays(stage, maryam)
    _has_the_licence(stage, maryam, number)
    _was_told(stage, number, after=after)


def _finds(maryam: Actor) -> None:
    maryam.open("/")
    assert maryam.page.evaluate("document.documentElement.dir") == "rtl"
    first = maryam.page.evaluate("document.body.innerText.trim().split('\\n').find(line => line.trim())")
    stamp = maryam.text()
    assert stamp.index("الموقع الرسمي") < stamp.index("ديوان"), first
    maryam.pair("home")
    maryam.page.fill("main input[name=q]", "رخصه محل")
    maryam.page.keyboard.press("Enter")
    maryam.page.wait_for_url("**/search*")
    hits = maryam.page.locator("main a[href^='/services/']")
    assert hits.first.get_attribute("href") == f"/services/{SLUG}", hits.first.inner_text()
    maryam.shot("search")
    hits.first.click()
    maryam.page.wait_for_url(f"**/services/{SLUG}")
    maryam.sees(
        "ما الذي أحتاجه",
        "صورة الواجهة من الشارع",
        "الخطوات",
        "كم الرسم",
        "كم يستغرق",
        "فوري بعد السداد",
        "أين",
        "هذا الموقع",
    )
    maryam.pair("card")


def _calculates(maryam: Actor) -> None:
    page = maryam.page
    page.fill("[name=activities-find]", "خياطة")
    page.locator("input[name=activities][value='952902']").check()
    page.fill("[name=area_m2]", "٤٠")
    page.check("[name=has_sign][value=no]")
    page.check("[name=cleaning][value=fee]")
    page.fill("[name=years]", "١")
    page.check("[name=wants_card][value=no]")
    page.locator("#calculator button:not(.visually-hidden)", has_text="حساب الرسم").click()
    maryam.sees("40 م² × 6.50", "الإجمالي", "560.00", within="#calculator")
    maryam.pair("fee", at="#calculator [role=status]")


def _signs_in(stage: Stage, maryam: Actor) -> None:
    after = maryam.ask_code(login="٢١٢٣٤٥٦٧٨٨", next_path=f"/services/{SLUG}")
    maryam.shot("code")
    code, _ = stage.catcher.code(after=after)
    maryam.paste_code(code)
    assert maryam.path() == f"/services/{SLUG}"


def _answers() -> Answers:
    fields = applying.shop(activities=Found("خياطة", "952902"))
    del fields["place"]
    return Answers(fields, {"facade": [applying.photo("الواجهة", width=3000)]})


def _leaves_and_comes_back(maryam: Actor) -> None:
    """The pin is set by the telephone's own place; the browser is closed at the third page."""
    filling.begin(maryam, SLUG, name=SHOP)
    answers = _answers()
    filling.fill(maryam, answers, stop_before="premises")
    filling.answer(maryam, answers)
    maryam.page.click("[data-locate]")
    maryam.until(lambda: maryam.page.input_value("[data-lat]"), "a pin")
    maryam.pair("pin", at="[data-pin]")
    filling.go_on(maryam)
    assert filling.key_of(maryam) == "right"
    maryam.page.fill("[name=lease_number]", answers.fields["lease_number"]) if maryam.page.locator(
        "[name=lease_number]"
    ).count() else None
    left = maryam.page.url
    maryam.close_and_reopen().open("/my")
    maryam.click(f"main a[href*='{left.split('/apply/')[1].split('/p/')[0]}']")
    maryam.page.wait_for_url(left)
    filling.fill(maryam, answers)


def _reviews(maryam: Actor) -> None:
    maryam.sees("سيقبل الطلب كما هو", "الإجمالي")
    maryam.pair("review")


def _sends(maryam: Actor) -> tuple[str, str]:
    page = maryam.page
    page.locator("main form[action$='/review'] button[type=submit]").click()
    maryam.sees("تم استلام طلبكم")
    shown, secret = [re.sub(r"\D", "", one) for one in page.locator(".big-number bdi").all_inner_texts()]
    assert 11 <= len(shown) <= 12, shown
    maryam.pair("receipt")
    page.click(f"main a[href='/case/{shown}']")
    return shown, secret


def _pays(stage: Stage, maryam: Actor) -> None:
    maryam.until(lambda: maryam.page.locator("[data-copy]").count() == 2, "a bill")
    biller, bill = [str(one.get_attribute("data-copy")) for one in maryam.page.locator("[data-copy]").all()]
    maryam.sees("رمز المفوتر", "رقم الفاتورة", "السداد قبل", "ننتظر إشعار")
    maryam.pair("bill")
    bank = maryam.context.new_page()
    address = f"{stage.city.payments}/bank?biller_code={biller}&bill_number={bill}"
    maryam.until(
        lambda: (bank.goto(address) or bank).ok if False else bank.goto(address).ok, "the bill at the bank"
    )
    bank.screenshot(path=str(stage.folder / "bank.png"))
    bank.locator("form[action='/bank/pay'] button").click()
    bank.close()
    took = maryam.until(
        lambda: maryam.page.locator("main a[href*='/document/']").count(), "the licence", seconds=10
    )
    print(f"{took:.1f} s from payment to licence")


def _has_the_licence(stage: Stage, maryam: Actor, number: str) -> None:
    maryam.pair("licence")


def _was_told(stage: Stage, number: str, *, after: int) -> None:
    pass
