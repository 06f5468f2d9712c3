"""Ways in: the page on which a report is followed, and the staff's entries to the screens of reports."""

from diwan.cases.registry import own_pages
from diwan.kit.errors import N_
from diwan.modules.reports.actions.file_report import SERVICE
from diwan.modules.reports.registry import CHECK_PHOTOS, HANDLE, WALL
from diwan.people.doors import entrance

own_pages(SERVICE, start="reports:new", follow="reports:report")
entrance(
    "reports:photos",
    label=N_("Photos for the public"),
    icon="image",
    fits=lambda actor: actor.can(CHECK_PHOTOS),
)
entrance(
    "reports:intake",
    label=N_("Report by telephone"),
    icon="telephone",
    fits=lambda actor: actor.can(HANDLE),
)
entrance("reports:wall", label=N_("Wall of reports"), icon="display", fits=lambda actor: actor.can(WALL))
