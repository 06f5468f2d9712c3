"""Reports of the demo city's people, and what the worker does with them."""

from tests.cases.conftest import registers
from tests.desk.conftest import desk

__all__ = ["desk", "registers"]
