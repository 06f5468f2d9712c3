"""Finance decides about payments that were not plain; the auditor reads who did what, who read it, what was refused."""

import re
from datetime import timedelta

import pytest

from diwan.kit import clock
from diwan.kit.numbers import case_number, show_case_number
from diwan.payments.actions import Notice, expire_bills, record_notice
from diwan.payments.models import Bill, PaymentNotice
from diwan.people.actor import system
from diwan.web.desk.audit_words import OBJECTS
from tests import cast
from tests.architecture.tree import parsed
from tests.desk.conftest import Desk, address, form_of, to_head, to_review


def billed() -> Bill:
    """A case whose bill waits to be paid."""
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    case = cast.act(to_head(), "head_approval", "approve", by=head)
    return Bill.objects.get(case_id=case.pk)


def paid(bill: Bill, key: str, amount: int | None = None) -> PaymentNotice:
    """A notice about the bill."""
    notice = Notice(
        notice_id=f"N-{key}", payment_id=f"P-{key}", biller=bill.biller, bill_number=bill.number,
        amount=bill.total if amount is None else amount, paid_at=clock.now(),
    )  # fmt: skip
    return record_notice(notice=notice, by=system("gateway"))


def test_a_double_payment_waits_for_finance_and_is_returned(desk: Desk) -> None:
    bill = billed()
    paid(bill, "1")
    double = paid(bill, "2")
    client = desk("reem")
    html = client.get("/desk/finance").content.decode()
    assert bill.number in html
    assert "سُددت مرتين" in html
    assert 'value="accepted"' not in html
    refused = client.post(f"/desk/finance/{double.pk}", {"decision": "refunded", "note": " "})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.content.decode()
    done = client.post(f"/desk/finance/{double.pk}", {"decision": "refunded", "note": "رد إلى الحساب نفسه"})
    assert done.status_code == 302
    double.refresh_from_db()
    assert (double.settlement, double.settlement_note) == ("refunded", "رد إلى الحساب نفسه")
    assert bill.number not in client.get("/desk/finance").content.decode()
    again = client.post(f"/desk/finance/{double.pk}", {"decision": "nothing", "note": "x"})
    assert again.status_code == 422


def test_a_wrong_amount_is_seen_beside_what_was_billed(desk: Desk) -> None:
    bill = billed()
    paid(bill, "1", amount=bill.total - 100)
    html = desk("reem").get("/desk/finance").content.decode()
    assert "المبلغ يخالف الفاتورة" in html
    bill.refresh_from_db()
    assert bill.state == Bill.State.OPEN


def test_a_late_payment_of_the_full_amount_can_be_accepted(desk: Desk) -> None:
    bill = billed()
    with clock.moved(bill.expires_at + timedelta(days=3)):
        expire_bills()
        late = paid(bill, "1")
        assert late.outcome == "late"
        client = desk("reem")
        assert 'value="accepted"' in client.get("/desk/finance").content.decode()
        response = client.post(f"/desk/finance/{late.pk}", {"decision": "accepted", "note": "وصل متأخرا"})
    assert response.status_code == 302
    bill.refresh_from_db()
    assert bill.state == Bill.State.PAID


@pytest.mark.parametrize("username", ["fahad", "huda", "it.sara", "cd.yousef"])
def test_others_do_not_see_payments(desk: Desk, username: str) -> None:
    assert desk(username).get("/desk/finance").status_code == 403


def test_the_auditor_reads_payments_and_decides_nothing(desk: Desk) -> None:
    bill = billed()
    paid(bill, "1", amount=1)
    html = desk("ibrahim").get("/desk/finance").content.decode()
    assert bill.number in html
    assert "finance-form" not in html
    notice = PaymentNotice.objects.get()
    assert desk("ibrahim").post(f"/desk/finance/{notice.pk}", {"decision": "nothing"}).status_code == 403


def test_the_auditor_reads_history_log_and_readers_of_a_case(desk: Desk) -> None:
    case = to_review()
    desk("fahad").get(address(case))
    desk("fahad").post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    html = desk("ibrahim").get("/desk/audit", {"q": show_case_number(case.pk)}).content.decode()
    assert "دراسة الطلب: رفع بالموافقة" in html
    assert "فهد عبدالله ناصر العرفجي (موظف رخص تجارية)" in html
    readers = html.split("من اطلع عليها")[1]
    assert "فتح المعاملة" in readers
    assert "قيود السجل" in html


def test_refusals_are_found_in_the_audit_view(desk: Desk) -> None:
    case = to_review()
    desk("turki").get(address(case))
    desk("it.sara").post(f"{address(case)}/act", form_of(case, "review", "recommend"))
    html = desk("ibrahim").get("/desk/audit", {"only": "refused"}).content.decode()
    for words in ("تركي سلطان ناصر الشراعي", "سارة محمد جابر الفلاج", show_case_number(case.pk)):
        assert words in html


def test_a_number_without_a_case_is_said(desk: Desk) -> None:
    case = to_review()
    for typed in (case_number(case.pk + 50_000), "12", "كلام"):
        response = desk("ibrahim").get("/desk/audit", {"q": typed})
        assert response.status_code == 404
        assert "لا توجد معاملة بهذا الرقم" in response.content.decode()


@pytest.mark.parametrize("username", ["fahad", "nora", "reem", "it.sara", "huda"])
def test_only_auditors_read_the_log(desk: Desk, username: str) -> None:
    assert desk(username).get("/desk/audit").status_code == 403


def test_every_object_of_the_log_has_a_name() -> None:
    written = {
        kind for _, text, _ in parsed("diwan") for kind in re.findall(r'object_type="([a-z_]+)"', text)
    }
    assert written and not written - set(OBJECTS)
