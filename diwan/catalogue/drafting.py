"""Drafts of services as actions take them: locked, and still open."""

from diwan.catalogue.errors import DraftOver, NoSuchService
from diwan.catalogue.models import WrittenDraft


def open_draft(draft_id: int) -> WrittenDraft:
    """The draft with its service and version, its row locked. Raises NoSuchService, DraftOver."""
    rows = WrittenDraft.objects.select_for_update(of=("self",)).select_related("service", "version")
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise NoSuchService
    if draft.ended_at is not None:
        raise DraftOver
    return draft
