"""Drafts: started, saved as typed, and discarded. A draft has no number and no clock, and it expires."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.cases.applicants import Member
from diwan.cases.models import Draft
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.outbox.prepared import Prepared, record
from diwan.people.actor import ANONYMOUS, Actor
from diwan.people.models import Account, Establishment
from diwan.people.queries import acts_for

_TO_SEND: Final = Prepared(
    name="diwan_draft",
    query="""
SELECT to_jsonb(d)::text, to_jsonb(a)::text, to_jsonb(e)::text,
    to_jsonb(ARRAY(SELECT jsonb_build_array(u.slot, u.id) FROM files_upload u
                   WHERE u.owner = 'draft:' || d.id AND u.discarded_at IS NULL
                   ORDER BY u.slot, u.created_at, u.id))::text,
    to_jsonb(ARRAY(SELECT jsonb_build_array(m.account_id, p.national_id, m.capacity)
                   FROM people_establishmentmember m JOIN people_account p ON p.id = m.account_id
                   WHERE m.establishment_id = d.establishment_id
                     AND (m.valid_to IS NULL OR m.valid_to > asked.today)))::text
FROM (SELECT %s::text AS id, %s::date AS today) asked
JOIN cases_draft d ON d.id = asked.id
LEFT JOIN people_account a ON a.id = d.account_id
LEFT JOIN people_establishment e ON e.id = d.establishment_id
""",
)


@dataclass(frozen=True, slots=True)
class ToSend:
    """A draft with all that sending it needs: `papers` by slot, and `members` of the establishment that it is for."""

    draft: Draft
    papers: dict[str, list[str]]
    members: list[Member]


class DraftNotFound(DiwanError):
    """No such draft, or somebody else's: one answer for both."""

    code = "cases.draft_not_found"
    message = N_(
        "This draft is no longer there. It may have expired or been submitted; look among your applications."
    )


class DraftChanged(DiwanError):
    """The draft was saved from another window since; nothing is overwritten."""

    code = "cases.draft_changed"
    message = N_("This draft was changed in another window at {when}. Open it again to continue from there.")


def owns(draft: Draft, by: Actor) -> bool:
    """Whether the draft is the actor's: the person's own, the establishment's, filled in at the actor's post, or that
    of the actor's system.

    Whoever started it for an establishment keeps it in every capacity, but only while acting for the establishment is
    still allowed. A draft of somebody who is not signed in belongs to the browser in whose session its id is kept.
    """
    if draft.client_id is not None or by.client_id is not None:
        return draft.client_id == by.client_id
    if draft.account_id is None and draft.clerk_id is None:
        return by.capacity == holder_of(draft.pk).capacity
    if draft.clerk_id is not None:
        return draft.clerk_id in by.position_ids
    if by.is_staff or by.account_id is None:
        return False
    mine = draft.account_id == by.account_id
    if draft.establishment_id is None:
        return mine
    return draft.establishment_id == by.establishment_id or (
        mine and acts_for(by.account_id, draft.establishment_id)
    )


def holder_of(draft_id: str) -> Actor:
    """Who acts on a draft without being signed in: whoever holds its id, which is 128 random bits, in the session.

    The caller has found the id there, and nowhere else.
    """
    return replace(ANONYMOUS, capacity=f"holder:{draft_id}")


def own_draft(draft_id: str, by: Actor, *, lock: bool = False) -> Draft:
    """The actor's draft. Raises DraftNotFound for anything else."""
    rows = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects.all()
    draft = rows.select_related("account", "establishment").filter(pk=draft_id).first()
    return _held(draft, by)


