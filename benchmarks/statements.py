"""What the server says it did: statements, their time, and the pages they touched, a request."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg

_READ: Final = """
SELECT s.query, s.calls, s.total_exec_time, s.shared_blks_hit + s.shared_blks_read
FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid JOIN pg_database d ON d.oid = s.dbid
WHERE r.rolname = 'diwan_app' AND d.datname = current_database()
ORDER BY s.total_exec_time DESC
"""
_BOUNDARIES: Final = ("BEGIN", "COMMIT", "ROLLBACK", "START TRANSACTION")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, a request: how often, how long (milliseconds), how many pages of 8 kB."""

    query: str
    calls: float
    ms: float
    buffers: float


@dataclass(frozen=True, slots=True)
class Cost:
    """All statements of one kind of request. The boundaries of a transaction are no statements; savepoints are."""

    listed: tuple[Statement, ...]

    @property
    def statements(self) -> float:
        """Statements a request."""
        return sum(one.calls for one in self.listed)

    @property
    def buffers(self) -> float:
        """Pages touched a request."""
        return sum(one.buffers for one in self.listed)

    @property
    def ms(self) -> float:
        """Time of the statements a request."""
        return sum(one.ms for one in self.listed)

    def as_data(self) -> list[dict[str, Any]]:
        """For the JSON file."""
        return [
            {
                "query": " ".join(one.query.split())[:300],
                "calls": one.calls,
                "ms": one.ms,
                "buffers": one.buffers,
            }
            for one in self.listed
        ]


def usual(turns: Sequence[Cost]) -> Cost:
    """Several turns as one: calls and pages on the mean, time of the median turn, which no single pause decides."""
    seen: dict[str, list[Statement]] = {}
    for turn in turns:
        for one in turn.listed:
            seen.setdefault(one.query, []).append(one)
    return Cost(
        tuple(
            Statement(
                query,
                sum(one.calls for one in found) / len(turns),
                statistics.median([one.ms for one in found] + [0.0] * (len(turns) - len(found))),
                sum(one.buffers for one in found) / len(turns),
            )
            for query, found in seen.items()
        )
    )


class Meter:
    """Reads pg_stat_statements of one database, as the superuser of the benchmark's own server."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)

    def reset(self) -> None:
        """Begin to count."""
        self._connection.execute("SELECT pg_stat_statements_reset()")

    def read(self, requests: int) -> Cost:
        """The cost of one of the `requests` answered since the reset."""
        rows = self._connection.execute(_READ).fetchall()
        return Cost(
            tuple(
                Statement(query, calls / requests, ms / requests, float(buffers) / requests)
                for query, calls, ms, buffers in rows
                if not query.upper().startswith(_BOUNDARIES)
            )
        )

    def execute(self, statement: str) -> None:
        """Run a statement as the superuser (CHECKPOINT before a round)."""
        self._connection.execute(statement)

    def close(self) -> None:
        """Let go of the server."""
        self._connection.close()
