"""Two hundred thousand open reports in seconds: types as often as they come, places where a city has its trouble.

Three of five lie around hot spots (a market, a blocked sewer), some of which draw fifty times as many as others; the
rest along all streets. The same at every run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from math import cos, radians
from pathlib import Path
from typing import Any, Final

import psycopg
from ruamel.yaml import YAML

TYPES: Final = Path(__file__).resolve().parents[1] / "diwan" / "catalogue" / "lookups" / "report_types.yaml"
FIRST: Final = 2_690_000_000
"""Number of the first report: beyond those of the copied cases."""
HOT_SPOTS: Final = 400
SHARE: Final = 0.6
NARROW, WIDE = 120.0, 900.0
"""Metres of spread around a hot spot, and along the streets."""
_DEGREE: Final = 111_320.0
_COLUMNS: Final = (
    "case_id", "type", "category", "group", "priority", "department", "municipality_id", "lat", "lng", "channel",
    "anonymous", "reporter_key", "public", "emergency", "state", "stage", "opened_at", "due_at", "updated_at",
)  # fmt: skip


def load(url: str, *, reports: int) -> None:
    """Write so many open reports into the database at `url` (as the superuser), and its statistics anew.

    They stand without their cases: nothing of what is measured reads those.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        streets = connection.execute("SELECT lat, lng FROM places_street ORDER BY id").fetchall()
        towns = connection.execute(
            "SELECT id FROM people_municipality WHERE code <> '000' ORDER BY id"
        ).fetchall()
        names = ", ".join(f'"{name}"' for name in _COLUMNS)
        with connection.cursor().copy(f"COPY reports_report ({names}) FROM STDIN") as copy:
            for row in _rows(reports, places(streets, reports), [town for (town,) in towns]):
                copy.write_row(row)
        connection.execute("VACUUM (ANALYZE) reports_report")


def places(
    streets: Sequence[tuple[Any, ...]], count: int, *, seed: int = 940
) -> Iterator[tuple[float, float]]:
    """(lat, lng) of so many reports, or of people who are about to report: the same skew for both."""
    dice = random.Random(seed)
    spots = dice.sample(list(streets), min(HOT_SPOTS, len(streets)))
    weights = list(accumulate(1 / (rank**0.8) for rank in range(1, len(spots) + 1)))
    for _ in range(count):
        hot = dice.random() < SHARE
        lat, lng = dice.choices(spots, cum_weights=weights)[0] if hot else dice.choice(streets)
        spread = NARROW if hot else WIDE
        up, along = dice.gauss(0, spread) / _DEGREE, dice.gauss(0, spread) / _DEGREE
        yield float(lat) + up, float(lng) + along / cos(radians(float(lat)))


def kinds(count: int, *, seed: int = 311) -> Iterator[dict[str, Any]]:
    """Rows of the types: a few make up most of the reports."""
    dice = random.Random(seed)
    rows = [dict(row) for row in YAML(typ="safe").load(TYPES)["rows"] if row.get("public")]
    dice.shuffle(rows)
    weights = list(accumulate(1 / rank for rank in range(1, len(rows) + 1)))
    for _ in range(count):
        yield dice.choices(rows, cum_weights=weights)[0]


def _rows(
    count: int, where: Iterator[tuple[float, float]], towns: Sequence[int]
) -> Iterator[tuple[Any, ...]]:
    now = datetime.now(UTC)
    for number, (kind, (lat, lng)) in enumerate(zip(kinds(count), where, strict=True)):
        opened = now - timedelta(minutes=number * 40_000 / count)
        yield (
            FIRST + number, kind["code"], str(kind["category"]), kind.get("group", ""), kind["priority"],
            kind["department"], towns[number % len(towns)], lat, lng, "portal", False, "", True, False, "inspection",
            "own_work", opened, opened + timedelta(hours=float(kind["amount"])), opened,
        )  # fmt: skip
