"""Browsers of the demo city's people, and registers in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from tests.matrix.world import open_session, registers_in_order

Browser = Callable[..., Client]


@pytest.fixture
def browser(city: str) -> Iterator[Browser]:
    """`browser("salem", "establishment")`: a browser in which the person is signed in; without a name, nobody."""

    def opened(who: str = "", kind: str = "", language: str = "ar") -> Client:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        if who:
            client.cookies[settings.SESSION_COOKIE_NAME] = open_session(who, kind)
        return client

    with registers_in_order():
        yield opened
