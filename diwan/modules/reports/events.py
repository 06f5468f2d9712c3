"""Events of reports."""

from diwan.outbox.events import declare

ROUTED = declare(
    "reports.report.routed",
    about="A report was sent to a contractor, unit, body or desk.",
    keys=("case", "to", "code"),
)
JOINED = declare("reports.report.joined", about="A report was joined with another.", keys=("case", "into"))
