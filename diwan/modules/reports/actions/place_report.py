"""The row of a report and where it is sent: written when it is routed, again after each change of type or place."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from diwan.audit.actions import audit_row
from diwan.cases.models import Case, History
from diwan.catalogue.queries import lookup_row
from diwan.files.queries import uploads_of
from diwan.forms.lookups import Row
from diwan.kit import clock
from diwan.kit.keyed import keyed_digest
from diwan.modules.reports import events
from diwan.modules.reports.alarm import tell_heads
from diwan.modules.reports.errors import ReportNotFound
from diwan.modules.reports.models import PhotoCheck, Report
from diwan.modules.reports.sending import Place, Sent, send
from diwan.outbox.actions import emit
from diwan.people.actor import Actor

TYPES = "report_types"


@transaction.atomic
def place_report(*, case_id: int, by: Actor) -> Sent:
    """Write or renew the row of the report and answer where it goes. Raises ReportNotFound."""
    case = Case.objects.select_related("municipality", "district").filter(pk=case_id).first()
    row = lookup_row(TYPES, str(case.data.get("type", "")), clock.today()) if case else None
    if case is None or row is None:
        raise ReportNotFound
    known = Report.objects.select_for_update().filter(pk=case_id).first()
    place = Place(case.municipality_id, case.municipality.code, case.district.code if case.district else "")
    sent = send(row, place, by_hand=known.sent_to if known else None, at=clock.now())
    Report.objects.update_or_create(
        case_id=case_id,
        defaults={
            **told_of(case, row), "unit_id": sent.unit_id, "contractor_id": _contractor(sent), "crew_id": sent.crew_id,
            "sent_to": None,
        },
    )  # fmt: skip
    if known is None:
        _first(case, row)
    audit_row(
        by=by, action="reports.report.routed", object_type="case", object_id=case_id,
        municipality_id=case.municipality_id, values={"to": sent.to, "code": sent.code, "rule": sent.rule},
    )  # fmt: skip
    emit(
        name=events.ROUTED,
        subject=f"case:{case_id}",
        data={"case": case_id, "to": sent.to, "code": sent.code},
    )
    return sent


def told_of(case: Case, row: Row) -> dict[str, Any]:
    """What the row says of the case: type, place, reporter."""
    pin: dict[str, Any] = case.data.get("place") or {}
    mobile = str(case.applicant.get("mobile") or "")
    return {
        "type": row.code, "category": str(row.data["category"]), "group": str(row.data.get("group") or ""),
        "priority": int(row.data["priority"]), "department": str(row.data["department"]),
        "municipality_id": case.municipality_id, "district_id": case.district_id,
        "lat": float(pin["lat"]) if pin else None, "lng": float(pin["lng"]) if pin else None,
        "channel": case.channel, "anonymous": not mobile and not case.applicant.get("email"),
        "reporter_key": reporter_key(mobile) if mobile else "", "public": bool(row.data.get("public")),
        "emergency": bool(row.data.get("emergency")), "state": case.state, "stage": case.stage,
        "opened_at": case.opened_at, "due_at": case.due_at, "closed_at": case.closed_at,
        "updated_at": last_told(case),
    }  # fmt: skip


def last_told(case: Case) -> datetime:
    """When something last happened to the case that its reporter is shown."""
    newest = History.objects.filter(case_id=case.pk, public=True).aggregate(at=Max("at"))["at"]
    return newest or case.opened_at


def _contractor(sent: Sent) -> int | None:
    return sent.entity_id if sent.to == "contractor" else None


def _first(case: Case, row: Row) -> None:
    """What happens once: its photos wait to be looked at before anybody outside sees them; heads hear of danger."""
    PhotoCheck.objects.bulk_create(
        PhotoCheck(report_id=case.pk, upload_id=upload.pk)
        for upload in uploads_of(f"case:{case.pk}")
        if upload.slot == "photos"
    )
    if row.data.get("emergency"):
        tell_heads(case, row)


def reporter_key(mobile: str) -> str:
    """The keyed digest by which reports of one number are found; the number itself stays with the case."""
    return keyed_digest(secret=settings.SECRET_KEY, purpose="reporter", value=mobile)
