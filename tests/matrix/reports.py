"""Reports of the world: `body` is the contractor that works on them, `inspector` judges one that is closed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from diwan.cases.models import OpenTask
from diwan.files.queries import uploads_of
from diwan.modules.reports.models import Contract, Crew
from diwan.people.models import OutsideEntity, Position
from tests import cast
from tests.reports.reporting import filed, finished, send_photos, spoken

if TYPE_CHECKING:
    from tests.matrix.world import World

KIND = "RPT-0112"
CREW = "MATRIX-1"


def make(world: World) -> None:
    """One report to be worked on, with photos sent ahead, and one that waits for a judgement."""
    body = OutsideEntity.objects.get(code="civil_defence")
    Contract.objects.create(entity=body, number="MATRIX", kinds=[KIND], valid_from=date(2020, 1, 1))
    Crew.objects.create(code=CREW, name_ar="فرقة السور", name_en="Wall crew", entity=body)
    contractor = cast.actor("cd.yousef")
    waiting = filed(KIND)
    world.cases["work"] = waiting.pk
    send_photos(waiting, contractor, "_before")
    spoken(waiting)
    world.papers["work"] = uploads_of(f"work:{waiting.pk}")[0].pk
    judged = finished(filed(KIND), contractor, device=None)
    world.cases["judged"] = judged.pk
    spoken(judged)
    judge = Position.objects.get(pk__in=cast.actor("khalid").position_ids)
    OpenTask.objects.filter(case=judged, step="verify").update(assignee=judge)
