"""What proves that work was done where and when it is said to be done; and that nothing is closed without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils.dateparse import parse_datetime

from diwan.cases.models import Case, OpenTask
from diwan.cases.registry import guard
from diwan.catalogue.registry import Kind, declare
from diwan.files.models import Upload
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.modules.reports.errors import ProofMissing, TakenBefore, TooFar
from diwan.modules.reports.models import Closing, Report
from diwan.modules.reports.places import metres
from diwan.people.actor import Actor

declare(
    Kind(
        "guard",
        "reports.proof",
        Text("إثبات العمل", "Proof of the work"),
        "The work was closed on its own page: photos before and after where the type asks for them, place and time "
        "checked, and in plain words what was done.",
    )
)
CLOCK_OFF: Final = timedelta(minutes=10)
"""How far the clock of a camera may be off."""


@guard("reports.proof")
def proof_is_there(case: Case, task: OpenTask, by: Actor) -> None:
    """Refuse to close work around its page: the closing of this very task is written first."""
    if not Closing.objects.filter(task_id=task.pk).exists():
        raise ProofMissing


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the photos prove, and how far from the place of the report they were taken (None: they do not tell)."""

    proof: str
    distance: float | None


def weigh(
    report: Report,
    task: OpenTask,
    *,
    after: Sequence[Upload],
    device: tuple[float, float] | None,
    far_why: str,
) -> Weighed:
    """Judge the photos taken after the work against place and time of the report.

    The place is told by the photos, else by the `device` (lat, lng) that closes the work. Raises TooFar beyond the
    limit without a reason, TakenBefore for a photo older than the task.
    """
    taken = [moment for upload in after if (moment := _taken_at(upload)) is not None]
    if any(moment < task.entered_at - CLOCK_OFF for moment in taken):
        raise TakenBefore
    places = [place for upload in after if (place := _place(upload)) is not None]
    if not places and device is not None:
        places = [device]
    if report.lat is None or report.lng is None or not places:
        return Weighed(Closing.Proof.UNPROVEN, None)
    distance = max(metres(report.lat, report.lng, lat, lng) for lat, lng in places)
    if distance <= settings.DIWAN.report_photo_metres:
        return Weighed(Closing.Proof.PROVEN, distance)
    if not far_why.strip():
        raise TooFar(metres=round(distance))
    return Weighed(Closing.Proof.FAR, distance)


def _place(upload: Upload) -> tuple[float, float] | None:
    found = upload.private.get("gps")
    return (float(found["lat"]), float(found["lng"])) if found else None


def _taken_at(upload: Upload) -> datetime | None:
    """When the camera says the photo was taken; a camera without a zone keeps Riyadh time."""
    moment = parse_datetime(str(upload.private.get("taken_at") or ""))
    if moment is None:
        return None
    return moment.replace(tzinfo=clock.RIYADH) if moment.tzinfo is None else moment
