"""The one statement that saves a step: tasks closed and opened, splits, history, audit, messages, events, the case.

Input is the case's id and one JSON object. Names and types of the columns are those of the models, so that a new column
is in the statement by itself. The rows of the old position go before those of the new one come (`gone` is read first):
a token keeps its number while it moves.
"""

from collections.abc import Collection
from functools import cache
from typing import Final

from django.db import connection, models

from diwan.cases.models import Case, DoneTask, History, JoinCounter, OpenTask
from diwan.notify.models import Message
from diwan.outbox.prepared import Prepared

OWN: Final = {
    Case: frozenset({"id"}),
    OpenTask: frozenset({"id", "case_id"}),
    DoneTask: frozenset({"id", "case_id"}),
    JoinCounter: frozenset({"id", "case_id"}),
    History: frozenset({"id", "case_id", "xid"}),
    Message: frozenset({"id"}),
}
"""What the statement itself supplies."""
_AUDIT: Final = (
    ("recorded_at", "timestamptz"), ("at", "timestamptz"), ("actor", "text"), ("capacity", "text"), ("action", "text"),
    ("object_type", "text"), ("object_id", "text"), ("municipality_id", "int"), ("request_id", "text"),
    ("fields", "text[]"), ("digest", "text"),
)  # fmt: skip
_EVENT: Final = (
    ("at", "timestamptz"), ("name", "text"), ("version", "int"), ("subject", "text"), ("request_id", "text"),
    ("data", "jsonb"),
)  # fmt: skip


def given_columns(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    """(column, attribute) of what a row of the model brings into the statement."""
    return tuple(
        (str(field.column), field.attname)
        for field in model._meta.concrete_fields
        if field.column not in OWN[model]
    )


def _typed(model: type[models.Model]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(field.column), str(field.db_type(connection)))
        for field in model._meta.concrete_fields
        if field.column not in OWN[model]
    )


def _names(columns: Collection[tuple[str, str]], prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{name}"' for name, _ in columns)


def _record(columns: Collection[tuple[str, str]]) -> str:
    return ", ".join(f'"{name}" {kind}' for name, kind in columns)


@cache
def save_step() -> Prepared:
    """The statement: parameters are the id, the object, and the id three times more (a constant finds a partition).

    Its row, as text: cases written, tasks gone, tasks opened as {token: id}, id of the first row of the history.
    """
    case, task, done, join, told, message = (
        _typed(model) for model in (Case, OpenTask, DoneTask, JoinCounter, History, Message)
    )
    # Only names and types of columns are put into the text.
    query = f"""
WITH given AS MATERIALIZED (
    SELECT %s::bigint AS id, %s::jsonb AS step
), saved AS (
    UPDATE "case" c SET ({_names(case)}) = ROW({_names(case, "r.")})
    FROM given g, jsonb_to_record(g.step -> 'case') AS r({_record(case)})
    WHERE c.id = %s::bigint
    RETURNING c.id
), gone AS (
    DELETE FROM open_task t
    WHERE t.case_id = %s::bigint
      AND t.token = ANY(ARRAY(SELECT jsonb_array_elements_text(g.step -> 'gone')::int FROM given g))
    RETURNING t.token
), done AS (
    INSERT INTO done_task (case_id, {_names(done)})
    SELECT g.id, {_names(done, "d.")} FROM given g, jsonb_to_recordset(g.step -> 'done') AS d({_record(done)})
), opened AS (
    INSERT INTO open_task (case_id, {_names(task)})
    SELECT g.id, {_names(task, "t.")} FROM given g, jsonb_to_recordset(g.step -> 'opened') AS t({_record(task)})
    WHERE (SELECT count(*) FROM gone) >= 0
    RETURNING token, id
), joined AS (
    DELETE FROM join_counter j
    WHERE j.case_id = %s::bigint
      AND j.number = ANY(ARRAY(SELECT jsonb_array_elements_text(g.step -> 'joined')::int FROM given g))
), waits AS (
    INSERT INTO join_counter (case_id, {_names(join)})
    SELECT g.id, {_names(join, "j.")} FROM given g, jsonb_to_recordset(g.step -> 'joins') AS j({_record(join)})
    ON CONFLICT (case_id, number) DO UPDATE SET arrived = EXCLUDED.arrived
), told AS (
    INSERT INTO history (case_id, xid, {_names(told)})
    SELECT g.id, pg_current_xact_id()::text::bigint, {_names(told, "h.")}
    FROM given g, jsonb_to_recordset(g.step -> 'history') AS h({_record(told)})
    RETURNING id
), new_message AS (
    INSERT INTO message ({_names(message)})
    SELECT {_names(message, "m.")}
    FROM given g, jsonb_to_recordset(g.step -> 'messages') AS m({_record(message)})
), new_audit AS (
    INSERT INTO audit_row (xid, {_names(_AUDIT)})
    SELECT pg_current_xact_id()::text::bigint, {_names(_AUDIT, "a.")}
    FROM given g, jsonb_to_record(g.step -> 'audit') AS a({_record(_AUDIT)})
), new_event AS (
    INSERT INTO outbox_event (xid, {_names(_EVENT)})
    SELECT pg_current_xact_id()::text::bigint, {_names(_EVENT, "e.")}
    FROM given g, jsonb_to_recordset(g.step -> 'events') AS e({_record(_EVENT)})
)
SELECT (SELECT count(*) FROM saved)::text, (SELECT count(*) FROM gone)::text,
       (SELECT coalesce(json_object_agg(token, id), '{{}}')::text FROM opened), (SELECT min(id)::text FROM told)
"""  # noqa: S608  made of the names above
    return Prepared(name="diwan_save_step", query=query)
