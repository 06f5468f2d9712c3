"""The facility belongs to another body: the report goes there under the same number."""

from collections.abc import Sequence

from django.db import transaction

from diwan.cases.actions.intervene import intervene
from diwan.cases.models import Case
from diwan.modules.reports.errors import UnknownTarget
from diwan.people.actor import Actor
from diwan.people.models import OutsideEntity


@transaction.atomic
def forward_report(
    *, case_id: int, revision: int, body: str, reasons: Sequence[str], by: Actor, note: str = ""
) -> Case:
    """Send it to the outside body with this code. Raises UnknownTarget and what `intervene` raises."""
    if not OutsideEntity.objects.filter(code=body).exists():
        raise UnknownTarget
    return intervene(
        case_id=case_id,
        name="forward",
        revision=revision,
        reasons=reasons,
        note=note,
        given={"body": body},
        by=by,
    )
