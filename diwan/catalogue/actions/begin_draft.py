"""Begin writing a version of a service: from a version, or a new service from an outline."""

from __future__ import annotations

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.dated_lookups import shelf
from diwan.catalogue.errors import NoSuchService, NotAllowed
from diwan.catalogue.models import DraftRevision, ServiceVersion, WrittenDraft
from diwan.catalogue.permissions import MANAGE
from diwan.catalogue.queries.judging import judge
from diwan.catalogue.source import ROOT
from diwan.catalogue.written import text_of
from diwan.kit import clock
from diwan.people.actor import Actor

OUTLINE = (ROOT / "outline.yaml").read_text(encoding="utf-8")
"""What a new service starts from: the smallest whole one, to be renamed."""


@transaction.atomic
def begin_draft(*, version_id: int | None, by: Actor) -> WrittenDraft:
    """A draft to write in. ``version_id``: the version to begin from, None for a new service. A draft version that is
    being written already gives the same draft. Raises NotAllowed, NoSuchService."""
    if not by.can(MANAGE) or by.account_id is None:
        raise NotAllowed
    base, own, now, text = None, None, clock.now(), OUTLINE
    if version_id is not None:
        found = ServiceVersion.objects.select_related("service").select_for_update(of=("self",))
        base = found.filter(pk=version_id).first()
        if base is None:
            raise NoSuchService
        own = base if base.state == ServiceVersion.State.DRAFT else None
        running = WrittenDraft.objects.filter(version=own).first() if own is not None else None
        if running is not None:
            return _again(running, by=by)
        text = text_of(base)
    service = base.service if base is not None else None
    judged = judge(text, shelf(None), service=service)
    draft = WrittenDraft.objects.create(
        service=service, base=base, version=own, name=judged.name, text=text,
        is_whole=own is not None and not judged.faults, begun_by_id=by.account_id, begun_at=now,
        changed_by_id=by.account_id, changed_at=now,
    )  # fmt: skip
    DraftRevision.objects.create(draft=draft, number=1, text=text, by_id=by.account_id, at=now)
    _note(draft, by=by)
    return draft


def _again(draft: WrittenDraft, *, by: Actor) -> WrittenDraft:
    """The draft that is written already; one that was laid aside is taken up."""
    if draft.ended_at is not None:
        draft.ended_at = None
        draft.save(update_fields=["ended_at"])
        _note(draft, by=by)
    return draft


def _note(draft: WrittenDraft, *, by: Actor) -> None:
    audit_row(
        by=by, action="catalogue.draft.begun", object_type="written_draft", object_id=draft.pk, municipality_id=None,
        fields=("text",), values={"base": draft.base_id or 0, "revision": draft.revision},
    )  # fmt: skip
