"""Tokens: right, wrong, expired, revoked; and how soon another process hears of a revocation."""

from datetime import timedelta
from time import monotonic

import pytest
from django.http import HttpRequest

from diwan.api import tokens
from diwan.api.models import ApiToken
from diwan.api.tokens import client_of, make_token, revoke_token
from diwan.kit import clock
from diwan.people.actor import system
from diwan.rest.calls import Client
from diwan.rest.refusals import Refused
from tests import cast

pytestmark = pytest.mark.django_db
BY = system("tests")


def asked(text: str) -> Client:
    """The client of a request with this token."""
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {text}"
    return client_of(request)[0]


def test_the_token_names_its_client_and_the_services_that_it_covers() -> None:
    text = make_token(name="مكتب خدمات", services=[cast.INSTANT], by=BY)
    token = ApiToken.objects.get()
    assert asked(text) == Client(
        token.client_id or 0, "مكتب خدمات", frozenset({cast.INSTANT}), None, frozenset(tokens.DEFAULT_SCOPES)
    )
    assert ApiToken.objects.get().last_used_at is not None


def test_another_token_of_the_same_partner_goes_on_with_the_same_client() -> None:
    first, second, other = (
        asked(make_token(name=name, services=[], scopes=["verify"], by=BY)) for name in ("a", "a", "b")
    )
    assert first.pk == second.pk != other.pk
    assert first.scopes == {"verify"}


def test_what_does_not_hold_is_refused() -> None:
    text = make_token(name="x", services=[], days=1, by=BY)
    asked(text)
    for wrong in ("", "dw_", text[:-1] + ("a" if text[-1] != "a" else "b"), text.replace("dw_", "dx_")):
        with pytest.raises(Refused):
            asked(wrong)
    with clock.moved(clock.now() + timedelta(days=2)), pytest.raises(Refused):
        asked(text)


def test_a_revoked_token_ends_here_at_once_and_in_other_processes_within_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here, elsewhere = (make_token(name=name, services=[], by=BY) for name in ("one", "two"))
    asked(here), asked(elsewhere)
    assert revoke_token(prefix=here.split("_")[1], by=BY)
    with pytest.raises(Refused):
        asked(here)
    ApiToken.objects.filter(prefix=elsewhere.split("_")[1]).update(revoked_at=clock.now())
    later = monotonic() + 1.01
    monkeypatch.setattr(tokens, "monotonic", lambda: later)
    with pytest.raises(Refused):
        asked(elsewhere)
