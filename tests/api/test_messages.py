"""A partner's system tells a case of its own what the case waits for."""

from typing import Any

from diwan.api.models import ApiClient
from diwan.cases.models import Case, OpenTask
from diwan.kit import clock, numbers
from tests import cast
from tests.api.conftest import Make
from tests.cases.conftest import registers
from tests.cases.test_several import apply, heard, publish, visited

__all__ = ["registers"]


def test_a_message_moves_the_case_that_waits_for_it_once(partner: Make, registers: Any) -> None:
    publish()
    office, other = (partner(name, services=["street-closure"]) for name in ("one", "another"))
    case = apply(metres=40)
    Case.objects.filter(pk=case.pk).update(client_id=ApiClient.objects.get(name="one").pk)
    where = f"cases/{numbers.case_number(case.pk)}/messages"
    assert office.ask("POST", where, {"name": "objection"}).json()["code"] == "cases.not_awaited"
    visited(heard(case))
    for name in ("fahad", "nora"):
        cast.step_up(cast.actor(name))
        cast.act(case, "sign", "approve", by=cast.actor(name))
    assert OpenTask.objects.filter(case=case, due_at__gt=clock.now()).exists()
    assert other.ask("POST", where, {"name": "objection"}).status_code == 404
    assert office.ask("POST", where, {"name": "objection", "data": {"a": 1}}).status_code == 422
    done = office.ask("POST", where, {"name": "objection", "data": {"reference": "OBJ-77"}})
    assert (done.status_code, done.json()["state"]) == (200, "rejected"), done.content.decode()
    assert office.ask("POST", where, {"name": "objection"}).status_code == 409
