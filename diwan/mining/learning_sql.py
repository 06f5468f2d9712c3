"""The SQL that a model is learned from.

How long a post was busy with a task is not written down. It is taken to have begun when the task had come, the post
had finished the one before (of any service) and, where that is known, had taken it over; this is the usual repair of
start times (D. Chapela-Campa, M. Dumas: "Repairing activity start times to improve business process simulation", 2022).
"""

from string import Template
from typing import Final

from diwan.mining.log_sql import COHORT, calendars_of, worked

POOLS: Final = Template("""
WITH $cohort
SELECT t.step, c.municipality_id, t.role, t.unit_id, count(*), array_agg(DISTINCT t.position_id)
FROM cohort c JOIN done_task t ON t.case_id = c.id
WHERE t.kind = ANY(%(posts)s) AND t.unit_id IS NOT NULL AND t.position_id IS NOT NULL AND t.outcome <> 'closed'
GROUP BY t.step, c.municipality_id, t.role, t.unit_id""").substitute(cohort=COHORT)

_ACTS: Final = Template("""
owners AS (SELECT * FROM unnest(%(people)s::bigint[], %(pools)s::int[]) AS o(position_id, pool)),
begun AS MATERIALIZED (
    SELECT t.case_id, t.step, t.entered_at, t.done_at, o.pool, t.case_id IN (SELECT id FROM cohort) AS ours,
        greatest(t.entered_at, lag(t.done_at) OVER (PARTITION BY t.position_id ORDER BY t.done_at, t.id)) AS began
    FROM done_task t JOIN owners o USING (position_id)
    WHERE t.case_id >= %(low)s AND t.done_at >= %(begin)s AND t.kind = ANY(%(posts)s) AND t.outcome <> 'closed'),
acts AS MATERIALIZED (
    SELECT b.step, b.pool, b.entered_at, b.ours, $done - $began AS busy, $done - $entered AS stay
    FROM begun b JOIN calendars k ON k.place = b.pool
    LEFT JOIN LATERAL (SELECT max(h.at) AS at FROM history h WHERE h.case_id = b.case_id AND h.act = 'claimed'
        AND h.step = b.step AND h.at BETWEEN b.entered_at AND b.done_at) taken ON b.ours)""").substitute(
    done=worked("b.done_at"), entered=worked("b.entered_at"), began=worked("greatest(b.began, taken.at)")
)

_PARTS: Final = """
SELECT 'work' AS part, jsonb_build_object('step', step, 'spread', $busy, 'stay', $stay) AS found
FROM acts WHERE ours GROUP BY step
UNION ALL
SELECT 'delay', jsonb_build_object('step', t.step, 'spread', $elapsed)
FROM cohort c JOIN done_task t ON t.case_id = c.id
WHERE t.outcome <> 'closed' AND NOT (t.kind = ANY(%(posts)s) AND t.unit_id IS NOT NULL AND t.position_id IS NOT NULL)
GROUP BY t.step
UNION ALL
SELECT 'other', jsonb_build_object('pool', pool, 'spread', $busy) FROM acts WHERE NOT ours GROUP BY pool
UNION ALL
SELECT 'other_slot', jsonb_build_object('pool', pool, 'slot', slot, 'count', count(*))
FROM (SELECT pool, $came AS slot FROM acts WHERE NOT ours AND entered_at >= %(begin)s) o GROUP BY pool, slot
UNION ALL
SELECT 'arrival', jsonb_build_object('place', municipality_id, 'slot', slot, 'count', count(*))
FROM (SELECT municipality_id, $opened AS slot FROM cohort WHERE state NOT IN ('withdrawn', 'cancelled')) a
GROUP BY municipality_id, slot"""


def _spread(what: str) -> str:
    """SQL: the values at the shares."""
    return f"percentile_cont(%(shares)s::float8[]) WITHIN GROUP (ORDER BY {what})"


def _slot(moment: str) -> str:
    """SQL: the half hour of the week in Riyadh, Monday 0:00 first; of a holiday its half hour of the day and 336."""
    there = f"({moment} AT TIME ZONE 'Asia/Riyadh')"
    day = f"CASE WHEN {there}::date = ANY(%(holidays)s::date[]) THEN 7 ELSE extract(isodow FROM {there})::int - 1 END"
    half = f"(extract(minute FROM {there})::int / 30)"
    return f"(({day}) * 48 + extract(hour FROM {there})::int * 2 + {half})"


def learning(calendars: int) -> str:
    """The one statement of the model: rows of (part, found). `calendars` stand for pools here."""
    parts = Template(_PARTS).substitute(
        busy=_spread("busy"), stay=_spread("stay"),
        elapsed=_spread("extract(epoch FROM t.done_at - t.entered_at)::float8"),
        came=_slot("entered_at"), opened=_slot("opened_at"),
    )  # fmt: skip
    return f"WITH {COHORT}, {calendars_of(calendars)}, {_ACTS}\n{parts}"
