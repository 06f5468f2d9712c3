-- What a submission comes to when nothing but PostgreSQL works: the rows of one complete case in one statement.
-- Case, open task, history, notice, audit and idempotency key, in the product's own tables with all their indexes and
-- constraints. The values are those of a real application; pgbench gives them as parameters (-M prepared).
WITH made AS MATERIALIZED (
    SELECT diwan_case_id(now()) AS id, gen_random_uuid()::text AS key, now() AS at
), new_key AS (
    INSERT INTO idempotency_key (scope, key, request_hash, case_id, answer, at)
    SELECT 'reference', key, :request_hash, id, '{}', at FROM made
), new_case AS (
    INSERT INTO "case" (id, version_id, service, municipality_id, district_id, unit_id, channel, applicant, data, facts,
                        state, stage, ended_at_step, holder, revision, round, highlights, next_token, returns,
                        secret_generation, language, opened_at, due_at)
    SELECT id, :version_id::bigint, :service, :municipality_id::bigint, :district_id::bigint, :unit_id::bigint, 'api',
           :applicant::jsonb, :data::jsonb, :facts::jsonb, :state, :stage, '', :holder, 1, 1, '{}', 2, 0, 0, 'ar', at, at
    FROM made
), new_task AS (
    INSERT INTO open_task (case_id, token, step, frames, kind, data, service, municipality_id, unit_id, role, returned,
                           entered_at, due_at, level, tries)
    SELECT id, 1, :stage, '{}', :kind, '{}', :service, :municipality_id::bigint, :task_unit_id::bigint, :role, false, at,
           at, 0, 0
    FROM made
), new_history AS (
    INSERT INTO history (case_id, xid, at, capacity, actor_ar, actor_en, title_ar, title_en, on_behalf_of, act, step,
                         outcome, note, reasons, changes, state, stage, holder, public)
    SELECT id, pg_current_xact_id()::text::bigint, at, :capacity, :actor, :actor, '', '', '', 'opened', '', '', '',
           '{}', '{}', :state, :stage, :holder, true
    FROM made
), new_notice AS (
    INSERT INTO message (created_at, municipality_id, case_id, channel, address, language, template, params, subject,
                         body, state, not_before, attempts, provider_reference, error)
    SELECT at, :municipality_id::bigint, id, 'sms', '0500000000', 'ar', 'SUBMITTED', '{}', '', '', 'queued', at, 0, '', ''
    FROM made
), new_audit AS (
    INSERT INTO audit_row (xid, recorded_at, at, actor, capacity, action, object_type, object_id, municipality_id,
                           request_id, fields, digest)
    SELECT pg_current_xact_id()::text::bigint, clock_timestamp(), at, :capacity, :capacity, 'cases.case.opened', 'case',
           id::text, :municipality_id::int, '', :fields::varchar[], :request_hash
    FROM made
)
SELECT id FROM made;
