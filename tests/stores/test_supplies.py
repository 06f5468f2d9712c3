"""Supplies: asked for at the desk, approved, issued in whole or in part, received; the store never falls below zero."""

import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from diwan.cases.actions.choose import choose
from diwan.cases.actions.drafts import save_draft
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.errors import NotAllowed
from diwan.cases.models import Case
from diwan.cases.visibility import can_see
from diwan.catalogue.queries import staff_service
from diwan.forms.entry import clean, read_json
from diwan.kit import clock
from diwan.kit.errors import DiwanError
from diwan.kit.numbers import case_number
from diwan.modules.stores.actions import issue_supplies, receive_stock
from diwan.modules.stores.errors import NotEnough, NothingIssued, WrongQuantity
from diwan.modules.stores.models import StockItem, StockMovement
from diwan.people.actor import system
from diwan.web.apply.starting import begin_own
from tests import cast
from tests.cases.test_walk import steps_of
from tests.desk.conftest import Desk

SLUG = "supplies-request"
PAPER, TONER = "SUP-001", "SUP-002"


def stocked(paper: int = 10, toner: int = 2) -> None:
    """So much is in the store, and nothing was before."""
    for code, count in ((PAPER, paper), (TONER, toner)):
        item = StockItem.objects.filter(code=code).first()
        if item is None or item.on_hand < count:
            receive_stock(
                code=code, quantity=count - (item.on_hand if item else 0), note="test", by=system("test")
            )
        else:
            StockItem.objects.filter(code=code).update(on_hand=count)


def at_the_store(who: str = "fahad", paper: int = 4, toner: int = 3, **more: Any) -> Case:
    by = cast.actor(who)
    service = staff_service(SLUG, clock.today())
    assert service is not None
    draft = begin_own(service=service, by=by)
    context = form_context(service, applicant=snapshot_of_draft(draft))
    given = {"item_1": PAPER, "quantity_1": paper, "item_2": TONER, "quantity_2": toner, **more}
    read = read_json(service.form, given, context)
    assert not read.problems, read.problems
    save_draft(draft_id=draft.pk, values=clean(service.form, read.values, context), typed={}, page="", by=by)
    case = cast.run_machine(Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=by).case_id))
    return cast.act(case, "manager", "approve", by=cast.actor("nora"))


def issue(case: Case, by: str = "musaed", **counts: int) -> Case:
    revision = Case.objects.get(pk=case.pk).revision
    return issue_supplies(
        case_id=case.pk, task_id=cast.waiting(case, "store").pk, revision=revision, by=cast.actor(by),
        quantities={{"paper": PAPER, "toner": TONER}[name]: count for name, count in counts.items()},
    )  # fmt: skip


def left(code: str) -> int:
    return StockItem.objects.get(code=code).on_hand


@pytest.mark.usefixtures("city", "registers")
def test_a_part_is_issued_the_rest_follows_and_the_employee_confirms() -> None:
    stocked()
    case = issue(at_the_store(), paper=4, toner=2)
    assert (case.stage, left(PAPER), left(TONER)) == ("part_receipt", 6, 0)
    case = choose(case_id=case.pk, outcome="received", by=cast.actor("fahad"))
    assert steps_of(case) == {"store"}
    call_command("stock", "receive", TONER, "5", "delivery 7")
    case = issue(case, toner=1)
    assert case.stage == "receipt"
    case = choose(case_id=case.pk, outcome="received", by=cast.actor("fahad"))
    assert (case.stage, case.state, left(TONER)) == ("received", "approved", 4)
    moved = StockMovement.objects.filter(case_id=case.pk).order_by("id").values_list("quantity", "left")
    assert list(moved) == [(-4, 6), (-2, 0), (-1, 4)]


@pytest.mark.usefixtures("city", "registers")
def test_what_was_not_received_is_put_back_and_the_rest_may_be_declined() -> None:
    stocked()
    case = issue(at_the_store(), paper=4, toner=2)
    case = cast.run_machine(choose(case_id=case.pk, outcome="missing", by=cast.actor("fahad")))
    assert (steps_of(case), left(PAPER), left(TONER)) == ({"store"}, 10, 2)
    case = issue(case, paper=4)
    case = choose(case_id=case.pk, outcome="enough", by=cast.actor("fahad"))
    assert (case.stage, left(PAPER)) == ("received_part", 6)
    other = cast.act(at_the_store("saad"), "store", "end", by=cast.actor("musaed"), reasons=["RSN-90"])
    assert other.stage == "not_issued"


@pytest.mark.usefixtures("city", "registers")
def test_what_is_refused() -> None:
    stocked()
    case = at_the_store()
    for paper, toner in ((5, 0), (0, 0), (1, -1)):
        with pytest.raises(WrongQuantity):
            issue(case, paper=paper, toner=toner)
    with pytest.raises(NotEnough):
        issue(case, toner=3)
    with pytest.raises(NothingIssued):
        cast.act(case, "store", "issue", by=cast.actor("musaed"))
    with pytest.raises(DiwanError):
        issue(case, by="nora", paper=1)
    assert (left(PAPER), left(TONER), StockMovement.objects.filter(case_id=case.pk).count()) == (10, 2, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(code=PAPER).update(on_hand=-1)
    with pytest.raises(NotAllowed):
        choose(case_id=issue(case, paper=1).pk, outcome="received", by=cast.actor("nora"))
    assert not can_see(cast.actor("abdulaziz"), case)
    assert not can_see(cast.actor("saad"), case)


@pytest.mark.usefixtures("committed_city", "registers")
def test_two_at_once_never_issue_the_same() -> None:
    stocked(paper=5)
    cases = [at_the_store(who, paper=4, toner=1) for who in ("fahad", "saad")]
    found: list[str] = []

    def one(case: Case) -> None:
        try:
            issue(case, paper=4)
            found.append("issued")
        except NotEnough:
            found.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (sorted(found), left(PAPER)) == (["issued", "refused"], 1)


@pytest.mark.usefixtures("city", "registers")
def test_the_storekeeper_issues_on_the_page_of_the_request(desk: Desk) -> None:
    stocked()
    case = at_the_store()
    musaed, number = desk("musaed"), case_number(case.pk)
    page = musaed.get(f"/desk/case/{number}").content.decode()
    assert "صرف هذه الأعداد" in page and "ورق تصوير" in page
    task = cast.waiting(case, "store")
    sent = {"task": task.pk, "revision": Case.objects.get(pk=case.pk).revision}
    refused = musaed.post(f"/stores/case/{number}/issue", {**sent, f"quantity-{TONER}": "٣"}, follow=True)
    assert "في المستودع الآن 2" in refused.content.decode()
    assert musaed.post(f"/stores/case/{number}/issue", {**sent, f"quantity-{PAPER}": "٤"}).status_code == 302
    assert (left(PAPER), Case.objects.get(pk=case.pk).stage) == (6, "part_receipt")
    mine = desk("fahad").get(f"/desk/mine/{number}").content.decode()
    assert "لم أستلم" in mine
    assert desk("nora").post(f"/stores/case/{number}/issue", sent).status_code in (302, 404)
    assert desk("saad").post(f"/stores/case/{number}/issue", sent).status_code == 404
