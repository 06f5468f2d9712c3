"""Putting a draft into force takes two: one asks for it from a day on, somebody else approves or refuses.

Whoever wrote in the draft, or asked, does not decide; the database keeps the latter too.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.actions.publish_version import NotADraft, StartsInThePast, publish_version
from diwan.catalogue.drafting import open_draft
from diwan.catalogue.errors import NoSuchService, NotAllowed, OwnDraft
from diwan.catalogue.models import Publication, ServiceVersion, WrittenDraft
from diwan.catalogue.permissions import MANAGE, PUBLISH
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor

SHORTEST_ANSWER = 10


class NotWhole(DiwanError):
    """What the text says now cannot be published."""

    code = "catalogue.not_whole"
    message = N_("The text has faults. Mend them and save before you ask for publication.")


class PublicationWaits(DiwanError):
    """It was asked for already."""

    code = "catalogue.publication_waits"
    message = N_("Publication of this draft is asked for already.")


class PublicationOver(DiwanError):
    """It was decided, taken back, or the draft was changed."""

    code = "catalogue.publication_over"
    message = N_("This is decided already, or the draft was changed after it was asked for.")


class WordsMissing(DiwanError):
    """A refusal says why."""

    code = "catalogue.words_missing"
    message = N_("Write what has to be changed (at least 10 letters).")


@transaction.atomic
def ask_publication(*, draft_id: int, valid_from: date, note: str, by: Actor) -> Publication:
    """Ask that a draft be put into force from a day on. Raises NotAllowed, NoSuchService, DraftOver, NotWhole,
    StartsInThePast, PublicationWaits."""
    if not by.can(MANAGE) or by.account_id is None:
        raise NotAllowed
    draft = open_draft(draft_id)
    if draft.version is None or not draft.is_whole:
        raise NotWhole
    if valid_from < clock.today():
        raise StartsInThePast
    if draft.version.publications.filter(state=Publication.State.WAITING).exists():
        raise PublicationWaits
    made = Publication.objects.create(
        version=draft.version, hash=draft.version.hash, valid_from=valid_from, note=note.strip()[:2000],
        asked_by_id=by.account_id, asked_at=clock.now(),
    )  # fmt: skip
    _note("catalogue.publication.asked", made, by=by)
    return made


@transaction.atomic
def approve_publication(*, publication_id: int, answer: str = "", by: Actor) -> ServiceVersion:
    """Put the draft into force as the second person. Raises NotAllowed, NoSuchService, PublicationOver, OwnDraft and
    what `publish_version` raises."""
    found = _to_decide(publication_id, by=by)
    version = publish_version(version_id=found.version_id, valid_from=found.valid_from, by=by)
    _decide(found, Publication.State.APPROVED, answer, by=by)
    WrittenDraft.objects.filter(version=version).update(ended_at=clock.now())
    return version


@transaction.atomic
def refuse_publication(*, publication_id: int, answer: str, by: Actor) -> Publication:
    """Refuse with words; the draft stays and can be changed. Raises as `approve_publication`, and WordsMissing."""
    found = _to_decide(publication_id, by=by)
    if len(answer.strip()) < SHORTEST_ANSWER:
        raise WordsMissing
    _decide(found, Publication.State.REFUSED, answer, by=by)
    return found


@transaction.atomic
def withdraw_publication(*, publication_id: int, by: Actor) -> Publication:
    """Take the request back, by whoever may ask for one. Raises NotAllowed, NoSuchService, PublicationOver."""
    if not by.can(MANAGE):
        raise NotAllowed
    found = _waiting(publication_id)
    _decide(found, Publication.State.WITHDRAWN, "", by=by)
    return found


def _to_decide(publication_id: int, *, by: Actor) -> Publication:
    """The request, locked, that this person may decide."""
    if not by.can(PUBLISH) or by.account_id is None:
        raise NotAllowed
    found = _waiting(publication_id)
    version = found.version
    if by.account_id == found.asked_by_id or by.account_id in version.authors:
        raise OwnDraft
    if version.state != ServiceVersion.State.DRAFT:
        raise NotADraft
    if version.hash != found.hash:
        raise PublicationOver
    return found


def _waiting(publication_id: int) -> Publication:
    """Draft and version are locked first, as whoever writes in the draft does."""
    found = Publication.objects.filter(pk=publication_id).first()
    if found is None:
        raise NoSuchService
    WrittenDraft.objects.select_for_update().filter(version=found.version_id).first()
    version = ServiceVersion.objects.select_for_update().get(pk=found.version_id)
    locked = Publication.objects.select_for_update().get(pk=publication_id)
    if locked.state != Publication.State.WAITING:
        raise PublicationOver
    locked.version = version
    return locked


def _decide(found: Publication, state: str, answer: str, *, by: Actor) -> None:
    found.state, found.answer = state, answer.strip()[:2000]
    found.decided_by_id, found.decided_at = by.account_id, clock.now()
    found.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _note(f"catalogue.publication.{state}", found, by=by)


def _note(action: str, found: Publication, *, by: Actor) -> None:
    audit_row(
        by=by, action=action, object_type="service_version", object_id=found.version_id, municipality_id=None,
        fields=("state",), values={"publication": found.pk, "hash": found.hash, "from": found.valid_from},
    )  # fmt: skip
