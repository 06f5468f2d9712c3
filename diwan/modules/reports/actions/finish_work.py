"""A crew says that the work is done: photos before and after, their place and time checked, and a few words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from diwan.cases.actions.take_step import take_step
from diwan.cases.errors import NotAllowed
from diwan.cases.models import Case, OpenTask
from diwan.catalogue.queries import lookup_row
from diwan.files.actions import attach_uploads
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.kit import clock
from diwan.modules.reports import events
from diwan.modules.reports.actions.place_report import TYPES
from diwan.modules.reports.errors import PhotosMissing, ReportNotFound, WordsMissing
from diwan.modules.reports.models import Closing, PhotoCheck, Report
from diwan.modules.reports.papers import AFTER, BEFORE, may_work
from diwan.modules.reports.proof import Weighed, weigh
from diwan.outbox.actions import emit
from diwan.people.actor import Actor

SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Device:
    """Where the device stood that closed the work: WGS84 degrees and its own accuracy in metres."""

    lat: float
    lng: float
    accuracy: float = 0.0


@transaction.atomic
def finish_work(
    *, case_id: int, task_id: int, revision: int, words: str, by: Actor, device: Device | None = None,
    far_why: str = "",
) -> Case:  # fmt: skip
    """Close the work on a report with what was sent ahead to `work:<case>` in the slots `_before` and `_after`.

    The same once more (the connection broke before the answer arrived) changes nothing and answers with the case.
    Raises ReportNotFound, NotAllowed, WordsMissing, PhotosMissing, TooFar, TakenBefore, Outrun, WrongMoment.
    """
    report = Report.objects.select_for_update().filter(pk=case_id).first()
    task = OpenTask.objects.filter(pk=task_id, case_id=case_id).first()
    if report is None:
        raise ReportNotFound
    if (
        task is None
        and Closing.objects.filter(task_id=task_id, report_id=case_id, account_id=by.account_id).exists()
    ):
        return Case.objects.get(pk=case_id)
    if task is None:
        # Closed meanwhile: the engine tells by whom.
        return take_step(case_id=case_id, task_id=task_id, revision=revision, outcome="done", by=by)
    if not may_work(task, by):
        raise NotAllowed
    if len(words.strip()) < SHORTEST:
        raise WordsMissing
    photos = {
        slot: [one for one in uploads_of(f"work:{case_id}") if one.slot == slot] for slot in (BEFORE, AFTER)
    }
    weighed = _weighed(report, task, photos[BEFORE], photos[AFTER], device=device, far_why=far_why)
    _write(report, task, photos, weighed, words=words, far_why=far_why, by=by)
    return take_step(
        case_id=case_id, task_id=task_id, revision=revision, outcome="done", by=by, note=words.strip()
    )


def _weighed(
    report: Report, task: OpenTask, before: Sequence[Upload], after: Sequence[Upload], *, device: Device | None,
    far_why: str,
) -> Weighed:  # fmt: skip
    row = lookup_row(TYPES, report.type, clock.today())
    needed = bool(row and row.data.get("photo"))
    if needed and not (before and after):
        raise PhotosMissing
    if not needed and not after:
        return Weighed(Closing.Proof.NONE, None)
    return weigh(
        report, task, after=after, device=(device.lat, device.lng) if device else None, far_why=far_why
    )


def _write(
    report: Report, task: OpenTask, photos: dict[str, list[Upload]], weighed: Weighed, *, words: str, far_why: str,
    by: Actor,
) -> None:  # fmt: skip
    ids = {slot: [one.pk for one in found] for slot, found in photos.items()}
    now = clock.now()
    made = Closing.objects.create(
        report=report, number=report.closings.count() + 1, task_id=task.pk, at=now,
        type=report.type, municipality_id=report.municipality_id,
        unit_id=report.unit_id if task.kind != OpenTask.Kind.OUTSIDE else None,
        contractor_id=task.entity_id if task.kind == OpenTask.Kind.OUTSIDE else None, crew_id=report.crew_id,
        account_id=by.account_id, words=words.strip(), before=ids[BEFORE], after=ids[AFTER], proof=weighed.proof,
        distance=weighed.distance, far_why=far_why.strip(),
    )  # fmt: skip
    attach_uploads(
        upload_ids=[*ids[BEFORE], *ids[AFTER]],
        from_owner=f"work:{report.pk}",
        to_owner=f"case:{report.pk}",
        by=by,
    )
    PhotoCheck.objects.bulk_create(
        PhotoCheck(report=report, upload_id=pk) for pk in (*ids[BEFORE], *ids[AFTER])
    )
    Report.objects.filter(pk=report.pk).update(resolved_at=now)
    emit(
        name=events.CLOSED,
        subject=f"case:{report.pk}",
        data={"case": report.pk, "closing": made.number, "proof": str(weighed.proof)},
    )
