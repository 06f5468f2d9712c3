"""The pages: how services run, one service, what would be if, the log; in both languages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from diwan.kit.clock import start_of_day
from diwan.people.models import Account
from tests import cast
from tests.desk.signed_in import session_of
from tests.mining.made import write
from tests.mining.test_figures import SLUG, straight
from tests.mining.test_whatif import FIRST

pytestmark = pytest.mark.usefixtures("city")
PERIOD = "from=2026/05/01&to=2026/10/31"


def browser(username: str = "nora", language: str = "ar") -> Client:
    """A browser with the person's session."""
    client = Client(SERVER_NAME="testserver")
    session_of(client, Account.objects.get(username=username))
    client.cookies["diwan_language"] = language
    return client


@pytest.fixture
def cases(city: str) -> None:
    """Eighty cases, a quarter of which came back."""
    place = min(cast.actor("nora").municipality_ids or ())
    sundays = [start_of_day(FIRST + timedelta(weeks=week)) + timedelta(hours=8) for week in range(20)]
    write(SLUG, [straight(day, place, back=number % 4 == 0) for day in sundays for number in range(4)])


@pytest.mark.usefixtures("cases")
def test_a_service_is_looked_at_and_changes_are_tried_out() -> None:
    for language, bottleneck in (("ar", "أكثر الوقت في خطوة"), ("en", "Most time goes to the step")):
        client = browser(language=language)
        listed = client.get(f"/console/process?{PERIOD}").content.decode()
        assert f"/console/process/{SLUG}?from=2026%2F05%2F01" in listed
        page = client.get(f"/console/process/{SLUG}?{PERIOD}").content.decode()
        assert bottleneck in page and "<svg" in page and "heat-4" in page
        form = client.get(f"/console/process/{SLUG}/what-if?{PERIOD}")
        assert form.status_code == 200 and b'name="time-review"' in form.content
        tried = client.get(
            f"/console/process/{SLUG}/what-if?{PERIOD}&run=1&time-review=٥٠&staff-ROLE-LICENSING-OFFICER=-1"
        )
        assert tried.status_code == 200 and b'id="result"' in tried.content
    log = browser().post(f"/console/process/{SLUG}/log", {"from": "2026/05/01", "to": "2026/10/31"})
    assert ".xes" in log["Content-Disposition"] and log["Cache-Control"] == "private, no-store"
    assert log.getvalue().endswith(b"</log>\n")


@pytest.mark.usefixtures("cases")
def test_what_was_typed_wrong_is_said_and_stays() -> None:
    client = browser(language="en")
    page = client.get(f"/console/process/{SLUG}/what-if?{PERIOD}&run=1&time-review=much")
    assert page.status_code == 422 and b"from 25 to 1000" in page.content and b'value="much"' in page.content
    assert b'id="error-time-review"' in page.content and b'id="result"' not in page.content
    page = client.get(f"/console/process/{SLUG}/what-if?{PERIOD}&run=1&without=payment")
    assert page.status_code == 422 and b"that are offered" in page.content
    page = client.get("/console/process?from=2026/10/31&to=2026/05/01")
    assert b"up to two years" in page.content
    assert client.get(f"/console/process/{SLUG}?from=2020/01/01&to=2020/02/01").status_code == 404
    assert client.get("/console/process/no-such-service").status_code == 404


def test_too_few_cases_are_said_in_place_of_the_form() -> None:
    place = min(cast.actor("nora").municipality_ids or ())
    write(SLUG, [straight(start_of_day(FIRST) + timedelta(hours=8), place)])
    page = browser(language="en").get(f"/console/process/{SLUG}/what-if?{PERIOD}")
    assert page.status_code == 422 and b"at least 30 ended cases" in page.content
    assert browser("fahad").get(f"/console/process/{SLUG}?{PERIOD}").status_code == 403
