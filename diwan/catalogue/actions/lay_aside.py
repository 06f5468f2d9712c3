"""Lay a draft aside: it is closed and listed no more; what was written stays."""

from __future__ import annotations

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.actions.publications import PublicationWaits
from diwan.catalogue.drafting import open_draft
from diwan.catalogue.errors import NotAllowed
from diwan.catalogue.models import Publication, WrittenDraft
from diwan.catalogue.permissions import MANAGE
from diwan.kit import clock
from diwan.people.actor import Actor


@transaction.atomic
def lay_aside(*, draft_id: int, by: Actor) -> WrittenDraft:
    """Close a draft that nobody goes on with. Raises NotAllowed, NoSuchService, DraftOver, PublicationWaits."""
    if not by.can(MANAGE):
        raise NotAllowed
    draft = open_draft(draft_id)
    if Publication.objects.filter(version=draft.version_id, state=Publication.State.WAITING).exists():
        raise PublicationWaits
    draft.ended_at = clock.now()
    draft.save(update_fields=["ended_at"])
    audit_row(
        by=by, action="catalogue.draft.laid_aside", object_type="written_draft", object_id=draft.pk,
        municipality_id=None, fields=("ended_at",), values={"revision": draft.revision},
    )  # fmt: skip
    return draft
