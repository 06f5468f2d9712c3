"""Reads of the counter: the slips of a window, one slip, what was filed today."""

from typing import Final

from django.db.models import QuerySet

from diwan.cases.models import Case
from diwan.people.actor import Actor
from diwan.web.counter.errors import SlipNotFound
from diwan.web.counter.models import Slip

MOST_OPEN: Final = 5


def open_slips(actor: Actor) -> QuerySet[Slip]:
    """The open slips of the clerk's counter, the oldest first: a colleague who takes over finds them."""
    rows = Slip.objects.filter(position__unit_id=actor.unit_id or 0, closed_at__isnull=True)
    return rows.order_by("opened_at", "id")


def counter_slip(slip_id: str, actor: Actor, *, lock: bool = False) -> Slip:
    """An open slip of the clerk's counter, whoever began it: to be looked at and taken over. Raises SlipNotFound."""
    rows = Slip.objects.select_for_update(of=("self",)) if lock else Slip.objects
    found = rows.filter(pk=slip_id, position__unit_id=actor.unit_id or 0, closed_at__isnull=True).first()
    if found is None:
        raise SlipNotFound
    return found


def own_slip(slip_id: str, actor: Actor, *, lock: bool = False) -> Slip:
    """An open slip that the clerk's own post serves: a colleague's is taken over first. Raises SlipNotFound."""
    found = counter_slip(slip_id, actor, lock=lock)
    if found.position_id not in actor.position_ids:
        raise SlipNotFound
    return found


def filed_lately(actor: Actor, *, limit: int = 5) -> list[Case]:
    """The newest cases that the post has filed, for printing a receipt again."""
    return list(Case.objects.filter(filed_by_id__in=actor.position_ids).order_by("-pk")[:limit])
