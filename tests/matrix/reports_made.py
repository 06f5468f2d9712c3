"""Reports in the world of the matrix: one whose reporter is asked, one being told, one just filed; photos."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from diwan.cases.actions.drafts import start_draft
from diwan.cases.models import Case
from diwan.files.actions import receive_upload
from diwan.files.rules import SlotRules
from diwan.kit import clock
from diwan.modules.reports.actions import check_photo, file_draft
from diwan.modules.reports.actions.file_report import report_service
from diwan.modules.reports.models import LaterQuestion, PhotoCheck
from diwan.people.actor import ANONYMOUS
from tests import cast
from tests.reports.reporting import filed, finished, photo, spoken, worked


def add_reports(world: Any) -> None:
    """Make them and keep their keys by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=0))
        asked = finished(filed(), cast.member_of("contractor_naqa"))
    world.cases["report"] = asked.pk
    LaterQuestion.objects.create(report_id=asked.pk, asked_at=clock.now())
    open_one = filed("RPT-0104", reporter={"mobile": "+966500000009"})
    world.cases["open_report"] = open_one.pk
    spoken(open_one)
    shown, waiting = PhotoCheck.objects.filter(report_id=asked.pk).order_by("id")[:2]
    check_photo(upload_id=shown.upload_id, show=True, by=cast.actor("dana"))
    world.papers |= {"shown": shown.upload_id, "waiting": waiting.upload_id}
    world.drafts["nameless"] = start_draft(
        version_id=report_service().version_id, days=3, by=ANONYMOUS,
        values={"type": "RPT-0601", "landmark": "مطعم قرب الجامع"},
    ).pk  # fmt: skip
    world.drafts["told"] = _told(world, "told")
    world.drafts["filed"] = _told(world, "filed")
    reporter = cast.actor("salem", kind="self")
    opened = file_draft(draft_id=world.drafts["filed"], by=reporter)
    world.cases["own_report"] = worked(Case.objects.get(pk=opened.case_id)).pk


def _told(world: Any, name: str) -> str:
    """A report that is being told, with its place and a photo."""
    reporter = cast.actor("salem", kind="self")
    draft = start_draft(
        version_id=report_service().version_id, days=3, by=reporter,
        values={"type": "RPT-0104", "place": cast.place_in("101"), "description": "قرب الحديقة"},
    )  # fmt: skip
    upload = receive_upload(
        stream=photo(), filename="p.jpg", slot="photos", rules=SlotRules(kinds=("image",), most=5),
        owner=f"draft:{draft.pk}", by=reporter,
    )  # fmt: skip
    world.papers[name] = upload.pk
    return str(draft.pk)
