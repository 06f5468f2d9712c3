"""The SQL over the log: one statement for all figures, so that they belong to one moment; aggregates stay in SQL.

No part joins two parts of a statement with each other: of those the planner knows no sizes.

Working seconds are found by a binary search in an array of the calendar's spans (`width_bucket`).
"""

from string import Template
from typing import Final

COHORT: Final = """
cohort AS MATERIALIZED (
    SELECT id, version_id, municipality_id, opened_at, closed_at, ended_at_step, state FROM "case"
    WHERE id >= %(low)s AND id < %(high)s AND service = %(service)s AND opened_at >= %(begin)s
      AND opened_at < %(end)s AND municipality_id = ANY(%(places)s)
    ORDER BY id DESC LIMIT %(most)s)"""

CALENDARS: Final = """
calendars AS MATERIALIZED (
    SELECT place, starts, lengths, before
    FROM unnest(%(place)s::bigint[], %(whose)s::int[]) AS p(place, number) JOIN (VALUES {rows}) AS c(number, starts,
        lengths, before) USING (number))"""


def worked(moment: str) -> str:
    """SQL: seconds worked from the calendar's first span up to a moment; needs `calendars AS k` in reach."""
    at = f"extract(epoch FROM {moment})::float8"
    span = f"width_bucket({at}, k.starts)"
    return f"coalesce(k.before[{span}] + least({at} - k.starts[{span}], k.lengths[{span}]), 0)"  # the first span is 1


TASKS: Final = Template("""
tasks AS MATERIALIZED (
    SELECT t.case_id, c.municipality_id, c.opened_at, c.closed_at, t.id, t.step, t.kind, t.outcome, t.role,
        t.entered_at, t.done_at, t.due_at,
        extract(epoch FROM t.done_at - t.entered_at)::float8 AS elapsed,
        $done - $entered AS working
    FROM cohort c JOIN done_task t ON t.case_id = c.id JOIN calendars k ON k.place = c.municipality_id)""").substitute(
    done=worked("t.done_at"), entered=worked("t.entered_at")
)

TOUCHED: Final = Template("""
touched AS (
    SELECT f.step, $claimed - $entered AS waited
    FROM (SELECT t.id, t.step, t.entered_at, t.municipality_id, min(h.at) AS claimed
        FROM tasks t JOIN history h ON h.case_id = t.case_id
            AND h.act = 'claimed' AND h.step = t.step AND h.at BETWEEN t.entered_at AND t.done_at
        GROUP BY t.id, t.step, t.entered_at, t.municipality_id) f
    JOIN calendars k ON k.place = f.municipality_id)""").substitute(
    claimed=worked("f.claimed"), entered=worked("f.entered_at")
)

_STEPS: Final = """
SELECT 'step' AS part, jsonb_build_object('step', step, 'kind', max(kind), 'role', max(role), 'done', count(*),
    'cases', count(DISTINCT case_id), 'elapsed', sum(elapsed), 'due', count(due_at),
    'late', count(*) FILTER (WHERE done_at > due_at),
    'elapsed_at', percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY elapsed),
    'working_at', percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY working)) AS found
FROM tasks GROUP BY step"""
_TOUCHES: Final = """
SELECT 'touch', jsonb_build_object('step', step, 'known', count(*),
    'waited', percentile_cont(0.5) WITHIN GROUP (ORDER BY waited)) FROM touched GROUP BY step"""
_OUTCOMES: Final = """
SELECT 'outcome', jsonb_build_object('step', step, 'outcome', outcome, 'count', count(*))
FROM tasks GROUP BY step, outcome"""
_DECISIONS: Final = """
SELECT 'decision', jsonb_build_object('step', h.step, 'to', h.outcome, 'count', count(*))
FROM cohort c JOIN history h ON h.case_id = c.id AND h.act = 'decided' GROUP BY h.step, h.outcome"""
_ENDS: Final = """
SELECT 'end', jsonb_build_object('step', ended_at_step, 'state', max(state), 'count', count(*))
FROM cohort WHERE closed_at IS NOT NULL GROUP BY ended_at_step"""
_WAITING: Final = """
SELECT 'waiting', jsonb_build_object('step', o.step, 'count', count(*),
    'late', count(*) FILTER (WHERE o.due_at < %(now)s))
FROM cohort c JOIN open_task o ON o.case_id = c.id GROUP BY o.step"""
_PATHS: Final = """
SELECT 'path', jsonb_build_object('path', path, 'count', count, 'lead', lead, 'different', different, 'of', whole)
FROM (SELECT path, count(*) AS count, percentile_cont(0.5) WITHIN GROUP (ORDER BY lead) AS lead,
        count(*) OVER () AS different, sum(count(*)) OVER () AS whole
    FROM (SELECT case_id, array_agg(step ORDER BY id) AS path,
            extract(epoch FROM max(closed_at) - max(opened_at))::float8 AS lead
        FROM tasks WHERE closed_at IS NOT NULL AND outcome <> 'closed' GROUP BY case_id) one
    GROUP BY path ORDER BY count(*) DESC, path LIMIT %(paths)s) paths"""
_LOOPS: Final = """
SELECT 'loop', jsonb_build_object('step', step, 'cases', count(*), 'again', sum(times - 1), 'most', max(times))
FROM (SELECT step, case_id, count(*) AS times FROM tasks WHERE outcome NOT IN ('closed', 'signed')
    GROUP BY step, case_id HAVING count(*) > 1) one
GROUP BY step"""
_WHOLE: Final = """
SELECT 'whole', jsonb_build_object('opened', count(*), 'ended', count(closed_at),
    'lead_at', percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (
        ORDER BY extract(epoch FROM closed_at - opened_at)::float8),
    'versions', count(DISTINCT version_id)) FROM cohort"""

PARTS: Final = (
    _STEPS, _TOUCHES, _OUTCOMES, _DECISIONS, _ENDS, _WAITING, _PATHS, _LOOPS, _WHOLE,
)  # fmt: skip


def calendars_of(count: int) -> str:
    """The part that brings ``count`` calendars in, as parameters ``starts0``, ``lengths0``, ``before0`` ..."""
    rows = ", ".join(
        f"({n}, %(starts{n})s::float8[], %(lengths{n})s::float8[], %(before{n})s::float8[])"
        for n in range(count)
    )
    return CALENDARS.format(rows=rows)


def figures(calendars: int) -> str:
    """The one statement of all figures: rows of (part, found)."""
    parts = "\nUNION ALL ".join(f"({part})" for part in PARTS)
    return f"WITH {COHORT}, {calendars_of(calendars)}, {TASKS}, {TOUCHED}\n{parts}"


CASES: Final = Template("WITH $cohort SELECT id FROM cohort ORDER BY id").substitute(cohort=COHORT)
EVENTS: Final = """
SELECT c.id, c.municipality_id, c.state, t.token, t.step, t.kind, t.outcome, t.role, t.unit_id, t.entered_at,
    t.due_at, t.done_at
FROM "case" c JOIN done_task t ON t.case_id = c.id WHERE c.id = ANY(%(ids)s) ORDER BY c.id, t.id"""
