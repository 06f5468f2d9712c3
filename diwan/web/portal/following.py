"""Following a request by number and secret, without signing in: slowed after five wrong secrets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import prefetch_related_objects

from diwan.cases import secrets
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case, History, OpenTask
from diwan.cases.services import service_of
from diwan.kit import clock
from diwan.payments.models import Bill
from diwan.payments.queries import standing
from diwan.people.actions import count_attempt, take_back_attempt
from diwan.people.actions.count_attempt import too_many
from diwan.people.models import RateWindow
from diwan.web.portal.casefile import CaseFile

WRONG_SECRETS: Final = 5
WINDOW: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Followed:
    """A request as anybody with its secret may read it."""

    file: CaseFile
    link: str


def follow(case_id: int, secret: str) -> Followed:
    """The request of this number and secret. At most six statements.

    Raises CaseNotFound for a wrong pair of either, TooManyAttempts after five wrong secrets in a quarter of an hour.
    The count is the one of the API and the telephone. The eight digits are counted before they are compared, so that
    guesses made at once are still five, and a right one is taken back; the link's 128 bits nobody guesses.
    """
    key = f"case secret:{case_id}"
    _refuse_slowed(key)
    short = secrets.is_short(secret)
    if short:
        count_attempt(key=key, limit=WRONG_SECRETS, window=WINDOW).require()
    case = Case.objects.filter(pk=case_id).first()
    generation = case.secret_generation if case is not None else 0
    if not secrets.matches(secret, case_id, generation) or case is None:
        if not short:
            count_attempt(key=key, limit=WRONG_SECRETS, window=WINDOW).require()
        raise CaseNotFound
    if short:
        take_back_attempt(key=key)
    history = list(History.objects.filter(case_id=case_id).order_by("-id"))
    asked = (
        OpenTask.objects.filter(case_id=case_id, entity__isnull=False).select_related("entity").order_by("id")
    )
    tasks = list(asked) if case.state == "external_wait" else []
    found = CaseFile(case, service_of(case.version_id), tasks, history)
    if case.state == "invoiced":
        _add_bill(found)
    return Followed(found, secrets.link_of(case_id, generation))


def _refuse_slowed(key: str) -> None:
    since: datetime = clock.real_now() - WINDOW
    window = RateWindow.objects.filter(key=key, window_start__gt=since).first()
    if window is not None and window.count >= WRONG_SECRETS:
        raise too_many(window.window_start + WINDOW)


def _add_bill(found: CaseFile) -> None:
    bill = Bill.objects.filter(case_id=found.case.pk, state=Bill.State.OPEN).first()
    if bill is not None:
        prefetch_related_objects([bill], "lines")
        found.bill, found.standing = bill, standing(bill)
