"""The one statement that opens 1 or 500 cases with their tasks, history, messages, audit rows, events and keys.

Input is one JSON array; a request whose idempotency key is taken opens nothing and returns no row. The case id is
drawn inside the statement, so one round trip serves the whole set, and the papers that were sent ahead and the draft go
with it: a paper or a draft that is not as it was read refuses the whole statement (`diwan_refuse`, SQLSTATE DW001).
"""

from typing import Final

_CASE: Final = (
    ("version_id", "bigint"), ("service", "text"), ("municipality_id", "bigint"), ("district_id", "bigint"),
    ("unit_id", "bigint"), ("account_id", "bigint"), ("establishment_id", "bigint"), ("filed_by_id", "bigint"),
    ("filed_by_account", "bigint"), ("client_id", "bigint"), ("channel", "text"), ("applicant", "jsonb"),
    ("data", "jsonb"), ("facts", "jsonb"),
    ("state", "text"), ("stage", "text"), ("holder", "text"), ("next_token", "int"), ("language", "text"),
    ("opened_at", "timestamptz"), ("due_at", "timestamptz"), ("clock_remaining", "jsonb"),
)  # fmt: skip
_TASK: Final = (
    ("token", "int"), ("step", "text"), ("kind", "text"), ("data", "jsonb"), ("unit_id", "bigint"), ("role", "text"),
    ("entity_id", "bigint"), ("due_at", "timestamptz"), ("next_level_at", "timestamptz"), ("try_at", "timestamptz"),
)  # fmt: skip
_HISTORY: Final = (
    ("act", "text"), ("step", "text"), ("outcome", "text"), ("note", "text"), ("why", "jsonb"), ("public", "boolean"),
)  # fmt: skip
_ACTOR: Final = (
    ("account_id", "bigint"), ("position_id", "bigint"), ("capacity", "text"), ("actor_ar", "text"),
    ("actor_en", "text"), ("title_ar", "text"), ("title_en", "text"), ("on_behalf_of", "text"),
)  # fmt: skip
_MESSAGE: Final = (
    ("account_id", "bigint"), ("channel", "text"), ("address", "text"), ("language", "text"), ("template", "text"),
    ("params", "jsonb"), ("not_before", "timestamptz"),
)  # fmt: skip


def _names(columns: tuple[tuple[str, str], ...], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name, _ in columns)


def _record(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns)


