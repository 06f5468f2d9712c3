"""Registers that answer in order, in place of the network."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests import cast


@pytest.fixture
def registers(monkeypatch: pytest.MonkeyPatch) -> Iterator[cast.Registers]:
    """Registers that find everything in order; the test may let them say otherwise."""
    found = cast.Registers()
    monkeypatch.setattr(settings, "REGISTER_CLIENT", f"{__name__}.Client", raising=False)
    monkeypatch.setattr(Client, "held", found, raising=False)
    yield found


class Client:
    """Made anew for each run of checks; answers as the test's registers do."""

    held: cast.Registers

    def __new__(cls) -> cast.Registers:  # type: ignore[misc]
        """The registers of the test."""
        return cls.held
