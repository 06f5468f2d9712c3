"""U3: the wrong person: every door is closed in the same words, and the log tells who stood before it."""

from collections.abc import Iterator

import pytest

from tests.journeys.city import Cast, Person
from tests.journeys.following import Receipt
from tests.walks import borrowed, desk
from tests.walks.stage import DESK, PHONE, Actor, Stage

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.usefixtures("registers_tried_again")]

NEVER = "26999999990"
MARYAMS = "مشغل غرزة مريم"
WAFAS = "مكتبة المداد"
SAME_PERSON = ("سبق لك إجراء في هذه المعاملة",)
REGISTERS = ("people", "commercial", "leases")
#: An officer who runs a shop: by the register of people, not by a page of the product.
OFFICER_WITH_A_SHOP = """
from diwan.people.models import Account, Establishment, EstablishmentMember
from diwan.kit import clock
wafa = Account.objects.get(username="wafa")
Account.objects.filter(pk=wafa.pk).update(national_id="1055500027", mobile="+966555500027")
EstablishmentMember.objects.get_or_create(
    account=wafa, establishment=Establishment.objects.get(name_ar="مكتبة المداد"), capacity="manager",
    defaults={"valid_from": clock.today()},
)
"""


@pytest.fixture(autouse=True)
def _as_it_was(stage: Stage) -> Iterator[None]:
    """In the end the registers are as they should be again."""
    yield
    stage.registers.reset()


def test_walk(stage: Stage, people: Cast) -> None:
    owner, receipt = borrowed.sent(people, "maryam", MARYAMS)
    stage.bank.pay(*borrowed.billed(owner, receipt))
    addresses = _addresses(owner, receipt)
    _another_owner(stage, receipt, addresses)
    _another_municipality(stage, receipt, addresses)
    _five_wrong_secrets(stage, receipt)
    _back_after_signing_out(stage, receipt)
    _code_again(stage)
    _administrator(stage, receipt)
    filed = _officer_of_his_own_request(stage, people)
    _all_of_it_in_the_log(stage, receipt, filed)


def _addresses(owner: Person, receipt: Receipt) -> list[str]:
    """What only the owner may open: the case, its bill, slip, papers, and the licence."""
    page = owner.browser.wait(
        receipt.path, lambda seen: any("/document/" in address for _, address in seen.links()), seconds=20,
        what="the licence",
    )  # fmt: skip
    inside = {
        address.removeprefix(owner.city.base)
        for _, address in page.links()
        if any(part in address for part in ("/document/", "/files/", "/bill.pdf", "/apply/slip/"))
    }
    assert any("/files/" in one for one in inside), inside
    assert any("/document/" in one for one in inside), inside
    return [receipt.path, *sorted(one.partition("?")[0] for one in inside)]


def _another_owner(stage: Stage, receipt: Receipt, addresses: list[str]) -> None:
    """B reads about A's request what is read about a number that never existed."""
    abeer = stage.actor("abeer").sign_in(next_path="/my")
    never = _not_found(abeer, f"/case/{NEVER}")
    borrowed.pair_without_switch(abeer, "another-owner")
    for address in addresses:
        words = _not_found(abeer, address.removeprefix(stage.city.base))
        if "/case/" in address and "/document/" not in address:
            assert words.replace(receipt.number, NEVER) == never
    abeer.close()


def _another_municipality(stage: Stage, receipt: Receipt, addresses: list[str]) -> None:
    turki = stage.actor("turki", window=DESK).sign_in(next_path="/desk/")
    never = _not_found(turki, f"/desk/case/{NEVER}")
    assert _not_found(turki, f"/desk/case/{receipt.number}").replace(receipt.number, NEVER) == never
    borrowed.pair_without_switch(turki, "another-municipality")
    for address in addresses:
        if "/files/" in address:
            _not_found(turki, address)
            _not_found(turki, address.replace("/files/", "/desk/paper/"))
    turki.close()


def _not_found(actor: Actor, address: str) -> str:
    answer = actor.page.goto(actor.stage.city.base + address)
    assert answer is not None
    assert answer.status == 404, f"{actor.name} opens {address}: {answer.status}"
    actor.sees("غير موجود" if "غير موجود" in actor.text("main") else "الصفحة")
    return actor.text("main")


def _five_wrong_secrets(stage: Stage, receipt: Receipt) -> None:
    """Five are answered alike; the sixth, and then even the right one, reads when to try again."""
    anybody = stage.actor(window=PHONE)
    wrong = f"{(int(''.join(filter(str.isdecimal, receipt.secret))) + 1) % 10**8:08d}"
    for _ in range(5):
        _tries(anybody, receipt.number, wrong)
        anybody.sees("لا يوجد طلب بهذا الرقم والرمز معا")
    anybody.pair("wrong-secret")
    for secret in (wrong, receipt.secret):
        _tries(anybody, receipt.number, secret)
        anybody.sees("محاولات", "دقيقة", "الساعة")
    anybody.shot("slowed").accessible()
    anybody.close()


