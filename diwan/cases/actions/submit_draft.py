"""Submit a draft: validated whole, located, opened once whatever is clicked twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from diwan.cases import checks
from diwan.cases.about import facts_about
from diwan.cases.actions.answer_party import answer_party
from diwan.cases.actions.drafts import ToSend, draft_to_send, own_draft
from diwan.cases.actions.open_cases import KeyReused, Opened, open_case
from diwan.cases.actions.resubmit import resubmit
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.carried_drafts import version_to_follow
from diwan.cases.completing import still_asked
from diwan.cases.contests import Decision, ObjectedAlready, contestable, decided
from diwan.cases.context import form_context
from diwan.cases.errors import DraftMoved, FormChanged
from diwan.cases.models import Draft
from diwan.cases.opening import Opening
from diwan.cases.places import place_of, require_covered
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.files.actions import UploadMissing, attach_uploads
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.files.rules import stands_in_the_form
from diwan.forms.context import FormContext
from diwan.forms.entry import examine
from diwan.kit import numbers
from diwan.kit.errors import FieldErrors
from diwan.people.actor import Actor
from diwan.people.models import Position


def submit_draft(*, draft_id: str, by: Actor) -> Opened:
    """Open the case of a draft, or complete the returned case it amends; a second call answers the same.

    Raises DraftNotFound, FieldErrors (what is missing or wrong, by field and slot), Blocked (a register's answer
    forbids it), NotOfferedThere, OutsideTheCity, NotCovered, UploadMissing, DraftMoved, FormChanged (`carry_draft`
    brings it to the form in force); for an objection NothingToObjectTo, TooLateToObject, ObjectedAlready; of a
    partner NotTheirLicence (the licence changed since).
    """
    try:
        return _submitted(draft_to_send(draft_id, by), by)
    except (DraftMoved, UploadMissing):
        # Saved, sent or a paper taken away from another window in this very moment: what stands there now counts.
        return _submitted(draft_to_send(draft_id, by), by)


def _submitted(sent: ToSend, by: Actor) -> Opened:
    draft = sent.draft
    if draft.case_id is not None:
        return Opened(draft.case_id, fresh=False)
    if version_to_follow(draft) != draft.version_id:
        raise FormChanged
    if draft.part:
        return _answered(draft.pk, by)
    if draft.amends is not None:
        return _completed(draft.pk, by)
    service = service_of(draft.version_id)
    applicant = snapshot_of_draft(draft, members=sent.members)
    context = form_context(service, applicant=applicant, renews=draft.renews)
    if draft.client_id is not None:
        facts_about(service, draft.renews, applicant, context)
    papers = still_asked(sent.papers, service.form)
    documents = _in_the_form(papers)
    values, facts = _examined(service, draft, documents, context)
    checks.refuse_blocked(service, draft.answers)
    begun = _begun(service, draft, values)
    require_covered(by, service, begun.municipality_id)
    opening = Opening(
        service=service, municipality_id=begun.municipality_id, district_id=begun.district_id, applicant=applicant,
        data=values, facts={**facts, **begun.facts}, by=by, account_id=draft.account_id,
        establishment_id=draft.establishment_id,
        filed_by_id=draft.clerk_id, channel=draft.channel, language=draft.language, scope=begun.scope,
        key=begun.key, documents=documents,
        papers=[upload for slot in papers.values() for upload in slot], papers_from=f"draft:{draft.pk}",
        draft_id=draft.pk, draft_revision=draft.revision,
    )  # fmt: skip
    return _opened(opening, draft)


@dataclass(frozen=True, slots=True)
class _Begun:
    """Where a case belongs, what it is about, and the key under which it is opened once."""

    municipality_id: int
    district_id: int | None
    facts: Mapping[str, Any]
    scope: str
    key: str


def _begun(service: CompiledService, draft: Draft, values: Mapping[str, Any]) -> _Begun:
    """An objection belongs where the decision was taken and is opened once for it; anything else where its place is."""
    if service.definition.for_staff:
        return _Begun(_town_of_post(draft), None, {}, "draft", draft.idempotency_key)
    if service.definition.contests is None:
        return _Begun(*place_of(service, values), {}, "draft", draft.idempotency_key)
    found = contestable(_decision(service, draft))
    facts = {"contested": found.facts}
    return _Begun(found.municipality_id, found.district_id, facts, "objection", found.mark)


def _town_of_post(draft: Draft) -> int:
    """An employee's own request belongs to the municipality of the post."""
    return Position.objects.values_list("unit__municipality_id", flat=True).get(pk=draft.clerk_id or 0)


