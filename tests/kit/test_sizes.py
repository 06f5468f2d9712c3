"""Sizes of files as a number and its unit."""

import pytest

from diwan.kit.sizes import size_parts


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, ("1", "kB")),
        (1_499, ("1", "kB")),
        (320_400, ("320", "kB")),
        (1_000_000, ("1", "MB")),
        (1_440_000, ("1.4", "MB")),
        (8_000_000, ("8", "MB")),
    ],
)
def test_a_size_is_a_short_number(size: int, shown: tuple[str, str]) -> None:
    assert size_parts(size) == shown
