"""Save what was typed in a draft, right or wrong; when it is right it becomes the draft version."""

from __future__ import annotations

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.dated_lookups import shelf
from diwan.catalogue.drafting import open_draft
from diwan.catalogue.errors import DraftOver, NotAllowed, WrittenMeanwhile
from diwan.catalogue.models import DraftRevision, Publication, Service, ServiceVersion, WrittenDraft
from diwan.catalogue.permissions import MANAGE
from diwan.catalogue.queries.judging import Judged, judge
from diwan.catalogue.search_text import search_text_of
from diwan.catalogue.source import MOST_CHARACTERS
from diwan.catalogue.versions import new_version
from diwan.kit import clock
from diwan.kit.canonical import digest
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class TextTooLong(DiwanError):
    """More than any service is."""

    code = "catalogue.text_too_long"
    message = N_("The text is too long for a service. It was not saved.")


@transaction.atomic
def write_draft(*, draft_id: int, text: str, revision: int, by: Actor) -> tuple[WrittenDraft, Judged]:
    """Keep the text as the next revision. ``revision``: the one that was opened.

    A text without faults becomes the draft's version at once; one with faults is kept all the same, and the version
    stays as it was. A publication that waits for the version lapses when the text changes. Raises NotAllowed,
    NoSuchService, DraftOver, WrittenMeanwhile, TextTooLong.
    """
    if not by.can(MANAGE) or by.account_id is None:
        raise NotAllowed
    draft = open_draft(draft_id)
    if draft.revision != revision:
        raise WrittenMeanwhile
    text = text.replace("\r\n", "\n").replace("\0", "")
    if len(text) > MOST_CHARACTERS:
        raise TextTooLong
    judged = judge(text, shelf(None), service=draft.service)
    if text == draft.text and (draft.is_whole or judged.faults):
        return draft, judged
    draft.text, draft.name, draft.revision = text, judged.name or draft.name, draft.revision + 1
    draft.changed_by_id, draft.changed_at, draft.is_whole = by.account_id, clock.now(), not judged.faults
    if not judged.faults:
        _into_version(draft, judged, by=by)
    draft.save()
    DraftRevision.objects.create(
        draft=draft, number=draft.revision, text=text, by_id=by.account_id, at=draft.changed_at
    )
    _lapse(draft, by=by)
    audit_row(
        by=by, action="catalogue.draft.written", object_type="written_draft", object_id=draft.pk, municipality_id=None,
        fields=("text",), values={"revision": draft.revision, "text": text},
    )  # fmt: skip
    return draft, judged


def _into_version(draft: WrittenDraft, judged: Judged, *, by: Actor) -> None:
    """The draft's version says what the text says; the first time the version, and a new service, are made."""
    assert judged.read is not None and judged.plain is not None and judged.compiled is not None
    if draft.service is None:
        draft.service = Service.objects.create(
            slug=judged.read.slug, code=judged.read.code, created_at=clock.now()
        )
    if draft.version_id is None:
        Service.objects.select_for_update().get(pk=draft.service.pk)
        made = new_version(
            draft.service, judged.plain, origin=ServiceVersion.Origin.LOCAL, read=judged.read, compiled=judged.compiled
        )  # fmt: skip
    else:
        made = ServiceVersion.objects.select_for_update().get(pk=draft.version_id)
        if made.state != ServiceVersion.State.DRAFT:
            raise DraftOver
        made.definition, made.compiled = dict(judged.plain), dict(judged.compiled)
        made.hash, made.search_text = digest(judged.plain), search_text_of(judged.read)
    made.authors = sorted({*made.authors, *_writers(draft), by.account_id or 0})
    made.save()
    draft.version = made


def _writers(draft: WrittenDraft) -> set[int]:
    """Everybody who saved a text that is not the one it began with."""
    return set(draft.revisions.filter(number__gt=1).values_list("by_id", flat=True))


def _lapse(draft: WrittenDraft, *, by: Actor) -> None:
    waiting = Publication.objects.filter(version=draft.version_id, state=Publication.State.WAITING)
    for found in waiting.select_for_update():
        found.state, found.decided_at = Publication.State.LAPSED, clock.now()
        found.save(update_fields=["state", "decided_at"])
        audit_row(
            by=by, action="catalogue.publication.lapsed", object_type="service_version", object_id=found.version_id,
            municipality_id=None, fields=("state",), values={"publication": found.pk},
        )  # fmt: skip
