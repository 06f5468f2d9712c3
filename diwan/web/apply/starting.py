"""Starting a draft: with first answers from what is known, so that nothing is asked twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diwan.cases.actions.drafts import start_draft
from diwan.cases.applicants import snapshot_of
from diwan.cases.contests import NothingToObjectTo, contestable, decided, decision_of
from diwan.cases.context import form_context
from diwan.cases.errors import CaseNotFound, WrongMoment
from diwan.cases.models import Case, Draft, OpenTask
from diwan.cases.parties import party_in
from diwan.cases.queries import case_for
from diwan.cases.services import service_of
from diwan.cases.visibility import is_applicant
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service, objecting_service
from diwan.forms.entry import prefill
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.models import Account, Establishment
from diwan.people.registry import FILE
from diwan.registers.models import RegisterEntry
from diwan.registers.queries import concerns, may_renew

CHANNEL_PORTAL = "portal"
CHANNEL_DESK = "desk"


class NotForThisCapacity(DiwanError):
    """The service is for establishments and the person acts for herself, or the reverse."""

    code = "apply.not_for_this_capacity"
    message = N_("This service is not for the capacity you act in now. Choose another one.")


class CannotBeRenewed(DiwanError):
    """Nothing renews this kind of entry, or it is not the actor's."""

    code = "apply.cannot_be_renewed"
    message = N_("There is no licence of this number among yours that can be renewed. Check the number.")


class NotAboutThis(DiwanError):
    """The service is not for an entry of this kind or standing, or the entry is not the actor's."""

    code = "apply.not_about_this"
    message = N_("This service is not for this licence as it stands. See the page of the licence.")


def begin(
    *,
    service: CompiledService,
    by: Actor,
    channel: str = CHANNEL_PORTAL,
    account: Account | None = None,
    establishment: Establishment | None = None,
    visitor: Mapping[str, Any] | None = None,
    renews: str = "",
) -> Draft:
    """A new draft with first answers. Residents start for the capacity they act in; a clerk names whom it is for.

    Raises NotForThisCapacity: also for a post that files for nobody, and for an outside body.
    """
    if by.entity_id is not None or (by.is_staff and not _files_for(by, account, establishment, visitor)):
        raise NotForThisCapacity
    if not by.is_staff:
        account = Account.objects.filter(pk=by.account_id or 0).first()
        establishment = Establishment.objects.filter(pk=by.establishment_id or 0).first()
    applicant = snapshot_of(account, establishment, visitor)
    if not fits(service, is_establishment=establishment is not None):
        raise NotForThisCapacity
    context = form_context(service, applicant=applicant, renews=renews)
    return start_draft(
        version_id=service.version_id,
        days=service.definition.draft_days,
        by=by,
        channel=channel,
        values=prefill(service.form, context),
        account_id=account.pk if account is not None else None,
        establishment_id=establishment.pk if establishment is not None else None,
        visitor=visitor,
        renews=renews,
    )


def begin_own(*, service: CompiledService, by: Actor) -> Draft:
    """The draft in which an employee asks for something for herself: the one under way, else a new one.

    Raises NotForThisCapacity: also for a post held on somebody's behalf.
    """
    if not service.definition.for_staff or not by.is_staff or by.on_behalf_of:
        raise NotForThisCapacity
    under_way = Draft.objects.filter(
        version__service__slug=service.slug, clerk_id=by.position_id or 0, account_id=by.account_id or 0,
        channel=CHANNEL_DESK,
        amends__isnull=True, case_id__isnull=True, expires_at__gt=clock.now(),
    )  # fmt: skip
    found = under_way.order_by("-saved_at").first()
    if found is not None:
        return found
    account = Account.objects.get(pk=by.account_id or 0)
    applicant = {**snapshot_of(account, None), "account": account.pk, "post": by.position_id}
    context = form_context(service, applicant=applicant)
    return start_draft(
        version_id=service.version_id, days=service.definition.draft_days, by=by, channel=CHANNEL_DESK,
        values=prefill(service.form, context), account_id=account.pk,
    )  # fmt: skip


def _files_for(
    by: Actor,
    account: Account | None,
    establishment: Establishment | None,
    visitor: Mapping[str, Any] | None,
) -> bool:
    """Whether the post may file for others, and says for whom."""
    return by.can(FILE) and bool(account or establishment or visitor)


def fits(service: CompiledService, *, is_establishment: bool) -> bool:
    """Whether the service is for people acting for themselves, or for an establishment."""
    return ("business" if is_establishment else "individual") in service.audiences


def begin_renewal(
    *,
    entry: RegisterEntry,
    by: Actor,
    channel: str = CHANNEL_PORTAL,
    account: Account | None = None,
    establishment: Establishment | None = None,
    visitor: Mapping[str, Any] | None = None,
) -> Draft:
    """The draft that renews a licence: the one under way, else a new one. Raises CannotBeRenewed."""
    service = renewing_service(entry)
    if service is None or not may_renew(entry, by):
        raise CannotBeRenewed
    return _under_way(service, entry, by) or begin(
        service=service,
        by=by,
        channel=channel,
        account=account,
        establishment=establishment,
        visitor=visitor,
        renews=entry.number,
    )