def _tries(anybody: Actor, number: str, secret: str) -> None:
    anybody.open("/track")
    anybody.page.fill("main input[name=number]", number)
    anybody.page.fill("main input[name=secret]", secret)
    with anybody.page.expect_navigation():
        anybody.page.click("main form button[type=submit]")


def _back_after_signing_out(stage: Stage, receipt: Receipt) -> None:
    """The section head has read a case and signs out: Back shows nothing of it."""
    nora = stage.actor("nora", window=DESK).sign_in(next_path=f"/desk/case/{receipt.number}")
    nora.sees("مريم حسن عثمان بخيت")
    nora.press("تسجيل الخروج")
    nora.page.wait_for_load_state("load")
    nora.sees_not("مريم حسن")
    nora.page.go_back()
    nora.page.wait_for_load_state("load")
    nora.sees_not("مريم حسن", receipt.number, receipt.shown)
    nora.shot("back-after-signing-out")
    nora.close()


def _code_again(stage: Stage) -> None:
    """The authenticator's code opens one session; who looked over the shoulder has nothing of it."""
    saad = stage.actor("saad", window=DESK)
    code = saad.fresh_code()
    for place, actor in enumerate((saad, stage.actor("saad", window=DESK))):
        actor.open("/sign-in/staff")
        actor.page.fill("main input[name=username]", actor.known["login"])
        actor.page.fill("main input[name=password]", actor.known["password"])
        with actor.page.expect_navigation():
            actor.page.click("main form button[type=submit]")
        actor.page.fill("main input[name=code]", code)
        with actor.page.expect_navigation():
            actor.page.click("main form:has(input[name=code]) button[type=submit]")
        if place == 0:
            assert "/sign-in/" not in actor.path(), actor.text("main")
        else:
            actor.sees("سبق استخدام هذا الرمز")
            assert "/sign-in/" in actor.path()
            actor.shot("code-again").accessible()
        actor.close()


def _administrator(stage: Stage, receipt: Receipt) -> None:
    """Who keeps the system decides no case, whatever the address."""
    sara = stage.actor("it.sara", window=DESK).sign_in(next_path="/desk/")
    token = str(sara.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value"))
    answer = sara.context.request.post(
        f"{stage.city.base}/desk/case/{receipt.number}/act",
        form={"outcome": "approve", "task": "1", "revision": "1", "csrfmiddlewaretoken": token},
        headers={"Referer": stage.city.base + "/desk/"},
    )
    assert answer.status in (403, 404), answer.status
    sara.open(f"/desk/case/{receipt.number}")
    sara.sees("خارج صلاحيتك")
    borrowed.pair_without_switch(sara, "administrator")
    sara.close()


def _officer_of_his_own_request(stage: Stage, people: Cast) -> str:
    """An officer has applied for his own shop; the check by hand comes to his unit, and he is refused in words."""
    stage.city.run("diwan", "shell", "-c", OFFICER_WITH_A_SHOP)
    for name in REGISTERS:
        stage.registers.switch(name, "down")
    wafa, receipt = borrowed.sent(people, "wafa", WAFAS)
    wafa.browser.wait(
        receipt.path, lambda seen: "يتحقق موظف" in seen.text, seconds=60, what="the check by hand"
    )
    stage.registers.reset()
    officer = borrowed.goes_on(stage, wafa, window=DESK)
    officer.open("/sign-in/capacity")
    officer.page.locator("input[name=capacity][value^='position:']").check()
    with officer.page.expect_navigation():
        officer.page.click("main form:has(input[name=capacity]) button[type=submit]")
    desk.open_case(officer, receipt.number)
    officer.shot("own-request")
    desk.act(officer, "confirm")
    officer.sees(*SAME_PERSON)
    officer.pair("own-request-refused")
    officer.close()
    return receipt.number


def _all_of_it_in_the_log(stage: Stage, receipt: Receipt, filed: str) -> None:
    """The auditor reads who was refused what."""
    ibrahim = stage.actor("ibrahim", window=DESK).sign_in(next_path="/desk/audit?only=refused")
    ibrahim.sees("عبير", "تركي سلطان", "سعد محمد", "سارة محمد", "وفاء إبراهيم")
    ibrahim.pair("log")
    ibrahim.open(f"/desk/audit?q={receipt.number}").sees("عبير", "تركي سلطان", "سارة محمد")
    ibrahim.open(f"/desk/audit?q={filed}").sees("وفاء إبراهيم")
    ibrahim.close()