# Only names and types of columns that stand above are put into the text.
OPEN_CASES: Final = f"""
WITH req AS MATERIALIZED (
    SELECT r.*, diwan_case_id(r.opened_at) AS id
    FROM jsonb_to_recordset(%s::jsonb) AS r(
        n int, scope text, key text, request_hash text, actor jsonb, audit jsonb, tasks jsonb, joins jsonb,
        history jsonb, messages jsonb, event jsonb, papers jsonb, papers_from text, draft text, draft_revision int,
        {_record(_CASE)})
), claimed AS (
    INSERT INTO idempotency_key (scope, key, request_hash, case_id, answer, at)
    SELECT scope, key, request_hash, id, '{{}}', opened_at FROM req WHERE key <> ''
    ON CONFLICT (scope, key) DO NOTHING
    RETURNING case_id
), fresh AS (
    SELECT * FROM req WHERE key = '' OR id IN (SELECT case_id FROM claimed)
), new_case AS (
    INSERT INTO "case" (id, revision, round, highlights, returns, secret_generation, ended_at_step, {_names(_CASE)})
    SELECT id, 1, 1, '{{}}', 0, 0, '', {_names(_CASE)} FROM fresh
), new_task AS (
    INSERT INTO open_task (case_id, service, municipality_id, frames, returned, entered_at, level, tries,
                           request_id, {_names(_TASK)})
    SELECT f.id, f.service, f.municipality_id, ARRAY(SELECT jsonb_array_elements_text(t.frames)::int), false,
           f.opened_at, 0, 0, f.audit ->> 'request_id', {_names(_TASK, "t.")}
    FROM fresh f, jsonb_to_recordset(f.tasks) AS t(frames jsonb, {_record(_TASK)})
), new_join AS (
    INSERT INTO join_counter (case_id, number, split, expected, arrived)
    SELECT f.id, j.number, j.split, j.expected, j.arrived
    FROM fresh f, jsonb_to_recordset(f.joins) AS j(number int, split text, expected int, arrived int)
), new_history AS (
    INSERT INTO history (case_id, xid, at, reasons, changes, state, stage, holder, {_names(_ACTOR)}, {_names(_HISTORY)})
    SELECT f.id, pg_current_xact_id()::text::bigint, f.opened_at, '{{}}', '{{}}', f.state, f.stage, f.holder,
           {_names(_ACTOR, "a.")}, {_names(_HISTORY, "h.")}
    FROM fresh f, jsonb_to_record(f.actor) AS a({_record(_ACTOR)}),
         jsonb_to_recordset(f.history) AS h({_record(_HISTORY)})
), new_message AS (
    INSERT INTO message (created_at, municipality_id, case_id, subject, body, state, attempts, provider_reference,
                         error, request_id, {_names(_MESSAGE)})
    SELECT f.opened_at, f.municipality_id, f.id, '', '', 'queued', 0, '', '', f.audit ->> 'request_id',
           {_names(_MESSAGE, "m.")}
    FROM fresh f, jsonb_to_recordset(f.messages) AS m({_record(_MESSAGE)})
), new_audit AS (
    INSERT INTO audit_row (xid, recorded_at, at, actor, capacity, action, object_type, object_id, municipality_id,
                           request_id, fields, digest)
    SELECT pg_current_xact_id()::text::bigint, clock_timestamp(), f.opened_at, a.actor, a.capacity, 'cases.case.opened',
           'case', f.id::text, f.municipality_id, a.request_id, ARRAY(SELECT jsonb_array_elements_text(a.fields)),
           a.digest
    FROM fresh f,
         jsonb_to_record(f.audit) AS a(actor text, capacity text, request_id text, fields jsonb, digest text)
), new_event AS (
    INSERT INTO outbox_event (xid, at, name, version, subject, request_id, data)
    SELECT pg_current_xact_id()::text::bigint, f.opened_at, f.event ->> 'name', (f.event ->> 'version')::int,
           'case:' || f.id, f.audit ->> 'request_id', (f.event -> 'data') || jsonb_build_object('case', f.id)
    FROM fresh f
), moved AS (
    UPDATE files_upload u SET owner = 'case:' || f.id
    FROM fresh f
    WHERE u.id = ANY(ARRAY(SELECT jsonb_array_elements_text(papers) FROM fresh)) AND u.discarded_at IS NULL
      AND u.owner = f.papers_from AND f.papers ? u.id::text
    RETURNING f.n
), sent AS (
    UPDATE cases_draft d SET case_id = f.id
    FROM fresh f
    WHERE d.id = ANY(ARRAY(SELECT draft FROM fresh WHERE draft <> '')) AND d.id = f.draft
      AND d.revision = f.draft_revision AND d.case_id IS NULL
    RETURNING f.n
)
SELECT n::text, id::text,
    CASE WHEN jsonb_array_length(papers) <> (SELECT count(*) FROM moved m WHERE m.n = f.n)
         THEN diwan_refuse('papers') END,
    CASE WHEN draft <> '' AND NOT EXISTS (SELECT FROM sent s WHERE s.n = f.n) THEN diwan_refuse('draft') END
FROM fresh f ORDER BY f.n
"""  # noqa: S608  made of the constants above
REFUSED: Final = "DW001"
"""SQLSTATE of `diwan_refuse`; the message is what was not as it was read: `papers` or `draft`."""

TAKEN: Final = """
SELECT request_hash, case_id::text FROM idempotency_key WHERE scope = %s::text AND key = %s::text
"""