def _decision(service: CompiledService, draft: Draft) -> Decision | None:
    contests = service.definition.contests
    return None if contests is None else decided(contests.what, draft.contests or draft.renews)


def _opened(opening: Opening, draft: Draft) -> Opened:
    """Open it. Of two objections to one decision that are sent at once the second is refused."""
    try:
        return open_case(opening)
    except KeyReused as error:
        if opening.scope != "objection":
            raise
        first = _decision(opening.service, draft)
        number = first.objection if first is not None else None
        raise ObjectedAlready(number=numbers.show_case_number(number) if number else "") from error


@transaction.atomic
def _completed(draft_id: str, by: Actor) -> Opened:
    """Take a draft that amends a returned case into that case."""
    draft = own_draft(draft_id, by, lock=True)
    if draft.case_id is not None:
        return Opened(draft.case_id, fresh=False)
    amends = draft.amends or 0
    service = service_of(draft.version_id)
    context = form_context(service, applicant=snapshot_of_draft(draft), renews=draft.renews)
    mine = still_asked(by_slot(uploads_of(f"draft:{draft.pk}")), service.form)
    documents = _in_the_form({**still_asked(by_slot(uploads_of(f"case:{amends}")), service.form), **mine})
    values, facts = _examined(service, draft, documents, context)
    opened = resubmit(case_id=amends, values=values, facts=facts, draft_id=draft.pk, by=by)
    Draft.objects.filter(pk=draft.pk).update(case_id=opened.case_id)
    attach_uploads(
        upload_ids=[upload for slot in mine.values() for upload in slot],
        from_owner=f"draft:{draft.pk}",
        to_owner=f"case:{opened.case_id}",
        by=by,
    )
    return opened


@transaction.atomic
def _answered(draft_id: str, by: Actor) -> Opened:
    """Take the part of another party into the case: that is its confirmation."""
    draft = own_draft(draft_id, by, lock=True)
    if draft.case_id is not None:
        return Opened(draft.case_id, fresh=False)
    number = draft.amends or 0
    service = service_of(draft.version_id)
    context = form_context(service, applicant=snapshot_of_draft(draft), part=draft.part)
    mine = still_asked(by_slot(uploads_of(f"draft:{draft.pk}")), service.form)
    values, _facts = _examined(service, draft, _in_the_form(mine), context)
    checks.refuse_blocked(service, draft.answers)
    confirm = next(
        key for key, exit_ in service.flow.steps[draft.part].exits.items() if exit_.effect == "approve"
    )
    answer_party(case_id=number, outcome=confirm, values=values, by=by)
    Draft.objects.filter(pk=draft.pk).update(case_id=number)
    attach_uploads(
        upload_ids=[upload for slot in mine.values() for upload in slot],
        from_owner=f"draft:{draft.pk}",
        to_owner=f"case:{number}",
        by=by,
    )
    return Opened(number, fresh=False)


def _examined(
    service: CompiledService, draft: Draft, documents: Mapping[str, list[str]], context: FormContext
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers that count and the facts of the application. Raises FieldErrors."""
    found = examine(service.form, draft.data, documents, context)
    if found.problems:
        raise FieldErrors({key: [problem] for key, problem in found.problems.items()})
    facts: dict[str, Any] = {"derived": found.facts}
    if draft.renews:
        number = "renews" if service.renewal is not None else "about"
        facts |= {number: draft.renews, "entry": dict(context.entry)}
    return found.values, facts


def _in_the_form(papers: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {slot: ids for slot, ids in papers.items() if stands_in_the_form(slot)}


def by_slot(uploads: Iterable[Upload]) -> dict[str, list[str]]:
    """Slot -> ids of its uploads."""
    slots: dict[str, list[str]] = {}
    for upload in uploads:
        slots.setdefault(upload.slot, []).append(upload.pk)
    return slots
