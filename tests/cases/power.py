"""The power goes between two statements of an act: the connection is cut, or the process is killed, before the nth.

An attempt runs the act with the clock standing still, on a database whose commits are real. Whatever the server has not
been told to commit is gone; then the rows of the case are compared, of every table that has any.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from django.apps import apps
from django.db import connection, connections

from diwan.kit import clock
from diwan.kit.errors import DiwanError

COMMIT: Final = "commit"
"""Cut where the transaction is about to be committed."""
COMMITTED: Final = "committed"
"""Cut where it is, and nobody has heard of it."""
Where = int | str
Rows = dict[str, list[dict[str, Any]]]
_NUMBERS: Final = "id xid number serial bill document entry subject verify_token"
_REFERENCES: Final = "history_id mandate_id used_by_document document_id entry_id"
_MOMENTS: Final = "recorded_at try_at approved_at revoked_at"
_DRAWN: Final = frozenset(f"{_NUMBERS} {_REFERENCES} {_MOMENTS}".split())
"""Columns with numbers that an attempt draws anew, and with moments of the machine's own clock, which runs on."""

_REMEMBERING: Final = (
    "diwan.cases.routing", "diwan.cases.services", "diwan.catalogue.remembered", "diwan.places.shape_index",
)  # fmt: skip


class Gone(BaseException):
    """The power is gone. No handler of the product takes it for an error that it could mend."""


class Attempt:
    """One run of an act that ends at `where`: statements are counted, and the rows seen before the commit are kept."""

    def __init__(self, case_id: int, where: Where, die: Callable[[], None]) -> None:
        self.case_id, self.where, self.die = case_id, where, die
        self.statements = 0
        self.over = False
        self.seen: Rows = {}

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within the block every statement and the commit of this thread's connection are counted."""
        commit = connection.commit

        def committing() -> None:
            if self.where == COMMIT:
                made = self.statements
                self.seen, self.statements = rows_of(self.case_id), made
                self._die()
            commit()
            if self.where == COMMITTED:
                self._die()

        with connection.execute_wrapper(self._counted), patch.object(connection, "commit", committing):
            yield

    def _die(self) -> None:
        self.over = True
        self.die()

    def _counted(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        if self.statements == self.where:
            self._die()
        return execute(sql, params, many, context)


def cut_off() -> None:
    """The wire is cut: the server reads the end of it, without a word of farewell."""
    with socket.socket(fileno=os.dup(connection.connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)
    raise Gone


def kill() -> None:
    """This process dies."""
    os.kill(os.getpid(), signal.SIGKILL)


def cut(act: Callable[[], object], case_id: int, where: Where) -> Attempt:
    """Run the act until the wire is cut there; by then it must have come there."""
    attempt = Attempt(case_id, where, cut_off)
    try:
        with attempt.watching():
            act()
    except BaseException:  # also what closing the dead connection has raised on the way
        if not attempt.over:
            raise
        return attempt
    finally:
        connections.close_all()
    raise AssertionError(f"the act ended before {where}")


def killed(act: Callable[[], object], case_id: int, where: Where) -> None:
    """Run the act in a process of its own that is killed there."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with Attempt(case_id, where, kill).watching():
                act()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, f"the act ended before {where}"


def interrupted(act: Callable[[], object], case_id: int, *, by: Callable[..., object] = cut) -> int:
    """Interrupt the act before each of its statements, before its commit and after it, then do it again.

    The case is wholly as before, or wholly as the act leaves it; and doing it again changes nothing. Gives the number
    of statements. The clock stands still meanwhile.
    """
    with clock.frozen(clock.now()), _nothing_forgotten():
        before = rows_of(case_id)
        cut(act, case_id, COMMIT)  # what the process remembers for a while is read now
        whole = cut(act, case_id, COMMIT)
        assert rows_of(case_id) == before, "something of an act that was not committed has stayed"
        assert drawn(whole.seen) != drawn(before), "the act changes nothing"
        for number in range(1, whole.statements + 1):
            by(act, case_id, number)
            assert rows_of(case_id) == before, f"changed, though it ended before statement {number}"
        by(act, case_id, COMMITTED)
        after = rows_of(case_id)
        unlike = unlike_in(drawn(after), drawn(whole.seen))
        assert not unlike, f"committed, and not the whole: {unlike}"
        with contextlib.suppress(DiwanError):  # refused: it was outrun by itself
            act()
        assert rows_of(case_id) == after, "done again, it was done twice"
    return whole.statements


@contextmanager
def _nothing_forgotten() -> Iterator[None]:
    """What a process remembers for a while does not run out between two attempts, so that both ask the same."""
    now = time.monotonic()
    still = SimpleNamespace(monotonic=lambda: now)
    with contextlib.ExitStack() as stack:
        for module in _REMEMBERING:
            stack.enter_context(patch(f"{module}.time", still))
        yield


def rows_of(case_id: int) -> Rows:
    """Every row of the case, of whatever table, with what the log and the events say of it."""
    with connection.cursor() as cursor:
        cursor.execute(_query(), {"case": case_id})
        return {table: rows for table, rows in json.loads(cursor.fetchone()[0]).items() if rows}


def drawn(rows: Rows) -> dict[str, list[str]]:
    """The rows without what an attempt draws anew."""
    return {
        table: sorted(json.dumps(_without(row), ensure_ascii=False) for row in found)
        for table, found in rows.items()
    }


def unlike_in(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, list[str]]:
    """By table the rows that only one of the two has."""
    tables = one.keys() | other.keys()
    found = {table: sorted({*one.get(table, ())} ^ {*other.get(table, ())}) for table in tables}
    return {table: rows for table, rows in found.items() if rows or len(one[table]) != len(other[table])}


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(item) for key, item in value.items() if key not in _DRAWN}
    return value


def _query() -> str:
    tables = {
        str(model._meta.db_table)
        for model in apps.get_models()
        if model._meta.managed and any(field.column == "case_id" for field in model._meta.concrete_fields)
    }
    parts = [(table, f'"{table}" t WHERE t.case_id = %(case)s') for table in sorted(tables)]
    parts += [
        ("case", '"case" t WHERE t.id = %(case)s'),
        ("audit_row", "audit_row t WHERE t.object_type = 'case' AND t.object_id = %(case)s::text"),
        ("outbox_event", "outbox_event t WHERE t.data ->> 'case' = %(case)s::text"),
    ]
    one = "'{0}', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]') FROM {1})"
    return f"SELECT jsonb_build_object({', '.join(one.format(*part) for part in parts)})::text"
