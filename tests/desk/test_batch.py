"""One act on many cases: a hundred of which three fail for different reasons; signing only what was opened."""

from typing import Any

from django.test import Client

from diwan.cases.actions.assign import claim
from diwan.cases.models import Case, OpenTask
from diwan.cases.services import service_of
from diwan.kit.numbers import show_case_number
from diwan.people.actions import totp_code
from diwan.people.models import Account
from tests import cast
from tests.desk.conftest import Desk, address, at_manual_check, to_head, to_review


def reviewed(client: Client, cases: list[Case], outcome: str) -> dict[str, Any]:
    """What the page of review posts on: tasks with the revisions that it showed."""
    tasks = list(OpenTask.objects.filter(case__in=cases).order_by("id").select_related("case"))
    page = client.post("/desk/bulk", {"task": [task.pk for task in tasks], "outcome": outcome})
    assert page.status_code == 200
    return {
        "task": [task.pk for task in tasks],
        "outcome": outcome,
        **{f"revision.{task.pk}": task.case.revision for task in tasks},
    }


def test_of_a_hundred_cases_three_fail_each_for_its_own_reason(desk: Desk, registers: cast.Registers) -> None:
    other_step = to_review()
    cases = at_manual_check(registers, 99)
    outrun, own = cases[0], cases[1]
    client = desk("fahad")
    Case.objects.filter(pk=own.pk).update(account_id=Account.objects.get(username="fahad").pk)
    form = reviewed(client, [*cases, other_step], "confirm")
    claim(case_id=outrun.pk, task_id=OpenTask.objects.get(case=outrun).pk, by=cast.actor("fahad"))
    done = client.post("/desk/bulk/do", form | {"reasons": "RSN-31", "note": "موقع السجل"}).content.decode()
    assert "97 معاملة" in done
    assert "3 معاملات" in done
    lines = {
        line.split("</bdi>")[0].rpartition(">")[2]: line
        for line in done.split("<li>")
        if "/desk/case/" in line
    }
    assert "نصك محفوظ" in lines[show_case_number(outrun.pk)]
    assert "موظف آخر" in lines[show_case_number(own.pk)]
    assert "دراسة الطلب" in lines[show_case_number(other_step.pk)]
    service = service_of(cases[2].version_id)
    moved = (
        OpenTask.objects.filter(case__in=cases[2:])
        .exclude(step="manual_check")
        .values("case")
        .distinct()
        .count()
    )
    assert (moved, service.title("manual_check", "ar")) == (97, "تحقق يدوي")


def test_a_batch_that_needs_a_reason_says_so_for_each(desk: Desk, registers: cast.Registers) -> None:
    cases = at_manual_check(registers, 2)
    client = desk("fahad")
    done = client.post("/desk/bulk/do", reviewed(client, cases, "confirm")).content.decode()
    assert "تعذرت معاملتان" in done
    assert done.count("اختر سببا") == 2 or done.count("السبب") >= 2


def test_one_code_signs_a_batch_and_leaves_out_what_was_not_opened(desk: Desk) -> None:
    opened, unopened = to_head(), to_head()
    client = desk("abdulaziz")
    client.get(address(opened))
    review = client.post(
        "/desk/bulk",
        {
            "task": list(OpenTask.objects.filter(case__in=[opened, unopened]).values_list("pk", flat=True)),
            "outcome": "approve",
        },
    ).content.decode()
    assert "لم تُفتح بعد" in review
    assert 'data-key="Ctrl+Enter">اعتماد</button>' in review
    form = reviewed(client, [opened, unopened], "approve")
    without_code = client.post("/desk/bulk/do", form)
    assert without_code.status_code == 422
    assert 'name="code"' in without_code.content.decode()
    code = totp_code(account=Account.objects.get(username="abdulaziz"))
    done = client.post("/desk/bulk/do", form | {"code": code}).content.decode()
    assert "خارج الدفعة" in done
    states = dict(Case.objects.filter(pk__in=[opened.pk, unopened.pk]).values_list("pk", "state"))
    assert (states[opened.pk], states[unopened.pk]) == ("invoiced", "under_review")


def test_a_wrong_code_signs_none(desk: Desk) -> None:
    case, client = to_head(), desk("abdulaziz")
    client.get(address(case))
    response = client.post("/desk/bulk/do", reviewed(client, [case], "approve") | {"code": "123123"})
    assert response.status_code == 422
    case.refresh_from_db()
    assert case.approved_at is None


def test_opened_before_it_came_to_this_step_does_not_count(desk: Desk) -> None:
    case, client = to_review(), desk("abdulaziz")
    client.get(address(case))
    case = cast.act(case, "review", "recommend", by=cast.actor("fahad"))
    case = cast.act(case, "section_review", "recommend", by=cast.actor("nora"))
    assert (
        "لم تُفتح بعد"
        in client.post(
            "/desk/bulk", {"task": [OpenTask.objects.get(case=case).pk], "outcome": "approve"}
        ).content.decode()
    )


def test_cases_of_another_unit_cannot_be_slipped_in(desk: Desk) -> None:
    case = to_review()
    task = OpenTask.objects.get(case=case)
    done = desk("turki").post("/desk/bulk/do", {"task": [task.pk], "outcome": "recommend"}).content.decode()
    assert "لم تعد عندكم" in done
    assert OpenTask.objects.get(case=case).step == "review"


def test_an_empty_choice_leads_back(desk: Desk) -> None:
    html = desk("fahad").post("/desk/bulk", {"outcome": "recommend"}).content.decode()
    assert "لم تُختر معاملة" in html
