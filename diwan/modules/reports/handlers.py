"""What reports do when they hear of their cases."""

from diwan.cases.events import ENDED, MOVED
from diwan.modules.reports.actions.project_report import project_report
from diwan.outbox.registry import Delivered, handles
from diwan.people.actor import system


@handles(MOVED, ENDED, name="reports.project")
def on_case_moved(event: Delivered) -> None:
    """A case moved: the row of the report, its verdicts and its followers with it."""
    if event.data["service"] == "report":
        project_report(case_id=int(event.data["case"]), by=system("reports.project"))
