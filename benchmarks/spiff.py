"""The other engine's cases, kept in our PostgreSQL as its own serializer writes them: JSON, one row a case."""

import logging
from typing import Final

import psycopg
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

from diwan.flow import Table
from tests.bpmn.oracle import Oracle

TABLES: Final = """
CREATE UNLOGGED TABLE IF NOT EXISTS bench_step (n int PRIMARY KEY, id bigint NOT NULL, step jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS bench_spiff (id bigserial PRIMARY KEY, body json NOT NULL);
GRANT ALL ON bench_step, bench_spiff, bench_spiff_id_seq TO diwan_app;
"""
"""Made by the superuser: the role of the product owns nothing. The cases are as durable as ours."""
_NEW: Final = "INSERT INTO bench_spiff (body) VALUES (%s::json) RETURNING id"
_LOCK: Final = "SELECT body::text FROM bench_spiff WHERE id = %s FOR UPDATE"
_SAVE: Final = "UPDATE bench_spiff SET body = %s::json WHERE id = %s"


Path = tuple[tuple[str, str], ...]
"""Steps in turn, each with what comes out of it."""


def _holds(_rule: str) -> bool:
    """Rules cost the other engine nothing: each holds."""
    return True


class Kept:
    """Cases of one process on one connection, one after the other; statements are prepared, as ours are.

    `held` leaves the reading out: the case stays in the memory of the one process that works on it.
    """

    def __init__(self, url: str, table: Table, path: Path, *, held: bool = False) -> None:
        logging.getLogger("spiff").setLevel(logging.WARNING)
        self._connection = psycopg.connect(url, prepare_threshold=1)
        self._serializer = BpmnWorkflowSerializer()
        self._first = Oracle(table, rule=_holds, answer=str).case
        self._path, self._held = path, held
        self._case: BpmnWorkflow | None = None
        self._id = self._done = 0

    def step(self) -> None:
        """One step of the case at hand: read and locked, run, saved and committed; then of the next case."""
        if self._case is None:
            self._begin()
        if not self._held:
            row = self._connection.execute(_LOCK, [self._id]).fetchone()
            assert row is not None
            self._case = self._serializer.deserialize_json(row[0])
            self._case.script_engine = self._first.script_engine
        assert self._case is not None
        step, outcome = self._path[self._done]
        waiting = self._case.get_tasks(state=TaskState.READY)
        task = next(one for one in waiting if one.task_spec.bpmn_id == f"Step_{step}")
        task.data["outcome"] = outcome
        task.run()
        self._case.do_engine_steps()
        self._connection.execute(_SAVE, [self._serializer.serialize_json(self._case), self._id])
        self._connection.commit()
        self._done += 1
        if self._done == len(self._path):
            self._case = None

    def _begin(self) -> None:
        """A new case; its first position is saved and not counted as a step."""
        self._case = BpmnWorkflow(self._first.spec, script_engine=self._first.script_engine)
        self._case.do_engine_steps()
        text = self._serializer.serialize_json(self._case)
        row = self._connection.execute(_NEW, [text]).fetchone()
        assert row is not None
        self._id, self._done = row[0], 0
        self._connection.commit()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
