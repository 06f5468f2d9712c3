"""The list from which an employee chooses a deputy: posts to which the powers can pass, with who sits there."""

from collections.abc import Mapping, Sequence
from typing import Any

from diwan.catalogue.registry import living_lookup
from diwan.flow.table import Text
from diwan.forms.lookups import Row
from diwan.kit import clock
from diwan.kit.arabic import normalise, sort_key
from diwan.modules.staffing.queries import may_deputise
from diwan.people.models import Holding, Position
from diwan.people.queries import valid_on


@living_lookup("colleagues")
def colleagues(applicant: Mapping[str, Any]) -> Sequence[Row]:
    """The deputies that an employee may name today; none for anybody who holds no post."""
    own = Position.objects.select_related("unit").filter(pk=applicant.get("post") or 0).first()
    if own is None:
        return ()
    held = valid_on(Holding.objects.filter(account__is_active=True), clock.today())
    rows = held.exclude(account_id=int(applicant.get("account") or 0)).select_related(
        "account", "position__unit__parent"
    )
    near = rows.filter(position__level__in=(own.level, own.level + 1)).order_by("position_id", "-kind")
    found = {row.position_id: row for row in near if may_deputise(own, row.position)}
    return [_row(row) for row in found.values()]


def _row(held: Holding) -> Row:
    who, post = held.account, held.position
    name = Text(f"{who.name_ar} - {post.title_ar}", f"{who.name_en} - {post.title_en}")
    return Row(post.code, name, {}, sort_key(name.ar), normalise(f"{name.ar} {name.en}"))
