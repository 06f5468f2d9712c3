"""Reports of the demo city's people, and what the worker does with them."""

from tests.cases.conftest import registers  # noqa: F401  a fixture
