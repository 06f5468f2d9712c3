"""The whole of CL-002 and CL-001 through the engine's actions."""

import pytest

from diwan.cases.models import History, OpenTask
from diwan.payments.models import Bill
from tests import cast

pytestmark = pytest.mark.usefixtures("city")

SHOP_FOOD = "CHK-FOOD"


def test_a_restaurant_goes_from_owner_to_bill(registers: cast.Registers) -> None:
    owner = cast.owner()
    case = cast.submit(owner)
    assert (case.state, case.holder, case.stage) == ("submitted", "us", "checks")
    case = cast.run_machine(case)
    assert {task.step for task in OpenTask.objects.filter(case=case)} == {"civil_defence", "supervising_body"}
    case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    print(case.state)
