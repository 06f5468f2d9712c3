"""Events of reports."""

from diwan.outbox.events import declare

ROUTED = declare(
    "reports.report.routed",
    about="A report was sent to a contractor, unit, body or desk.",
    keys=("case", "to", "code"),
    outward=("case", "to", "code"),
)
CLOSED = declare(
    "reports.report.closed",
    about="The work on a report was said to be done; `proof` says what its photos prove.",
    keys=("case", "closing", "proof"),
    outward=("case", "closing", "proof"),
)
CONFIRMED = declare(
    "reports.report.confirmed", about="The reporter says that it is fixed.", keys=("case",), outward=("case",)
)
DISPUTED = declare(
    "reports.report.disputed",
    about="The reporter says that it is not fixed.",
    keys=("case",),
    outward=("case",),
)
JUDGED = declare(
    "reports.report.judged",
    about="A closing was found fixed or false: by the sample, after a dispute, or by the reporter's word.",
    keys=("case", "closing", "verdict", "means"),
    outward=("case", "closing", "verdict", "means"),
)
JOINED = declare("reports.report.joined", about="A report was joined with another.", keys=("case", "into"))
