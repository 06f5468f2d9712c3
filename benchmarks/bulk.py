"""Hundreds of thousands of cases in minutes: copies of the cases that the engine has walked, with a skew on purpose.

One unit holds `BUSY_TASKS` open tasks, one officer `OWN_TASKS` of them, one applicant `MANY_CASES` cases, one officer
nothing: the same at every size, so that a page shows as much, and only the tables have grown. Copies carry their
history, tasks, messages, papers, bills, documents, register entries, and a part of their checks and audit rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import sql

BUSY_TASKS: Final = 20_000
OWN_TASKS: Final = 200
MANY_CASES: Final = 5_000
BUSY_HEAD, BUSY_OFFICER, IDLE_OFFICER = "101-LIC-HEAD", "101-LIC-1", "102-LIC-1"
"""Posts of the demo city. The busy unit is that of the first two; the third has no task of his own."""

_PLAN: Final = """
CREATE UNLOGGED TABLE IF NOT EXISTS bench_plan (
    n int PRIMARY KEY, case_id bigint NOT NULL, proto bigint NOT NULL, busy boolean NOT NULL, account_id bigint
);
CREATE INDEX IF NOT EXISTS bench_plan_proto ON bench_plan (proto);
"""
# The first of every five cases waits in the busy unit until it has its many tasks; of the others one in twelve is open.
_FILL: Final = """
WITH opened AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total FROM "case" c
    WHERE NOT EXISTS (SELECT 1 FROM bench_plan b WHERE b.case_id = c.id) AND c.state = 'under_review'
      AND (SELECT count(*) FROM open_task t WHERE t.case_id = c.id AND t.kind = 'task') = 1
), ended AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total FROM "case" c
    WHERE NOT EXISTS (SELECT 1 FROM bench_plan b WHERE b.case_id = c.id) AND c.closed_at IS NOT NULL
), people AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total
    FROM people_account WHERE national_id IS NOT NULL AND id <> %(applicant)s
), numbered AS (
    SELECT n, n %% 5 = 1 AND n / 5 < %(busy)s AS busy, n %% 12 = 2 AS waits, n <= %(many)s AS many
    FROM generate_series(%(first)s::int, %(last)s::int) n
)
INSERT INTO bench_plan
SELECT n, CASE WHEN n %% 5 = 3 THEN 2500000000 ELSE 2600000000 END + 20000000 + n, coalesce(opened.id, ended.id), busy,
       CASE WHEN many THEN %(applicant)s ELSE people.id END
FROM numbered
LEFT JOIN opened ON (busy OR waits) AND opened.place = n %% opened.total
LEFT JOIN ended ON NOT (busy OR waits) AND ended.place = n %% ended.total
LEFT JOIN people ON people.place = n %% people.total
"""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """How the rows of one table are copied for each planned case: own expressions over `b` (plan) and `p` (row)."""

    table: str
    own: Mapping[str, str]
    joined: str = "p.case_id = b.proto"


_BUSY_UNIT: Final = "CASE WHEN b.busy THEN %(unit)s ELSE p.unit_id END"
_BUSY_PLACE: Final = "CASE WHEN b.busy THEN %(municipality)s ELSE p.municipality_id END"
# Cases fall due about in the order in which they were opened, within four weeks, a quarter of them already late.
_DUE: Final = """now() + make_interval(
    mins => ((b.n %% %(scale)s)::bigint * 40320 / %(scale)s - 10080 + (b.n::bigint * 7919) %% 600)::int)"""
_SHOP: Final = "CASE WHEN b.n > %(many)s THEN p.establishment_id END"
# The same tasks at every size are the officer's; nobody else of the skew is given any.
_ASSIGNEE: Final = """CASE WHEN b.busy AND b.n / 5 < %(own)s THEN %(officer)s
                           WHEN NOT b.busy AND b.n %% 7 <> 0 AND p.assignee_id NOT IN (%(idle)s, %(officer)s, %(head)s)
                           THEN p.assignee_id END"""
# The words of the prototype under the marks of the copy, with one that two hundred neighbours share and one of its own.
_WORDS: Final = """array_to_tsvector(array_remove(
    ARRAY(SELECT l FROM unnest(tsvector_to_array(p.words)) l
          WHERE l !~ CASE WHEN b.busy THEN '^[aekgum]_' ELSE '^[aekg]_' END)
    || ARRAY['نادر' || b.n / 200, '_نادر' || b.n / 200, 'فريد' || b.n, '_فريد' || b.n, 'a_' || b.account_id,
             CASE WHEN b.busy THEN 'm_' || %(municipality)s END, 'k_' || (b.case_id >> 14), 'g_' || (b.case_id >> 17)],
    NULL))"""
_WORDS_INDEX: Final = "case_words_words"
COPIES: Final[Sequence[Copy]] = (
    Copy(
        table="case",
        own={
            "id": "b.case_id",
            "account_id": "b.account_id",
            "establishment_id": _SHOP,
            "unit_id": _BUSY_UNIT,
            "municipality_id": _BUSY_PLACE,
        },
        joined="p.id = b.proto",
    ),
    Copy(
        table="open_task",
        own={
            "case_id": "b.case_id",
            "unit_id": _BUSY_UNIT,
            "municipality_id": _BUSY_PLACE,
            "assignee_id": _ASSIGNEE,
            "due_at": _DUE,
            "next_level_at": f"{_DUE} + interval '60 days'",
            "returned": "b.n %% 50 = 1",
            "try_at": "NULL",
        },
    ),
    Copy(table="case_words", own={"case_id": "b.case_id", "words": _WORDS}),
    Copy(table="history", own={"case_id": "b.case_id"}),
    Copy(table="done_task", own={"case_id": "b.case_id"}),
    Copy(table="check_result", own={"case_id": "b.case_id"}, joined="p.case_id = b.proto AND p.id %% 4 = 0"),
    Copy(table="message", own={"case_id": "b.case_id", "account_id": "b.account_id", "state": "'sent'"}),
    Copy(
        table="audit_row",
        own={"object_id": "b.case_id::text"},
        joined="p.object_type = 'case' AND p.object_id = b.proto::text AND p.id %% 3 = 0",
    ),
    Copy(
        table="files_upload",
        own={"id": "left(md5(p.id || b.n), 22)", "owner": "'case:' || b.case_id"},
        joined="p.owner = 'case:' || b.proto",
    ),
    Copy(table="payments_bill", own={"case_id": "b.case_id", "number": "'B' || b.n || '-' || p.id"}),
    Copy(
        table="documents_issueddocument",
        own={
            "case_id": "b.case_id",
            "number": "'D' || b.n || '-' || p.id",
            "verify_token": "left(md5(p.id::text || '/' || b.n), 24)",
        },
    ),
    Copy(
        table="registers_registerentry",
        own={
            "case_id": "b.case_id",
            "number": "'E' || b.n || '-' || p.id %% 100",
            "holder_id": "b.account_id",
            "establishment_id": _SHOP,
        },
    ),
)
_COLUMNS: Final = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s
  AND NOT (column_name = 'id' AND (is_identity = 'YES' OR column_default LIKE 'nextval%%'))
ORDER BY ordinal_position
"""


