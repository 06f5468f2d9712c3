"""One request id from the web request to the worker's rows and lines, and on to the systems outside."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from diwan.audit.models import AuditRow
from diwan.cases.models import Case, OpenTask
from diwan.jobs.machine import run_acts
from diwan.kit import tracing
from diwan.notify.actions import send_due
from diwan.notify.models import Message
from diwan.outbox.models import Event
from diwan.project.logs import JsonLines, PlainLines
from tests import cast
from tests.apply.browsing import client_of
from tests.cases.walking import GROCERY
from tests.peers.running import Peer

ID = "walk-of-one-request-0001"


class Lines(logging.Handler):
    """Keeps every record as the line that production would write."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.seen: list[dict[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Format in the context of the caller, as a stream handler does."""
        self.seen.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The log of this test as JSON lines."""
    kept = Lines()
    logging.getLogger().addHandler(kept)
    yield kept
    logging.getLogger().removeHandler(kept)


@pytest.mark.usefixtures("city")
def test_one_id_follows_a_case_from_the_request_to_the_worker_and_the_register(
    registers: Peer, catcher: Peer, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: dict[str, Any] = dict(GROCERY)
    draft = cast.fill_draft(cast.owner("maryam"), cast.INSTANT, **answers)
    client = client_of("maryam")
    answer = client.post(reverse("apply:review", args=[draft.pk]), headers={"X-Request-ID": ID})
    assert answer.status_code == 302
    assert answer["X-Request-Id"] == ID
    case = Case.objects.order_by("-pk").first()
    assert case is not None
    # The rows that wait for the worker bear it.
    assert AuditRow.objects.get(action="cases.case.opened", object_id=str(case.pk)).request_id == ID
    assert set(OpenTask.objects.filter(case=case).values_list("request_id", flat=True)) == {ID}
    assert set(Message.objects.filter(case_id=case.pk).values_list("request_id", flat=True)) == {ID}
    assert set(Event.objects.filter(subject=f"case:{case.pk}").values_list("request_id", flat=True)) == {ID}
    # The worker acts for the same request, in its log, its rows and towards the register.
    assert run_acts() == 1
    assert AuditRow.objects.get(action="cases.case.checked", object_id=str(case.pk)).request_id == ID
    assert set(OpenTask.objects.filter(case=case).values_list("request_id", flat=True)) == {ID}
    log = registers.http.get("/control/log", params={"request_id": ID}).json()["log"]
    assert log
    worked = [line for line in lines.seen if line.get("request") == ID]
    capacities = {line.get("capacity") for line in worked}
    assert "system:acts" in capacities
    assert any(line["logger"] == "diwan.jobs" and line["case"] == str(case.pk) for line in worked)
    assert any(line["logger"] == "diwan.registers" and line["case"] == str(case.pk) for line in worked)
    web = next(line for line in worked if line["logger"] == "diwan.requests")
    assert web["capacity"].startswith("establishment:")
    assert web["message"].startswith("POST /apply/<") or "POST /" in web["message"]
    assert str(draft.pk) not in web["message"]
    # Messages leave in its name, and nothing of it is left in the thread.
    assert send_due() >= 1
    assert tracing.request_id() == ""


def test_an_id_from_outside_is_taken_when_it_has_the_shape_of_one() -> None:
    assert tracing.accepted("a1b2c3d4-e5f6") == "a1b2c3d4-e5f6"
    for bad in ("", "short", "x" * 65, "with space inside", "new\nline-inside", "<script>alert</script>"):
        assert tracing.accepted(bad) != bad
        assert len(tracing.accepted(bad)) == 16


def test_lines_say_what_is_known_and_nothing_else() -> None:
    record = logging.LogRecord("diwan.jobs", logging.WARNING, __file__, 1, "a %s", ("text",), None)
    with tracing.following("a-request-of-a-test", capacity="position:7", case=2600000012):
        said = json.loads(JsonLines().format(record))
        plain = PlainLines().format(record)
    assert said["level"] == "warning" and said["message"] == "a text" and said["logger"] == "diwan.jobs"
    assert said["request"] == "a-request-of-a-test"
    assert (said["capacity"], said["case"]) == ("position:7", "2600000012")
    assert said["time"].endswith("+00:00")
    assert plain.endswith("a text [a-request-of-a-test position:7 case 2600000012]")
    bare = json.loads(JsonLines().format(record))
    assert "request" not in bare and "case" not in bare
