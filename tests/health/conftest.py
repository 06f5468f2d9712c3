"""Real peers, and the registers of the engine's tests where the network is not the point."""

from collections.abc import Iterator

import pytest

from diwan.health import calls, queries
from tests.integrations.conftest import (
    catcher,
    catcher_process,
    payments,
    payments_process,
    registers,
    registers_process,
)

__all__ = ["catcher", "catcher_process", "payments", "payments_process", "registers", "registers_process"]


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    """What an earlier test saw of the systems outside is not remembered."""
    calls.forget()
    queries.forget()
    yield
    calls.forget()
    queries.forget()
