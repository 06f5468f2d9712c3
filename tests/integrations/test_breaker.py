"""The circuit breaker opens after failures in a row, tries once, closes on success."""

from diwan.kit.breaker import Breaker


def test_it_opens_waits_tries_once_and_closes() -> None:
    now = [0.0]
    breaker = Breaker(limit=3, pause=10, clock=lambda: now[0])
    for _ in range(3):
        assert breaker.may_try()
        breaker.failed()
    assert breaker.is_open
    assert not breaker.may_try()
    now[0] = 10.0
    assert breaker.may_try()
    assert not breaker.may_try()
    breaker.failed()
    assert not breaker.may_try()
    now[0] = 20.0
    assert breaker.may_try()
    breaker.succeeded()
    assert breaker.may_try()
    assert not breaker.is_open


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(limit=2)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.may_try()
