"""Authorising a document at approval, so that nobody waits for a head after paying (domain decision 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.documents.contents import approved_digest
from diwan.documents.models import SigningMandate, StandingAuthority
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.models import Delegation, Holding, Position, StepUp


class StepUpNeeded(DiwanError):
    """The step-up is another person's or older than ten minutes."""

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


def give_mandate(
    *, case_id: int, template: str, contents: Mapping[str, Any], step_up: StepUp, by: Actor
) -> SigningMandate:
    """Authorise exactly these contents for this case as the actor's post, under a step-up of the last ten minutes.

    The mandate serves one document, once; an earlier unused one for the same document is revoked. In the capacity of a
    delegation the delegate's own post signs, on behalf of the other. Raises StepUpNeeded, NoPost.
    """
    now = clock.real_now()
    if step_up.account_id != by.account_id or not step_up.at <= now < step_up.expires_at:
        raise StepUpNeeded
    with transaction.atomic():
        capacity = _capacity(by)
        _revoke_unused(case_id=case_id, template=template, at=now)
        mandate = SigningMandate.objects.create(
            case_id=case_id,
            template=template,
            account_id=by.account_id,
            step_up_id=step_up.pk,
            approver_ar=by.name_ar,
            approver_en=by.name_en,
            data_digest=approved_digest(case_id=case_id, template=template, data=contents),
            approved_at=now,
            **capacity,
        )
        _audit("documents.mandate.given", mandate, by)
    return mandate


def give_standing_mandate(
    *,
    case_id: int,
    template: str,
    contents: Mapping[str, Any],
    authority: str,
    municipality_id: int,
    by: Actor,
) -> SigningMandate:
    """Authorise contents under a standing authority in force: sealed, not signed. Raises NoStandingAuthority."""
    now = clock.real_now()
    day = clock.local(now).date()
    found = StandingAuthority.objects.filter(
        code=authority, template=template, valid_from__lte=day, revoked_at__isnull=True
    ).first()
    if found is None or (found.valid_to is not None and found.valid_to < day):
        raise NoStandingAuthority
    if found.municipality_id not in (None, municipality_id):
        raise NoStandingAuthority
    with transaction.atomic():
        mandate = SigningMandate.objects.create(
            case_id=case_id,
            template=template,
            standing_authority=authority,
            data_digest=approved_digest(case_id=case_id, template=template, data=contents),
            approved_at=now,
        )
        _audit("documents.mandate.given", mandate, by)
    return mandate


def revoke_mandates(*, case_id: int, by: Actor) -> int:
    """Take back the unused mandates of a case (the approval was undone); returns how many."""
    with transaction.atomic():
        count = _revoke_unused(case_id=case_id, template=None, at=clock.real_now())
        if count:
            audit_row(
                by=by,
                action="documents.mandate.revoked",
                object_type="case",
                object_id=case_id,
                municipality_id=None,
                values={"count": count},
            )
    return count


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


def _revoke_unused(*, case_id: int, template: str | None, at: dt.datetime) -> int:
    unused = SigningMandate.objects.filter(
        case_id=case_id, used_by_document__isnull=True, revoked_at__isnull=True
    )
    if template is not None:
        unused = unused.filter(template=template)
    return unused.update(revoked_at=at)


def _capacity(by: Actor) -> dict[str, str]:
    """Post, title and wording under which the actor signs. Raises NoPost."""
    if by.account_id is None or by.position_id is None:
        raise NoPost
    day = clock.local(clock.real_now()).date()
    kind, _, key = by.capacity.partition(":")
    if kind != "delegation":
        return _post(Position.objects.get(pk=by.position_id), account_id=by.account_id, day=day)
    lent = (
        Delegation.objects.select_related("delegator", "delegate")
        .filter(pk=int(key), valid_from__lte=day, valid_to__gte=day, revoked_at__isnull=True)
        .first()
    )
    if lent is None:
        raise NoPost
    own = _post(lent.delegate, account_id=by.account_id, day=day)
    return own | {
        "wording": lent.kind,
        "on_behalf_code": lent.delegator.code,
        "on_behalf_ar": lent.delegator.title_ar,
        "on_behalf_en": lent.delegator.title_en,
    }


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