def draft_to_send(draft_id: str, by: Actor) -> ToSend:
    """The actor's draft and what goes with it, by one prepared statement. Raises DraftNotFound for anything else."""
    found = _TO_SEND.first(draft_id, clock.today().isoformat())
    if found is None:
        raise DraftNotFound
    own, account, establishment, papers, members = found
    draft = record(Draft, str(own))
    draft.account = None if account is None else record(Account, account)
    draft.establishment = None if establishment is None else record(Establishment, establishment)
    by_slot: dict[str, list[str]] = {}
    for slot, upload in json.loads(str(papers)):
        by_slot.setdefault(slot, []).append(upload)
    return ToSend(_held(draft, by), by_slot, [Member(*each) for each in json.loads(str(members))])


def _held(draft: Draft | None, by: Actor) -> Draft:
    if draft is None or not owns(draft, by) or draft.expires_at < clock.now():
        raise DraftNotFound
    return draft


@transaction.atomic
def start_draft(
    *, version_id: int, days: int, by: Actor, channel: str = "portal", values: Mapping[str, Any] | None = None,
    account_id: int | None = None, establishment_id: int | None = None, visitor: Mapping[str, Any] | None = None,
    renews: str = "", amends: int | None = None, contests: int | None = None, part: str = "",
) -> Draft:  # fmt: skip
    """Start a draft, for oneself, or by a clerk or a partner's system for a `visitor`. `values` are first answers."""
    now = clock.now()
    draft = Draft.objects.create(
        id=secrets.token_urlsafe(16)[:22], version_id=version_id,
        account_id=account_id if by.is_staff else by.account_id,
        establishment_id=establishment_id if by.is_staff else by.establishment_id,
        clerk_id=by.position_id, client_id=by.client_id, visitor=dict(visitor or {}), channel=channel,
        data=dict(values or {}), renews=renews, amends=amends, contests=contests, part=part,
        idempotency_key=secrets.token_urlsafe(24)[:32],
        language=by.language, created_at=now, saved_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    audit_row(
        by=by, action="cases.draft.started", object_type="draft", object_id=draft.pk, municipality_id=None
    )
    return draft


@transaction.atomic
def save_draft(
    *, draft_id: str, values: Mapping[str, Any], typed: Mapping[str, Any], page: str, by: Actor,
    revision: int | None = None, answers: Mapping[str, Any] | None = None,
) -> Draft:  # fmt: skip
    """Keep the whole set of answers, what was typed and could not be read, and the page reached.

    With `revision` a draft that was saved from elsewhere since is refused (DraftChanged). Raises DraftNotFound.
    """
    draft = own_draft(draft_id, by, lock=True)
    if draft.case_id is not None:
        raise DraftNotFound
    if revision is not None and draft.revision != revision:
        raise DraftChanged(when=f"{clock.local(draft.saved_at):%H:%M}")
    draft.data, draft.typed, draft.page = dict(values), dict(typed), page or draft.page
    if answers is not None:
        draft.answers = dict(answers)
    draft.revision += 1
    draft.saved_at = clock.now()
    draft.save(update_fields=["data", "typed", "page", "answers", "revision", "saved_at"])
    return draft


@transaction.atomic
def name_visitor(*, draft_id: str, visitor: Mapping[str, Any], by: Actor) -> Draft:
    """Keep who the draft is for when it is somebody without an account (name, mobile). Raises DraftNotFound."""
    draft = own_draft(draft_id, by, lock=True)
    if draft.case_id is not None or draft.account_id is not None:
        raise DraftNotFound
    draft.visitor = dict(visitor)
    draft.save(update_fields=["visitor"])
    audit_row(
        by=by, action="cases.draft.visitor_named", object_type="draft", object_id=draft.pk, municipality_id=None,
        fields=tuple(sorted(visitor)),
    )  # fmt: skip
    return draft


@transaction.atomic
def discard_draft(*, draft_id: str, by: Actor) -> None:
    """Throw a draft away; its uploads are released by the job that prunes drafts. Raises DraftNotFound."""
    draft = own_draft(draft_id, by, lock=True)
    audit_row(
        by=by, action="cases.draft.discarded", object_type="draft", object_id=draft.pk, municipality_id=None
    )
    draft.delete()
