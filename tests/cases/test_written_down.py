"""Each act on a case is in its history and, without any personal value, in the audit log."""

from collections import Counter

import pytest

from diwan.audit.models import AuditRow
from diwan.cases.models import Case, History
from tests import cast
from tests.cases import walking
from tests.cases.test_walk import to_head

pytestmark = pytest.mark.usefixtures("city", "registers")


def acts(case: Case) -> Counter[str]:
    """How often each act stands in the history; routing by rule belongs to the act that caused it."""
    return Counter(History.objects.filter(case=case).exclude(act="decided").values_list("act", flat=True))


def rows(case: Case) -> Counter[str]:
    """How often each act stands in the audit log."""
    found = AuditRow.objects.filter(object_type="case", object_id=str(case.pk)).values_list(
        "action", flat=True
    )
    return Counter(action.removeprefix("cases.case.") for action in found)


def test_every_act_of_a_walk_leaves_its_row() -> None:
    case = to_head(cast.owner())
    head = cast.actor("abdulaziz")
    cast.step_up(head)
    case = walking.issued(cast.act(case, "head_approval", "approve", by=head))
    assert acts(case)["acted"] >= 6
    assert rows(case) == acts(case)


def test_the_instant_walk_too_with_the_visit_that_follows() -> None:
    case = walking.issued(walking.billed(cast.owner()))
    assert rows(case) == acts(case)
    assert acts(case)["followed"] == 1
    visit = Case.objects.get(pk=case.facts["follow_ups"][0]["case"])
    assert rows(visit) == acts(visit) == Counter({"opened": 1})
