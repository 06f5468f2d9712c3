"""Reports about burials and the like are never rated or celebrated: `quiet` of their type says so."""

from diwan.cases.models import Case
from diwan.cases.registry import quiet_case
from diwan.catalogue.queries import shelf
from diwan.kit import clock
from diwan.modules.reports.actions.file_report import SERVICE
from diwan.modules.reports.actions.place_report import TYPES


@quiet_case("report type")
def is_of_a_quiet_type(case: Case) -> bool:
    """Whether this is a report of a type that is quiet."""
    if case.service != SERVICE:
        return False
    row = shelf(clock.today()).row(TYPES, str(case.data.get("type", "")))
    return row is not None and bool(row.data.get("quiet"))
