"""Registers that answer in order, and browsers of the cast."""

from tests.cases.conftest import registers
from tests.desk.conftest import desk

__all__ = ["desk", "registers"]
