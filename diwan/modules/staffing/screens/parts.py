"""What the desk shows beside a request for leave: the days left and who else of the unit is away."""

from collections.abc import Mapping
from typing import Any, Final

from diwan.cases.models import Case
from diwan.cases.registry import desk_part
from diwan.modules.staffing.acts import asked_in
from diwan.modules.staffing.queries import balance_of, judge, standing
from diwan.people.actor import Actor
from diwan.people.models import Position

SERVICE: Final = "leave-request"


@desk_part(SERVICE, template="staffing/parts/leave.html")
def beside(case: Case, actor: Actor) -> Mapping[str, Any]:
    """Working days asked for, days left, and the leaves of the same unit that touch these days."""
    asked = asked_in(case)
    unit = Position.objects.values_list("unit_id", flat=True).get(pk=asked.position_id)
    others = standing(asked.first, asked.last).filter(position__unit_id=unit).exclude(case_id=case.pk)
    return {
        "days": judge(asked).days,
        "left": balance_of(asked.account_id),
        "counted": bool(case.facts.get("derived", {}).get("counted")),
        "away": [
            {
                "name": one.account.name_en if actor.language == "en" else one.account.name_ar,
                "first": one.first_day,
                "last": one.last_day,
            }
            for one in others.select_related("account").order_by("first_day")
        ],
    }
