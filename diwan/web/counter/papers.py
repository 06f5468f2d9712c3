"""How a visitor agrees: the code that is read out, or a signed paper, of the slip first, then of draft and case."""

from typing import Final

from diwan.files.registry import OwnerKind, register_owner
from diwan.people.actor import Actor
from diwan.web.counter.models import Slip

SLOT: Final = "_consent"
CONSENT_CODE: Final = "counter.consent"
"""The purpose of the code that the visitor reads out."""


def owner_of(slip: Slip) -> str:
    """The name under which the papers of a slip are kept."""
    return f"slip:{slip.pk}"


def _is_clerks(slip_id: str, actor: Actor) -> bool:
    return Slip.objects.filter(
        pk=slip_id, position_id__in=actor.position_ids, closed_at__isnull=True
    ).exists()


register_owner(OwnerKind(name="slip", may_read=_is_clerks, may_add=_is_clerks, may_discard=_is_clerks))
