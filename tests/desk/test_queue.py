"""The morning page: counts, narrowing, what is new, the list on paper, and where a post without a queue starts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diwan.audit.models import AccessRow
from diwan.cases.actions.assign import claim
from diwan.cases.actions.index_words import index_words
from diwan.cases.actions.open_cases import open_cases
from diwan.cases.models import Case, OpenTask
from diwan.cases.opening import Opening
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.kit.numbers import case_number, show_case_number
from diwan.payments.models import Bill
from diwan.people.actor import system
from tests import cast
from tests.desk.conftest import Desk, returned, to_head, to_review, visit_afresh

MOST_STATEMENTS = 12


def claim_by(case: Case, username: str) -> None:
    """Let somebody take the review over."""
    claim(case_id=case.pk, task_id=cast.waiting(case, "review").pk, by=cast.actor(username))


def chip(html: str, title: str) -> str:
    """The count that stands beside a narrowing."""
    after = html.split('class="chips"')[1].split(f"{title} <span")[1]
    return after.split('"num"')[1].split(">")[1].split("<")[0]


def test_an_officer_sees_the_cases_of_the_unit_and_those_taken_over(desk: Desk) -> None:
    first, second = to_review(), to_review()
    claim_by(second, "fahad")
    mine = desk("fahad").get("/desk/").content.decode()
    assert show_case_number(second.pk) in mine
    assert show_case_number(first.pk) not in mine
    unit = desk("fahad").get("/desk/", {"of": "unit"}).content.decode()
    assert show_case_number(first.pk) in unit
    assert show_case_number(second.pk) in unit
    assert "فهد عبدالله ناصر العرفجي" in unit


def test_who_has_taken_nothing_over_begins_with_the_work_of_the_unit(desk: Desk) -> None:
    case = to_review()
    client = desk("wafa", lang="en")
    assert show_case_number(case.pk) in client.get("/desk/").content.decode()
    assert show_case_number(case.pk) not in client.get("/desk/", {"of": "mine"}).content.decode()
    claim_by(to_review(), "wafa")
    assert show_case_number(case.pk) not in client.get("/desk/").content.decode()


def test_counts_tell_late_due_today_returned_and_unassigned(desk: Desk) -> None:
    now = clock.now()
    first, second, third = to_review(), to_review(), to_review()
    OpenTask.objects.filter(case=first).update(due_at=now - timedelta(days=3))
    OpenTask.objects.filter(case=second).update(
        due_at=clock.start_of_day(clock.today() + timedelta(days=1)) - timedelta(seconds=1), returned=True
    )
    claim_by(third, "fahad")
    html = desk("fahad", lang="en").get("/desk/", {"of": "unit"}).content.decode()
    base = OpenTask.objects.filter(unit__code="101-LIC", role="ROLE-LICENSING-OFFICER")
    assert chip(html, "All") == str(base.count())
    assert chip(html, "Late") == str(base.filter(due_at__lt=now).count())
    assert chip(html, "Came back") == "1"
    assert chip(html, "With nobody") == str(base.filter(assignee=None).count())
    late = desk("fahad", lang="en").get("/desk/", {"of": "unit", "only": "late"}).content.decode()
    assert show_case_number(first.pk) in late
    assert show_case_number(third.pk) not in late
    assert "Late by" in late


def waiting_at_the_desk_of(task: OpenTask, count: int) -> None:
    """More cases, opened as sets of 500, that wait beside a task for the same unit and role."""
    case = task.case
    opening = Opening(
        service=service_of(case.version_id), municipality_id=case.municipality_id, district_id=None,
        applicant={"national_id": "1098765439", "party_id": "1098765439", "name_ar": "سالم", "name_en": "Salem"},
        data=case.data, facts=case.facts, by=system("tests"), channel="api",
    )  # fmt: skip
    for left in range(count, 0, -500):
        made = [opened.case_id for opened in open_cases([opening] * min(left, 500))]
        OpenTask.objects.filter(case_id__in=made).update(
            kind=task.kind, step=task.step, unit=task.unit, role=task.role, due_at=task.due_at
        )


def test_a_thousand_are_counted_exactly_and_one_more_is_more_than_a_thousand(desk: Desk) -> None:
    task = cast.waiting(to_review(), "review")
    OpenTask.objects.filter(pk=task.pk).update(returned=True)
    client = desk("fahad", lang="en")
    waiting = OpenTask.objects.filter(unit=task.unit, role=task.role, kind=task.kind)
    waiting_at_the_desk_of(task, 1000 - waiting.count())
    assert waiting.count() == 1000
    html = client.get("/desk/", {"of": "unit"}).content.decode()
    assert [chip(html, title) for title in ("All", "With nobody", "Came back")] == ["1000", "1000", "1"]
    waiting_at_the_desk_of(task, 1)
    html = client.get("/desk/", {"of": "unit"}).content.decode()
    assert [chip(html, title) for title in ("All", "With nobody", "Came back")] == ["+1,000", "+1,000", "+1"]
    assert chip(html, "Late") == "0"
    assert 'more than </span><bdi dir="ltr" class="num">+1,000' in html


def test_a_queue_takes_at_most_twelve_statements(desk: Desk) -> None:
    for _ in range(3):
        claim_by(to_review(), "fahad")
    client = desk("fahad")
    for address in ("/desk/", "/desk/?of=unit", "/desk/?of=unit&only=late&step=review"):
        visit_afresh(client, address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        assert len(captured) <= MOST_STATEMENTS, [query["sql"][:120] for query in captured]


def test_a_queue_is_narrowed_by_step(desk: Desk) -> None:
    review, head = to_review(), to_head()
    html = desk("nora").get("/desk/", {"of": "unit", "step": "review"}).content.decode()
    assert show_case_number(review.pk) in html
    assert show_case_number(head.pk) not in html


def test_long_queues_go_on_by_key_and_lose_no_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diwan.web.desk.views.queue.PAGE", 2)
    numbers = {show_case_number(to_review().pk) for _ in range(3)}
    client, address, seen = desk("fahad"), "/desk/?of=unit", set()
    while address:
        html = client.get(address).content.decode()
        seen |= {number for number in numbers if number in html}
        older = html.split('rel="next" href="')
        address = "/desk/" + older[1].split('"')[0].replace("&amp;", "&") if len(older) > 1 else ""
    assert seen == numbers


def test_a_new_case_is_announced_without_reloading(desk: Desk) -> None:
    client = desk("fahad")
    fresh = (
        client.get("/desk/?of=unit").content.decode().split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    )
    assert client.get(fresh).status_code == 204
    to_review()
    told = client.get(fresh, headers={"X-Diwan-Background": "1"})
    assert told.status_code == 200
    assert "معاملة جديدة" in told.content.decode()
    assert client.get("/desk/fresh?since=nonsense").status_code == 204


def test_the_morning_list_prints_the_whole_queue_with_its_officers(desk: Desk) -> None:
    case = to_review()
    claim_by(case, "saad")
    html = desk("nora").get("/desk/morning", {"of": "unit"}).content.decode()
    assert show_case_number(case.pk) in html
    assert "سعد محمد علي الطلحي" in html
    assert "data-print" in html


@pytest.mark.parametrize(
    ("username", "leads_to"),
    [("reem", "/desk/finance"), ("ibrahim", "/desk/audit"), ("huda", "/counter/")],
)
def test_a_post_without_a_queue_starts_where_its_work_is(desk: Desk, username: str, leads_to: str) -> None:
    assert desk(username).get("/desk/").headers["Location"] == leads_to


def test_an_administrator_reads_that_the_capacity_has_no_queue(desk: Desk) -> None:
    response = desk("it.sara").get("/desk/")
    assert response.status_code == 200
    assert "لا قائمة معاملات لهذه الصفة" in response.content.decode()


def test_the_number_box_finds_case_bill_and_a_scan_under_the_arabic_layout(desk: Desk) -> None:
    case = to_head()
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    cast.act(case, "head_approval", "approve", by=head)
    client = desk("nora")
    page = f"/desk/case/{case_number(case.pk)}"
    arabic = case_number(case.pk).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for typed in (
        case_number(case.pk),
        show_case_number(case.pk),
        arabic,
        Bill.objects.get(case_id=case.pk).number,
    ):
        assert client.get("/desk/search", {"q": typed}).headers["Location"] == page, typed


def test_the_number_box_finds_cases_by_name_and_identity_among_those_to_be_seen(desk: Desk) -> None:
    case = to_review()
    index_words(case_ids=[case.pk])
    for typed in ("صياد المرسى", "1098765439"):
        found = desk("fahad").get("/desk/search", {"q": typed})
        assert (found.status_code, show_case_number(case.pk) in found.content.decode()) == (200, True), typed
        hidden = desk("turki").get("/desk/search", {"q": typed})
        assert show_case_number(case.pk) not in hidden.content.decode()


def test_nothing_found_says_what_to_check(desk: Desk) -> None:
    response = desk("fahad").get("/desk/search", {"q": "26000000001"})
    assert response.status_code == 404
    assert "خانة ناقصة أو خاطئة" in response.content.decode()


@pytest.mark.usefixtures("city")
def test_somebody_who_is_not_signed_in_is_led_to_sign_in() -> None:
    response = Client().get("/desk/?of=unit")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/staff")


def test_a_resident_has_no_desk(desk: Desk) -> None:
    assert desk("salem").get("/desk/").status_code == 403


def test_a_returned_case_is_not_in_the_queue_until_it_comes_back(desk: Desk) -> None:
    case = returned(to_review())
    assert show_case_number(case.pk) not in desk("fahad").get("/desk/?of=unit").content.decode()


def test_the_names_that_a_list_has_shown_are_in_the_log_of_reads(desk: Desk) -> None:
    case = to_review()
    for address in ("/desk/?of=unit", "/desk/morning?of=unit"):
        before = AccessRow.objects.filter(object_type="listed", object_id=str(case.pk)).count()
        desk("fahad").get(address)
        noted = AccessRow.objects.filter(object_type="listed", object_id=str(case.pk)).order_by("id")
        assert noted.count() == before + 1
    assert noted[0].purpose == "desk.queue"
    assert "رآها في قائمة" in desk("ibrahim").get("/desk/audit", {"q": case_number(case.pk)}).content.decode()
