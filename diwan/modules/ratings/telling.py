"""What the module's messages say beyond what every message about a case may say: the link, and what was done."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings

from diwan.cases.models import Case
from diwan.cases.registry import asks_afterwards
from diwan.kit import clock, numbers
from diwan.kit.dates import numeric
from diwan.modules.ratings.links import secret_of
from diwan.modules.ratings.models import Invitation
from diwan.modules.ratings.queries import link_secret, what_was_done
from diwan.notify.registry import fills

INVITING: Final = "RATE"
ANSWERING: Final = "RATE_ANSWER"


def path_of(case_id: int, secret: str) -> str:
    """The path of the page on which the case is rated."""
    return f"/rate/{numbers.case_number(case_id)}/{secret}"


@asks_afterwards("ratings")
def rating_page(case: Case) -> str:
    """The path at which the holder of an ended case can rate it now; empty when there is none."""
    secret = link_secret(case)
    return path_of(case.pk, secret) if secret else ""


@fills(INVITING)
def link(case_id: int, language: str) -> Mapping[str, Any]:
    """The link in an invitation, and the last day on which it works."""
    found = Invitation.objects.get(case_id=case_id)
    return {
        "url": f"{settings.DIWAN.public_url}{path_of(case_id, secret_of(case_id, found.generation))}",
        "until": numeric(clock.local(found.expires_at).date()),
    }


@fills(ANSWERING)
def answer(case_id: int, language: str) -> Mapping[str, Any]:
    """The same link, which now shows what was done, and that in words."""
    done = ("، " if language == "ar" else ", ").join(what_was_done(case_id, language))
    return {**link(case_id, language), "done": done}
