"""Nothing of ours leads to another site, whatever stands in `next`; and a signed-out page is gone."""

from __future__ import annotations

import pytest

from tests.trust.conftest import Browser

ELSEWHERE = (
    "https://example.com/", "//example.com/", "/\\example.com", "\\\\example.com", "javascript:alert(1)",
    "https:example.com", "http:///example.com", " //example.com", "data:text/html,x",
)  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in/language", {"language": "en"}),
        ("/ui/language", {"language": "en"}),
        ("/ui/preferences", {"text": "1"}),
        ("/feedback", {"useful": "yes"}),
    ],
)
def test_no_form_leads_to_another_site(
    browser: Browser, path: str, form: dict[str, str], target: str
) -> None:
    answer = browser().post(path, {**form, "next": target, "page": target}, headers={"Referer": target})
    assert answer.status_code in (204, 302)
    assert answer.headers.get("Location", "/") == "/"


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/staff", "/sign-in/switch-user"])
def test_signing_in_carries_no_foreign_address(browser: Browser, path: str, target: str) -> None:
    page = browser().get(path, {"next": target}).content.decode()
    assert 'name="next" value=""' in page or 'name="next"' not in page


@pytest.mark.parametrize("target", ELSEWHERE)
def test_choosing_a_capacity_stays_here(browser: Browser, target: str) -> None:
    answer = browser("salem").post("/sign-in/capacity", {"capacity": "self", "next": target})
    assert (answer.status_code, answer["Location"].startswith("/")) == (302, True)
    assert "example.com" not in answer["Location"] and not answer["Location"].startswith("//")


def test_a_session_that_signed_out_opens_nothing_any_more(browser: Browser) -> None:
    client = browser("fahad")
    key = client.cookies["diwan_session"].value
    assert client.get("/desk/")["Cache-Control"] == "no-store"
    out = client.post("/sign-in/out")
    assert (out["Clear-Site-Data"], out["Cache-Control"]) == ('"cache"', "no-store")
    client.cookies["diwan_session"] = key
    again = client.get("/desk/")
    assert (again.status_code, again["Location"].startswith("/sign-in/staff")) == (302, True)
