"""What the site allows: our own answers on land use, on distances and on the number of licences in a district.

The rules are data of the directory of activities: `uses`, `keeps_from` (metres by kind of landmark) and `quota`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from diwan.cases.checks import internal
from diwan.catalogue.queries import lookup_row
from diwan.kit import clock
from diwan.places.queries import land_use_at, nearest
from diwan.registers.models import RegisterEntry


@internal("land_use")
def land_use(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Whether every activity may be at the point: `use`, `allowed`, and the first activity `against`.

    None, silence, where the plan records no use.
    """
    use = land_use_at(lat=query["lat"], lng=query["lng"], on=clock.today())
    row = lookup_row("land_uses", use, clock.today()) if use else None
    if use is None or row is None:
        return None
    for code, rules in _activities(query):
        uses = rules.get("uses")
        if use not in uses if uses else not row.data["open"]:
            return {"use": use, "allowed": False, "against": code}
    return {"use": use, "allowed": True, "against": ""}


@internal("distances")
def distances(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether the point keeps the distances of its activities: else the `nearest` landmark, `metres` and `least`."""
    for _code, rules in _activities(query):
        for kind, least in rules.get("keeps_from", {}).items():
            found = nearest([kind], lat=query["lat"], lng=query["lng"], within=least)
            if found is not None:
                return {"kept": False, "nearest": found.name_ar, "metres": found.metres, "least": least}
    return {"kept": True, "nearest": "", "metres": 0, "least": 0}


@internal("quota")
def quota(query: Mapping[str, Any], applicant: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether the district has room for one more licence of each activity that is limited."""
    for code, rules in _activities(query):
        most = rules.get("quota")
        if most is None:
            continue
        count = RegisterEntry.objects.filter(
            kind="shop_licence", status=RegisterEntry.Status.ACTIVE, valid_to__gte=clock.today(),
            district__code=query["district"], data__answers__activities__contains=[code],
        ).count()  # fmt: skip
        if count >= most:
            return {"free": False, "count": count, "most": most}
    return {"free": True, "count": 0, "most": 0}


def _activities(query: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for code in query["activities"]:
        row = lookup_row("activities", code, clock.today())
        if row is not None:
            yield code, row.data
