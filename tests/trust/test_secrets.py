"""Number and secret: five wrong ones, wherever they are tried, and then a pause with its end told."""

from __future__ import annotations

from diwan.cases import secrets
from diwan.kit.numbers import case_number
from diwan.people.models import RateWindow
from tests import cast
from tests.trust.conftest import Browser


def test_five_wrong_secrets_slow_page_link_and_api_together(browser: Browser) -> None:
    case = cast.submit(cast.owner())
    number, right = case_number(case.pk), secrets.digits_of(case.pk)
    wrong = f"{(int(right) + 1) % 10**8:08d}"
    client, api = browser(), f"/api/v1/cases/{number}/status"
    for _ in range(3):
        assert client.get(api, headers={"X-Case-Secret": wrong}).status_code == 404
    for _ in range(2):
        assert client.post("/track", {"number": number, "secret": wrong}).status_code == 404
    for secret in (wrong, right):
        refused = client.get(api, headers={"X-Case-Secret": secret})
        assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
        refused = client.post("/track", {"number": number, "secret": secret})
        assert (refused.status_code, int(refused["Retry-After"]) > 0) == (429, True)
    assert client.get(f"/t/{number}/{secrets.link_of(case.pk)}").status_code == 429


def test_a_number_that_never_existed_is_slowed_alike(browser: Browser) -> None:
    client, number = browser(), case_number(cast.submit(cast.owner()).pk + 4000)
    tries = [client.get(f"/api/v1/cases/{number}/status?secret=12345678").status_code for _ in range(6)]
    assert tries == [404] * 5 + [429]


def test_a_right_secret_after_a_wrong_one_is_taken_back(browser: Browser) -> None:
    case = cast.submit(cast.owner())
    client, number = browser(), case_number(case.pk)
    right = secrets.digits_of(case.pk)
    given = {"X-Case-Secret": f"{(int(right) + 1) % 10**8:08d}"}
    assert client.get(f"/api/v1/cases/{number}/status", headers=given).status_code == 404
    for _ in range(7):
        given = {"X-Case-Secret": right}
        assert client.get(f"/api/v1/cases/{number}/status", headers=given).status_code == 200
    assert RateWindow.objects.get(key=f"case secret:{case.pk}").count == 1


def test_a_right_secret_is_never_counted(browser: Browser) -> None:
    case = cast.submit(cast.owner())
    client, number = browser(), case_number(case.pk)
    for _ in range(7):
        given = {"X-Case-Secret": secrets.digits_of(case.pk)}
        assert client.get(f"/api/v1/cases/{number}/status", headers=given).status_code == 200
    assert not RateWindow.objects.filter(key=f"case secret:{case.pk}").exists()


def test_digits_typed_in_groups_are_counted_like_digits(browser: Browser) -> None:
    case = cast.submit(cast.owner())
    client, number = browser(), case_number(case.pk)
    wrong = f"{(int(secrets.digits_of(case.pk)) + 1) % 10**8:08d}"
    for typed in (
        f"{wrong[:4]}-{wrong[4:]}",
        f"{wrong[:4]} {wrong[4:]}",
        wrong,
        f"{wrong[:2]}-{wrong[2:]}",
        wrong,
    ):
        assert client.post("/track", {"number": number, "secret": typed}).status_code == 404
    assert client.post("/track", {"number": number, "secret": secrets.digits_of(case.pk)}).status_code == 429
