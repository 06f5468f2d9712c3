"""The registers of the engine's tests, in place of the network."""

from tests.cases.conftest import registers

__all__ = ["registers"]
