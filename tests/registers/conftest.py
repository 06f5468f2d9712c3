"""Registers that answer in order, and a licence with a permit that hangs on it."""

from tests.cases.conftest import registers

__all__ = ["registers"]
