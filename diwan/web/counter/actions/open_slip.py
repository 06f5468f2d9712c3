"""A visitor has come to the window."""

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.registry import FILE
from diwan.web.counter.errors import NotAClerk
from diwan.web.counter.models import Slip
from diwan.web.counter.queries import MOST_OPEN, open_slips
from diwan.web.counter.visitors import Person

KEPT: Final = timedelta(days=1)


class TooManySlips(DiwanError):
    """Five visitors are open at this window."""

    code = "counter.too_many_slips"
    message = N_("Five slips are open at your window. Finish or close one of them first.")


@transaction.atomic
def open_slip(*, person: Person, by: Actor) -> Slip:
    """Open a slip for a visitor, or find the open one of the same person. Raises NotAClerk, TooManySlips."""
    if by.position_id is None or not by.can(FILE):
        raise NotAClerk
    _forget_old(by.position_id)
    known = open_slips(by).filter(national_id=person.national_id, draft_id="").first()
    if known is None and open_slips(by).filter(position_id=by.position_id).count() >= MOST_OPEN:
        raise TooManySlips
    slip = known or Slip(id=secrets.token_urlsafe(16)[:22], position_id=by.position_id, opened_at=clock.now())
    if slip.mobile != person.mobile:
        slip.consent, slip.consent_at = "", None
    slip.account, slip.national_id, slip.birth_date = person.account, person.national_id, person.birth_date
    slip.name_ar, slip.name_en, slip.confirmed = person.name_ar, person.name_en, person.confirmed
    slip.mobile = person.mobile
    slip.position_id = by.position_id
    slip.save()
    audit_row(
        by=by,
        action="counter.slip.opened",
        object_type="slip",
        object_id=slip.pk,
        municipality_id=None,
        fields=["national_id", "mobile", "name_ar"],
        values={"national_id": person.national_id, "mobile": person.mobile},
    )
    return slip


def _forget_old(position_id: int) -> None:
    """What was taken down for a visit goes a day after its end."""
    Slip.objects.filter(position_id=position_id, closed_at__lt=clock.now() - KEPT).delete()
