"""One report tells of two things: the second becomes a report of its own, with the same reporter, place and photos."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.cases import visibility
from diwan.cases.actions.open_cases import Opened
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.models import Case
from diwan.files.actions import share_uploads
from diwan.files.queries import uploads_of
from diwan.modules.reports.actions.file_report import Filing, file_report
from diwan.modules.reports.actions.place_report import place_report
from diwan.modules.reports.models import Report
from diwan.modules.reports.registry import HANDLE
from diwan.people.actor import Actor


@transaction.atomic
def split_report(*, case_id: int, kind: str, description: str, key: str, by: Actor) -> Opened:
    """Open a report of another type (`kind`) from this one. Raises CaseNotFound, NotAllowed, FieldErrors, KeyReused."""
    case = Case.objects.filter(pk=case_id, service="report").first()
    if case is None or not visibility.can_see(by, case):
        raise CaseNotFound
    if not by.can(HANDLE):
        raise NotAllowed
    kept = ("place", "district", "landmark", "pole")
    answers: dict[str, Any] = {name: case.data[name] for name in kept if name in case.data}
    reporter: Mapping[str, str] = {
        name: str(case.applicant.get(name) or "")
        for name in ("name_ar", "name_en", "mobile", "email", "national_id")
    }
    opened = file_report(
        filing=Filing(
            answers={**answers, "type": kind, "description": description}, reporter=reporter, key=key,
            scope=f"split:{case_id}", channel=case.channel, language=case.language, account_id=case.account_id,
        ),
        by=by,
    )  # fmt: skip
    if opened.fresh:
        photos = [one.pk for one in uploads_of(f"case:{case_id}") if one.slot == "photos"]
        if photos:
            share_uploads(upload_ids=photos, to_owner=f"case:{opened.case_id}", by=by)
        place_report(case_id=opened.case_id, by=by)
        Report.objects.filter(pk=opened.case_id).update(split_from_id=case_id)
    return opened
