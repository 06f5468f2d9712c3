"""U2: money goes wrong: paid twice, too little, by a stranger, too late, at another price, with the gateway down."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.journeys.city import Cast
from tests.walks import borrowed
from tests.walks.stage import DESK, PHONE, Actor, Stage

pytestmark = [pytest.mark.browser, pytest.mark.full]

SHOP = "مشغل غرزة مريم"


@pytest.fixture(autouse=True)
def _as_it_was(stage: Stage) -> Iterator[None]:
    """In the end bank and gateway are as they should be again."""
    yield
    stage.bank.faults()
    _gateway(stage, "up")


def _gateway(stage: Stage, state: str) -> None:
    answer = stage.bank.client.put("/control/switches/gateway", json={"state": state})
    assert answer.status_code == 200, answer.text


def test_paid_twice_one_receipt_and_the_second_in_the_queue_of_finance(stage: Stage, people: Cast) -> None:
    maryam, receipt = borrowed.sent(people, "maryam", SHOP)
    biller, bill = borrowed.billed(maryam, receipt)
    stage.bank.faults("twice")
    stage.bank.pay(biller, bill)
    stage.bank.faults()
    owner = borrowed.goes_on(stage, maryam, window=PHONE).open(receipt.path)
    owner.until(lambda: owner.page.locator("main a[href*='/document/']").count(), "the licence", reload=True)
    assert owner.text("main").count("سند القبض") == 1, owner.text("main")
    owner.pair("paid-twice", at="#happened")
    owner.close()
    _in_finance(stage, bill, "سُددت مرتين", picture="duplicate")


def test_another_amount_pays_nothing_and_finance_sees_it(stage: Stage, people: Cast) -> None:
    maryam, receipt = borrowed.sent(people, "maryam", SHOP)
    biller, bill = borrowed.billed(maryam, receipt)
    stage.bank.faults("wrong_amount")
    stage.bank.pay(biller, bill)
    stage.bank.faults()
    owner = borrowed.goes_on(stage, maryam, window=PHONE).open(receipt.path)
    owner.until(lambda: "سداد قيد المراجعة" in owner.text("main"), "a payment that is examined", reload=True)
    owner.sees("لا تسددوا مرة أخرى").sees_not("سند القبض")
    assert not owner.page.locator("[data-copy]").count(), "a bill under examination is offered for payment"
    assert not owner.page.locator("main a[href*='/document/']").count()
    owner.pair("wrong-amount", at="#now").accessible()
    owner.close()
    _in_finance(stage, bill, "مبلغ", picture="wrong-amount-finance")


def test_a_notice_with_a_wrong_key_is_refused(stage: Stage, people: Cast) -> None:
    maryam, receipt = borrowed.sent(people, "maryam", SHOP)
    biller, bill = borrowed.billed(maryam, receipt)
    stage.bank.faults("wrong_key")
    stage.bank.pay(biller, bill)
    stage.bank.faults()
    owner = borrowed.goes_on(stage, maryam, window=PHONE).open(receipt.path)
    time.sleep(4)
    owner.open(receipt.path).sees("ننتظر إشعار السداد", bill).sees_not("سند القبض")
    assert not owner.page.locator("main a[href*='/document/']").count()
    owner.close()
    answer = httpx.post(
        f"{stage.city.base}/payments/notice", json={"id": "1"}, headers={"X-Signature": "0"}, trust_env=False
    )
    assert answer.status_code in (400, 401, 403), answer.text


def test_a_notice_after_expiry_tells_what_happens_and_who_decides(stage: Stage, people: Cast) -> None:
    maryam, receipt = borrowed.sent(people, "maryam", SHOP)
    biller, bill = borrowed.billed(maryam, receipt)
    _expire(stage, bill)
    stage.bank.faults("after_expiry")
    stage.bank.pay(biller, bill)
    stage.bank.faults()
    owner = borrowed.goes_on(stage, maryam, window=PHONE).open(receipt.path)
    owner.until(lambda: "سداد قيد المراجعة" in owner.text("main"), "a payment that is examined", reload=True)
    owner.sees("المالية", "لا تسددوا مرة أخرى")
    owner.pair("after-expiry", at="#now").accessible()
    owner.close()
    _in_finance(stage, bill, "بعد انتهاء", picture="late-finance", accepts=True)


def test_the_gateway_is_down_and_the_number_stays(stage: Stage, people: Cast) -> None:
    _gateway(stage, "down")
    maryam, receipt = borrowed.sent(people, "maryam", SHOP)
    biller, bill = borrowed.billed(maryam, receipt)
    owner = borrowed.goes_on(stage, maryam, window=PHONE).open(receipt.path)
    owner.until(lambda: "لا يستجيب" in owner.text("main"), "the gateway is told", seconds=60, reload=True)
    owner.sees("الفاتورة ورقمها")
    assert owner.page.locator(f"[data-copy='{bill}']").count() == 1
    owner.pair("gateway-down", at="#now").accessible()
    _gateway(stage, "up")
    stage.bank.pay(biller, bill)
    owner.until(
        lambda: owner.page.locator("main a[href*='/document/']").count(),
        "the licence",
        seconds=60,
        reload=True,
    )
    owner.close()


def _expire(stage: Stage, bill: str) -> None:
    """Fifteen days go by for this bill."""
    stage.city.run("diwan", "shell", "-c", _EXPIRED.format(bill=bill))


_EXPIRED = """
from datetime import timedelta
from diwan.kit import clock
from diwan.payments.models import Bill
from diwan.cases.models import OpenTask
bill = Bill.objects.get(number="{bill}")
gone = clock.now() - timedelta(minutes=1)
Bill.objects.filter(pk=bill.pk).update(expires_at=gone, issued_at=gone - timedelta(days=15))
OpenTask.objects.filter(case_id=bill.case_id).update(due_at=gone)
"""


def _in_finance(stage: Stage, bill: str, words: str, *, picture: str, accepts: bool = False) -> None:
    """The head of revenue finds the payment in the queue, with why it waits; a late one she may accept."""
    reem = stage.actor("reem", window=DESK).sign_in(next_path="/desk/finance")
    reem.until(lambda: bill in _plain(reem), f"{bill} in the queue of finance", reload=True)
    reem.sees(words)
    reem.pair(picture).accessible()
    if accepts:
        row = reem.page.locator("main li", has_text=bill)
        row.locator("[name=note]").fill("سدد كاملا في اليوم نفسه، فيقبل.")
        with reem.page.expect_navigation():
            row.locator("button[value=accepted]").click()
        assert bill not in _plain(reem)
    reem.close()


def _plain(actor: Actor) -> str:
    return actor.text("main").replace("-", "").replace(" ", "")
