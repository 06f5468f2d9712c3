"""A case for whoever holds its secret, without signing in: slowed after five wrong secrets."""

from datetime import datetime, timedelta
from typing import Final

from diwan.cases import secrets
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case
from diwan.kit import clock
from diwan.people.actions import count_attempt, take_back_attempt
from diwan.people.actions.count_attempt import too_many
from diwan.people.models import RateWindow

WRONG_SECRETS: Final = 5
WINDOW: Final = timedelta(minutes=15)


def case_by_secret(case_id: int, secret: str) -> Case:
    """The case of this number and secret. At most four statements.

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
    return case


def _refuse_slowed(key: str) -> None:
    since: datetime = clock.real_now() - WINDOW
    window = RateWindow.objects.filter(key=key, window_start__gt=since).first()
    if window is not None and window.count >= WRONG_SECRETS:
        raise too_many(window.window_start + WINDOW)
