"""The board: load by officer, many moved at once, shared out when somebody is away."""

import pytest

from diwan.cases.actions.assign import claim
from diwan.cases.models import OpenTask
from diwan.people.models import Holding
from tests import cast
from tests.desk.conftest import Desk, to_review


def post_of(username: str) -> int:
    """The id of the person's post."""
    return Holding.objects.get(account__username=username, valid_to=None).position_id


def taken(username: str, count: int) -> list[OpenTask]:
    """Cases that somebody has taken over."""
    tasks = []
    for _ in range(count):
        case = to_review()
        claim(case_id=case.pk, task_id=cast.waiting(case, "review").pk, by=cast.actor(username))
        tasks.append(cast.waiting(case, "review"))
    return tasks


def test_the_board_shows_load_late_and_oldest(desk: Desk) -> None:
    taken("fahad", 2)
    html = desk("nora").get("/desk/board").content.decode()
    for name in ("بلا موظف", "فهد عبدالله ناصر العرفجي", "سعد محمد علي الطلحي", "وفاء إبراهيم حسن الساحلي"):
        assert name in html
    row = html.split("فهد عبدالله ناصر العرفجي")[1].split("</tr>")[0]
    assert 'value="2"' in row


def test_many_are_moved_at_once(desk: Desk) -> None:
    tasks = taken("fahad", 3)
    chosen = {"task": [task.pk for task in tasks], "to": post_of("saad"), "officer": post_of("fahad")}
    response = desk("nora").post("/desk/board/move", chosen)
    assert response.headers["Location"] == f"/desk/board?officer={post_of('fahad')}"
    assert set(
        OpenTask.objects.filter(pk__in=[task.pk for task in tasks]).values_list("assignee", flat=True)
    ) == {post_of("saad")}
    back = desk("nora").post("/desk/board/move", {**chosen, "to": "none"})
    assert back.status_code == 302
    assert not OpenTask.objects.filter(pk__in=[task.pk for task in tasks], assignee__isnull=False).exists()


def test_a_post_without_the_role_is_refused_in_words(desk: Desk) -> None:
    (task,) = taken("fahad", 1)
    client = desk("nora")
    client.post("/desk/board/move", {"task": [task.pk], "to": post_of("khalid"), "officer": post_of("fahad")})
    task.refresh_from_db()
    assert task.assignee_id == post_of("fahad")
    assert "مراقب ميداني" in client.get("/desk/board").content.decode()


def test_the_tasks_of_somebody_away_are_shared_out_evenly(desk: Desk) -> None:
    tasks = taken("fahad", 4)
    client = desk("nora")
    assert "غائب اليوم" in client.get("/desk/board", {"officer": post_of("fahad")}).content.decode()
    client.post("/desk/board/rebalance", {"officer": post_of("fahad")})
    given = list(
        OpenTask.objects.filter(pk__in=[task.pk for task in tasks]).values_list("assignee", flat=True)
    )
    assert {post: given.count(post) for post in set(given)} == {post_of("saad"): 2, post_of("wafa"): 2}


@pytest.mark.parametrize("address", ["/desk/board", "/desk/numbers"])
def test_officers_have_no_board_and_no_numbers(desk: Desk, address: str) -> None:
    assert desk("fahad").get(address).status_code == 403


def test_an_officer_moves_nothing(desk: Desk) -> None:
    (task,) = taken("saad", 1)
    assert (
        desk("fahad").post("/desk/board/move", {"task": [task.pk], "to": post_of("fahad")}).status_code == 403
    )


def test_another_sections_head_moves_nothing_of_ours(desk: Desk) -> None:
    (task,) = taken("fahad", 1)
    desk("munira").post("/desk/board/move", {"task": [task.pk], "to": "none"})
    task.refresh_from_db()
    assert task.assignee_id == post_of("fahad")


def test_first_numbers_are_counted_with_their_definitions(desk: Desk) -> None:
    to_review()
    html = desk("nora").get("/desk/numbers", {"days": "7"}).content.decode()
    for words in ("تم الاستلام", "قُبل كما ورد أول مرة", "بحسب الخطوة", "زيارة نشاط غذائي"):
        assert words in html
    assert desk("nora").get("/desk/numbers", {"days": "x"}).status_code == 200