def begin_about(
    *,
    service: CompiledService,
    entry: RegisterEntry,
    by: Actor,
    channel: str = CHANNEL_PORTAL,
    account: Account | None = None,
    establishment: Establishment | None = None,
    visitor: Mapping[str, Any] | None = None,
) -> Draft:
    """The draft of a service about an entry (cancelling it, a permit under it): the one under way, else a new one.

    An objection also asks that a decision on the entry stands that one may object to today.

    Raises NotAboutThis, NotForThisCapacity, NothingToObjectTo, TooLateToObject, ObjectedAlready.
    """
    if not may_renew(entry, by) or not concerns(service, entry):
        raise NotAboutThis
    if service.definition.contests is not None:
        contestable(decided(service.definition.contests.what, entry.number))
    return _under_way(service, entry, by) or begin(
        service=service,
        by=by,
        channel=channel,
        account=account,
        establishment=establishment,
        visitor=visitor,
        renews=entry.number,
    )


def _under_way(service: CompiledService, entry: RegisterEntry, by: Actor) -> Draft | None:
    """The actor's unfinished draft of this service for this entry, if there is one."""
    open_one = Draft.objects.filter(
        renews=entry.number, case_id__isnull=True, expires_at__gt=clock.now(),
        version__service__slug=service.slug,
    )  # fmt: skip
    mine = open_one.filter(clerk_id=by.position_id) if by.is_staff else open_one.filter(clerk__isnull=True)
    if not by.is_staff:
        mine = (
            mine.filter(establishment_id=by.establishment_id)
            if by.establishment_id is not None
            else mine.filter(account_id=by.account_id or 0, establishment__isnull=True)
        )
    return mine.order_by("-saved_at").first()


def begin_party(*, case_id: int, by: Actor) -> Draft:
    """The draft in which another party of a case fills in its own part: the one under way, else a new one.

    Raises CaseNotFound (not asked of this person), WrongMoment (nothing is asked of it now).
    """
    row = party_in(case_id, by)
    if row is None:
        raise CaseNotFound
    case = Case.objects.get(pk=case_id)
    service = service_of(case.version_id)
    if row.answered_at is not None or not OpenTask.objects.filter(case_id=case.pk, token=row.token).exists():
        raise WrongMoment(stage=service.public(case.stage, by.language))
    whose = {"account_id": by.account_id, "establishment_id": by.establishment_id}  # None: of none
    under_way = Draft.objects.filter(
        amends=case.pk, part=row.step, case_id__isnull=True, expires_at__gt=clock.now(), **whose
    )
    found = under_way.order_by("-saved_at").first()
    if found is not None:
        return found
    account = Account.objects.filter(pk=by.account_id or 0).first()
    establishment = Establishment.objects.filter(pk=by.establishment_id or 0).first()
    context = form_context(service, applicant=snapshot_of(account, establishment), part=row.step)
    own = {field.key for page, _group, field in service.form.placed() if page.by == row.step}
    before = {key: value for key, value in case.data.items() if key in own}
    first = {key: value for key, value in prefill(service.form, context).items() if key in own}
    return start_draft(
        version_id=case.version_id,
        days=service.definition.draft_days,
        by=by,
        values={**first, **before},
        amends=case.pk,
        part=row.step,
    )


def begin_objection(*, case_id: int, by: Actor) -> Draft:
    """The draft that objects to the decision which ended a request: the one under way, else a new one.

    Raises CaseNotFound, NothingToObjectTo, TooLateToObject, ObjectedAlready.
    """
    case = case_for(case_id, by)
    if by.is_staff or not is_applicant(by, case):
        raise CaseNotFound
    contestable(decision_of(case))
    service = objecting_service(clock.today())
    if service is None:
        raise NothingToObjectTo
    under_way = Draft.objects.filter(contests=case.pk, case_id__isnull=True, expires_at__gt=clock.now())
    found = under_way.filter(clerk__isnull=True).order_by("-saved_at").first()
    if found is not None:
        return found
    establishment = Establishment.objects.filter(pk=case.establishment_id or 0).first()
    account = Account.objects.filter(pk=by.account_id or 0).first()
    context = form_context(service, applicant=snapshot_of(account, establishment))
    return start_draft(
        version_id=service.version_id,
        days=service.definition.draft_days,
        by=by.changed(establishment_id=case.establishment_id),
        values=prefill(service.form, context),
        contests=case.pk,
    )


def renewing_service(entry: RegisterEntry) -> CompiledService | None:
    """The service of today that renews an entry, or None."""
    made_by = service_of(Case.objects.values_list("version_id", flat=True).get(pk=entry.case_id))
    slug = made_by.entry.renewal if made_by.entry is not None else None
    return compiled_service(slug, clock.today()) if slug else None
