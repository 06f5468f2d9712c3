"""Codes, authenticators and windows: counted before compared, used once, and slowed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction

from diwan.kit import clock
from diwan.kit.digits import to_arabic_indic
from diwan.people.actions import (
    CodeExpired,
    CodeTooSoon,
    NoAuthenticator,
    TotpReused,
    WrongCode,
    WrongTotp,
    check_code,
    count_attempt,
    enrol_totp,
    forget_attempts,
    make_code,
    prune_codes,
    prune_windows,
    step_up,
    totp_code,
    verify_totp,
)
from diwan.people.actor import Actor, system
from diwan.people.errors import NotAllowed, TooManyAttempts
from diwan.people.models import Account, OneTimeCode, RateWindow, TotpDevice
from diwan.people.queries import fresh_step_up
from tests.people.conftest import make_employee

SYSTEM = system("test")
MINUTE = timedelta(minutes=1)


class Time:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.now = clock.real_now().replace(second=5, microsecond=0)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(clock, "real_now", made)
    return made


def at_once(work: Callable[[int], Any], count: int = 8) -> list[Any]:
    """Run the work on so many connections at once; errors are given back as values."""

    def run(number: int) -> Any:
        try:
            return work(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.django_db
def test_a_window_counts_refuses_and_begins_anew(time: Time) -> None:
    left = [count_attempt(key="k", limit=3, window=MINUTE).left for _ in range(3)]
    assert left == [2, 1, 0]
    time.now += timedelta(seconds=15)
    refused = count_attempt(key="k", limit=3, window=MINUTE)
    assert not refused.allowed and refused.retry_after == 45
    with pytest.raises(TooManyAttempts) as raised:
        refused.require()
    assert raised.value.params["minutes"] == 1
    time.now += timedelta(seconds=46)
    assert count_attempt(key="k", limit=3, window=MINUTE).allowed
    forget_attempts(key="k")
    assert count_attempt(key="k", limit=3, window=MINUTE).left == 2
    time.now += timedelta(days=2)
    assert prune_windows() == 1


def test_many_at_once_are_counted_exactly(committed_database: str) -> None:
    results = at_once(lambda _: count_attempt(key="k", limit=5, window=MINUTE).allowed, 12)
    assert results.count(True) == 5
    assert RateWindow.objects.get(key="k").count == 12


def test_a_count_inside_a_transaction_is_refused(committed_database: str) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        count_attempt(key="k", limit=5, window=MINUTE)


@pytest.mark.django_db
def test_a_code_is_stored_hashed_and_accepted_once(time: Time) -> None:
    made = make_code(purpose="sign_in", address="+966512345678", binding="session-1")
    row = OneTimeCode.objects.get()
    assert made.code not in str(vars(row)) and "966512345678" not in str(vars(row))
    typed = to_arabic_indic(made.code[:3] + " " + made.code[3:])
    assert (
        check_code(purpose="sign_in", address="+966512345678", binding="session-1", code=typed).pk == row.pk
    )
    with pytest.raises(CodeExpired):
        check_code(purpose="sign_in", address="+966512345678", binding="session-1", code=made.code)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"purpose": "consent"}, {"address": "+966500000000"}, {"binding": "session-2"}]
)
def test_a_code_is_bound_to_purpose_address_and_session(change: dict[str, str]) -> None:
    made = make_code(purpose="sign_in", address="+966512345678", binding="session-1")
    where: dict[str, Any] = {
        "purpose": "sign_in",
        "address": "+966512345678",
        "binding": "session-1",
        **change,
    }
    with pytest.raises(CodeExpired):
        check_code(code=made.code, **where)


@pytest.mark.django_db
def test_a_code_ends_after_five_minutes_and_when_a_newer_one_is_sent(time: Time) -> None:
    where: dict[str, Any] = {"purpose": "sign_in", "address": "a@example.com", "binding": "s"}
    old = make_code(**where)
    with pytest.raises(CodeTooSoon):
        make_code(**where)
    time.now += timedelta(seconds=31)
    new = make_code(**where)
    if old.code != new.code:
        with pytest.raises(WrongCode):
            check_code(code=old.code, **where)
    time.now += timedelta(minutes=5, seconds=1)
    with pytest.raises(CodeExpired):
        check_code(code=new.code, **where)
    time.now += timedelta(days=2)
    assert prune_codes() == 2


@pytest.mark.django_db
def test_five_wrong_codes_then_even_the_right_one_waits(time: Time) -> None:
    where: dict[str, Any] = {"purpose": "sign_in", "address": "a@example.com", "binding": "s"}
    code = make_code(**where).code
    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as refused:
            check_code(code=wrong(code), **where)
        assert refused.value.params == {"left": left}
    with pytest.raises(TooManyAttempts):
        check_code(code=wrong(code), **where)
    with pytest.raises(TooManyAttempts) as slowed:
        check_code(code=code, **where)
    assert slowed.value.params["minutes"] == 15
    time.now += timedelta(minutes=16)
    fresh = make_code(**where).code
    assert check_code(code=fresh, **where).used_at is None


@pytest.mark.django_db
def test_at_most_five_codes_an_hour_to_one_address(time: Time) -> None:
    for number in range(5):
        make_code(purpose="sign_in", address="a@example.com", binding=f"s{number}")
    with pytest.raises(TooManyAttempts):
        make_code(purpose="sign_in", address="A@example.com ", binding="s9")


def test_one_of_many_at_once_wins_with_the_right_code(committed_database: str) -> None:
    where: dict[str, Any] = {"purpose": "sign_in", "address": "a@example.com", "binding": "s"}
    code = make_code(**where).code
    results = at_once(lambda _: check_code(code=code, **where), 4)
    assert sum(isinstance(result, OneTimeCode) for result in results) == 1
    assert OneTimeCode.objects.get().used_at is not None


def test_many_wrong_guesses_at_once_get_five_comparisons(committed_database: str) -> None:
    where: dict[str, Any] = {"purpose": "sign_in", "address": "a@example.com", "binding": "s"}
    code = make_code(**where).code
    results = at_once(lambda _: check_code(code=wrong(code), **where), 12)
    assert sum(isinstance(result, WrongCode) for result in results) <= 5
    assert all(isinstance(result, (WrongCode, TooManyAttempts)) for result in results)
    assert OneTimeCode.objects.get().attempts == 5


@pytest.fixture
def fahd(db: None) -> Account:
    return make_employee("fahd")


def test_the_seed_is_encrypted_and_a_code_is_accepted_once(fahd: Account, time: Time) -> None:
    seed = enrol_totp(account=fahd, by=SYSTEM)
    assert seed not in TotpDevice.objects.get().seed
    code = pyotp.TOTP(seed).at(int(time.now.timestamp()))
    assert totp_code(account=fahd) == code
    verify_totp(account=fahd, code=code)
    with pytest.raises(TotpReused):
        verify_totp(account=fahd, code=code)
    following = totp_code(account=fahd)
    assert following == pyotp.TOTP(seed).at(int(time.now.timestamp()) + 30)
    verify_totp(account=fahd, code=following)
    with pytest.raises(TotpReused):
        verify_totp(account=fahd, code=code)


def test_a_seed_moved_to_another_account_does_not_open(fahd: Account, time: Time) -> None:
    enrol_totp(account=fahd, by=SYSTEM)
    other = make_employee("other")
    enrol_totp(account=other, by=SYSTEM)
    TotpDevice.objects.filter(account=other).update(seed=TotpDevice.objects.get(account=fahd).seed)
    with pytest.raises(InvalidTag):
        verify_totp(account=other, code="000000")


def test_five_wrong_authenticator_codes_then_a_pause(fahd: Account, time: Time) -> None:
    enrol_totp(account=fahd, by=SYSTEM)
    code = totp_code(account=fahd)
    for _ in range(4):
        with pytest.raises(WrongTotp):
            verify_totp(account=fahd, code=wrong(code))
    with pytest.raises(TooManyAttempts):
        verify_totp(account=fahd, code=wrong(code))
    with pytest.raises(TooManyAttempts):
        verify_totp(account=fahd, code=code)


def test_without_an_authenticator(fahd: Account) -> None:
    assert totp_code(account=fahd) == ""
    with pytest.raises(NoAuthenticator):
        verify_totp(account=fahd, code="123456")
    with pytest.raises(NotAllowed):
        enrol_totp(
            account=fahd,
            by=Actor(account_id=fahd.pk, capacity="self", permissions=frozenset({"people.manage"})),
        )
    with pytest.raises(NotAllowed):
        enrol_totp(account=fahd, by=Actor(account_id=99, capacity="self"))


def test_the_same_code_at_once_is_accepted_once(committed_database: str) -> None:
    fahd = make_employee("fahd")
    enrol_totp(account=fahd, by=SYSTEM)
    code = totp_code(account=fahd)
    results = at_once(lambda _: verify_totp(account=fahd, code=code), 4)
    assert results.count(None) == 1


def test_a_step_up_holds_ten_minutes_in_its_session(fahd: Account, time: Time) -> None:
    enrol_totp(account=fahd, by=SYSTEM)
    made = step_up(account=fahd, code=totp_code(account=fahd), session="s1")
    assert fresh_step_up(account_id=fahd.pk, session="s1") == made
    assert fresh_step_up(account_id=fahd.pk, session="s2") is None
    time.now += timedelta(minutes=10)
    assert fresh_step_up(account_id=fahd.pk, session="s1") is None
