"""Slips as tabs: whose they are and where each goes on."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from diwan.cases.models import Draft
from diwan.people.actor import Actor
from diwan.web.counter.models import Slip


def tabs(slips: Sequence[Slip], actor: Actor) -> list[dict[str, Any]]:
    """One line a slip. At most one statement, for the drafts that were sent since."""
    wanted = [slip.draft_id for slip in slips if slip.draft_id]
    drafts = Draft.objects.filter(pk__in=wanted, case_id__isnull=False)
    sent = set(drafts.values_list("pk", flat=True)) if wanted else set()
    return [
        {
            "id": slip.pk,
            "draft_id": slip.draft_id,
            "name": (slip.name_en if actor.language == "en" else "") or slip.name_ar,
            "url": address_of(slip, actor),
            "page": reverse("counter:slip", args=[slip.pk]),
            "missing_url": reverse("counter:missing", args=[slip.pk]) if slip.draft_id else "",
            "close_url": reverse("counter:close", args=[slip.pk]),
            "key": f"Alt+Digit{place}" if place < 10 else "",
            "mine": slip.position_id in actor.position_ids,
            "sent": slip.draft_id in sent,
        }
        for place, slip in enumerate(slips, start=1)
    ]


def address_of(slip: Slip, actor: Actor) -> str:
    """Where the slip goes on: its draft where it was left, else what is still to be asked of the visitor."""
    if slip.draft_id and slip.position_id in actor.position_ids:
        return reverse("apply:resume", args=[slip.draft_id])
    return reverse("counter:slip", args=[slip.pk])
