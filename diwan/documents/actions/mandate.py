"""Authorising a document at approval, so that nobody waits for a head after paying (domain decision 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from diwan.audit.actions import audit_row
from diwan.documents.contents import approved_digest
from diwan.documents.models import SigningMandate, StandingAuthority
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.models import Account, Delegation, Holding, Position
from diwan.people.queries import fresh_step_up

STEP_UP_LIFE = dt.timedelta(minutes=10)
"""A step-up covers approvals of the ten minutes after it (users page, "Head who signs")."""


class StepUpNeeded(DiwanError):
    """The session has no second factor of the last ten minutes."""

    code = "documents.step_up_needed"
    message = N_("Confirm with a code from your authenticator; the confirmation lasts ten minutes.")


class NoPost(DiwanError):
    """The actor does not act for a post that he or she holds today, or that was lent to it."""

    code = "documents.no_post"
    message = N_("Only the holder of a post can approve a document for signing.")


class NoStandingAuthority(DiwanError):
    """No decision in force lets this document be sealed without a person."""

    code = "documents.no_standing_authority"
    message = N_("No standing authority is in force for this document.")


def grant_mandate(
    *, case_id: int, template: str, data: Mapping[str, Any], by: Actor, delegation_id: int | None = None
) -> SigningMandate:
    """Authorise exactly these contents for this case as the actor's post, under the session's fresh step-up.

    With `delegation_id` the actor's post signs with lent powers, on behalf of the other. The mandate serves one
    document, once; an earlier unused one for the same document is revoked. Raises StepUpNeeded, NoPost.
    """
    now = clock.real_now()
    with transaction.atomic():
        capacity = _capacity(by, delegation_id=delegation_id)
        step_up = fresh_step_up(account_id=by.account_id or 0, session=by.session)
        if step_up is None or not step_up.at <= now < step_up.at + STEP_UP_LIFE:
            raise StepUpNeeded
        _unused(case_id).filter(template=template).update(revoked_at=now)
        mandate = SigningMandate.objects.create(
            case_id=case_id,
            template=template,
            account_id=by.account_id,
            step_up_id=step_up.pk,
            approver_ar=by.name_ar,
            approver_en=by.name_en,
            data_digest=approved_digest(case_id=case_id, template=template, data=data),
            approved_at=now,
            **capacity,
        )
        _audit("documents.mandate.granted", mandate, by)
    return mandate


def grant_standing_mandate(
    *,
    case_id: int,
    template: str,
    data: Mapping[str, Any],
    municipality_id: int,
    by: Actor,
    authority: str = "",
) -> SigningMandate:
    """Authorise contents under a standing authority in force: sealed, not signed. Raises NoStandingAuthority.

    `authority` is the code that the service names; without it the narrowest one for the template serves (one of the
    municipality before one for all).
    """
    now = clock.real_now()
    day = clock.local(now).date()
    with transaction.atomic():
        named = {"code": authority} if authority else {}
        found = [
            item
            for item in StandingAuthority.objects.filter(
                template=template, valid_from__lte=day, revoked_at__isnull=True, **named
            ).order_by("code")
            if (item.valid_to is None or item.valid_to >= day)
            and item.municipality_id in (None, municipality_id)
        ]
        if not found:
            raise NoStandingAuthority
        mandate = SigningMandate.objects.create(
            case_id=case_id,
            template=template,
            standing_authority=min(found, key=lambda item: item.municipality_id is None).code,
            data_digest=approved_digest(case_id=case_id, template=template, data=data),
            approved_at=now,
        )
        _audit("documents.mandate.granted", mandate, by)
    return mandate


def revoke_mandate(*, mandate_id: int, by: Actor) -> SigningMandate:
    """Take an unused mandate back (the approval was undone). A spent or revoked one is left as it is."""
    with transaction.atomic():
        mandate = SigningMandate.objects.select_for_update().get(pk=mandate_id)
        if mandate.used_by_document is None and mandate.revoked_at is None:
            mandate.revoked_at = clock.real_now()
            mandate.save(update_fields=["revoked_at"])
            _audit("documents.mandate.revoked", mandate, by)
    return mandate


def declare_standing_authority(
    *,
    code: str,
    template: str,
    decision_number: str,
    statement: Mapping[str, str],
    valid_from: dt.date,
    valid_to: dt.date | None = None,
    municipality_id: int | None = None,
    by: Actor,
) -> StandingAuthority:
    """Enter a standing authority, or bring the one with this code up to date; `statement` is printed {ar, en} text."""
    with transaction.atomic():
        authority, _ = StandingAuthority.objects.update_or_create(
            code=code,
            defaults={
                "template": template,
                "municipality_id": municipality_id,
                "decision_number": decision_number,
                "statement_ar": statement["ar"],
                "statement_en": statement["en"],
                "valid_from": valid_from,
                "valid_to": valid_to,
            },
        )
        audit_row(
            by=by,
            action="documents.authority.declared",
            object_type="standing_authority",
            object_id=code,
            municipality_id=municipality_id,
            values={"template": template, "decision_number": decision_number},
        )
    return authority


def _unused(case_id: int) -> QuerySet[SigningMandate]:
    return SigningMandate.objects.filter(
        case_id=case_id, used_by_document__isnull=True, revoked_at__isnull=True
    )


def _capacity(by: Actor, *, delegation_id: int | None) -> dict[str, str]:
    """Post, title and wording under which the actor signs. Raises NoPost."""
    if by.account_id is None or by.position_id is None:
        raise NoPost
    day = clock.local(clock.real_now()).date()
    own = _post(Position.objects.get(pk=by.position_id), account_id=by.account_id, day=day)
    if delegation_id is None:
        return own
    lent = (
        Delegation.objects.select_related("delegator")
        .filter(
            pk=delegation_id,
            delegate_id=by.position_id,
            valid_from__lte=day,
            valid_to__gte=day,
            revoked_at__isnull=True,
        )
        .first()
    )
    if lent is None:
        raise NoPost
    lender = _holder(lent.delegator, day=day)
    return own | {
        "wording": lent.kind,
        "on_behalf_code": lent.delegator.code,
        "on_behalf_ar": (f"{lender.name_ar}، " if lender else "") + lent.delegator.title_ar,
        "on_behalf_en": (f"{lender.name_en}, " if lender else "") + lent.delegator.title_en,
    }


def _holder(position: Position, *, day: dt.date) -> Account | None:
    """Who holds a post on a day; both names stand on the document (domain 5.2, rule 2)."""
    for holding in Holding.objects.select_related("account").filter(position=position, valid_from__lte=day):
        if holding.valid_to is None or holding.valid_to > day:
            return holding.account
    return None


def _post(position: Position, *, account_id: int, day: dt.date) -> dict[str, str]:
    for holding in Holding.objects.filter(account_id=account_id, position=position, valid_from__lte=day):
        if holding.valid_to is None or holding.valid_to > day:
            return {
                "position_code": position.code,
                "title_ar": position.title_ar,
                "title_en": position.title_en,
                "wording": holding.kind,
            }
    raise NoPost


def _audit(action: str, mandate: SigningMandate, by: Actor) -> None:
    audit_row(
        by=by,
        action=action,
        object_type="mandate",
        object_id=mandate.pk,
        municipality_id=None,
        values={
            "case_id": mandate.case_id,
            "template": mandate.template,
            "data_digest": mandate.data_digest,
        },
    )
