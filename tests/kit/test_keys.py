"""Keys that lie together and cannot be guessed."""

import re
from datetime import UTC, datetime, timedelta

from diwan.kit.keys import near_key

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_keys_of_a_minute_share_their_beginning_and_nothing_else() -> None:
    made = [near_key(NOON + timedelta(seconds=n % 60)) for n in range(1000)]
    assert len({key[:4] for key in made}) == 1 and len({key[4:] for key in made}) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", key) for key in made)


def test_later_minutes_come_later_in_the_order_of_bytes() -> None:
    made = [near_key(NOON + timedelta(minutes=63 * n))[:4] for n in range(300)]
    assert made == sorted(made) and len(set(made)) == 300
