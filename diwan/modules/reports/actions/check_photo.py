"""Somebody looks at a photo before everybody can."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.errors import NotAllowed
from diwan.kit import clock
from diwan.modules.reports.errors import ReportNotFound
from diwan.modules.reports.models import PhotoCheck
from diwan.modules.reports.registry import CHECK_PHOTOS
from diwan.people.actor import Actor


@transaction.atomic
def check_photo(*, upload_id: str, show: bool, by: Actor) -> PhotoCheck:
    """Say whether the photo may be shown in public; it may be said anew. Raises NotAllowed, ReportNotFound."""
    if not by.can(CHECK_PHOTOS):
        raise NotAllowed
    row = PhotoCheck.objects.select_for_update().select_related("report").filter(upload_id=upload_id).first()
    if row is None or not by.reaches(row.report.municipality_id):
        raise ReportNotFound
    row.state = PhotoCheck.State.SHOWN if show else PhotoCheck.State.WITHHELD
    row.at, row.position_id = clock.now(), by.position_id
    row.save(update_fields=["state", "at", "position_id"])
    audit_row(
        by=by, action="reports.photo.checked", object_type="upload", object_id=upload_id,
        municipality_id=row.report.municipality_id, values={"state": row.state},
    )  # fmt: skip
    return row