def load(url: str, *, cases: int) -> None:
    """Bring the database at `url` (as the superuser) to so many copied cases, and its statistics up to date."""
    with psycopg.connect(url, autocommit=True) as connection:
        values = {**_skew(connection), "scale": min(cases, BUSY_TASKS * 5)}
        connection.execute(_PLAN)
        first = _one(connection, "SELECT coalesce(max(n), 0) + 1 FROM bench_plan")
        connection.execute(_FILL, {**values, "first": first, "last": cases})
        connection.execute("ANALYZE bench_plan")
        # Copies of sound rows: what the constraints and triggers would say is known.
        connection.execute("SET session_replication_role = replica")
        made = connection.execute("SELECT pg_get_indexdef(%s::regclass)", [_WORDS_INDEX]).fetchone()
        connection.execute(f"DROP INDEX {_WORDS_INDEX}")
        for copy in COPIES:
            connection.execute(_statement(connection, copy), {**values, "first": first})
        # Row by row the index of words takes ten times as long as made whole.
        connection.execute(sql.SQL(made[0] if made else ""))
        for year in ("25", "26"):
            connection.execute("SELECT setval(%s, 60000000)", [f"case_serial_{year}"])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _skew(connection: psycopg.Connection[Any]) -> dict[str, int]:
    post = "SELECT {} FROM people_position p JOIN people_unit u ON u.id = p.unit_id WHERE p.code = %s"
    return {
        "busy": BUSY_TASKS,
        "many": MANY_CASES,
        "own": OWN_TASKS,
        "applicant": _one(connection, "SELECT min(id) FROM people_account WHERE national_id IS NOT NULL"),
        "unit": _one(connection, post.format("u.id"), BUSY_HEAD),
        "municipality": _one(connection, post.format("u.municipality_id"), BUSY_HEAD),
        "head": _one(connection, post.format("p.id"), BUSY_HEAD),
        "officer": _one(connection, post.format("p.id"), BUSY_OFFICER),
        "idle": _one(connection, post.format("p.id"), IDLE_OFFICER),
    }


def _one(connection: psycopg.Connection[Any], query: str, *values: str) -> int:
    row = connection.execute(query, list(values)).fetchone()
    assert row is not None and row[0] is not None, query
    return int(row[0])


def _statement(connection: psycopg.Connection[Any], copy: Copy) -> sql.Composed:
    names = [row[0] for row in connection.execute(_COLUMNS, [copy.table]).fetchall()]
    if "id" in copy.own and "id" not in names:
        names.append("id")
    taken = sql.SQL(", ").join(
        sql.SQL(copy.own[name]) if name in copy.own else sql.SQL("p.{}").format(sql.Identifier(name))
        for name in names
    )
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {taken} "
        "FROM bench_plan b JOIN {table} p ON {joined} WHERE b.n >= %(first)s"
    ).format(
        table=sql.Identifier(copy.table),
        names=sql.SQL(", ").join(map(sql.Identifier, names)),
        taken=taken,
        joined=sql.SQL(copy.joined),
    )
