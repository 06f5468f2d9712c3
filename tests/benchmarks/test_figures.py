"""What the benchmark says of its figures, and the small parts it is made of. No time is asserted anywhere."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks import load, reference
from benchmarks.bulk import COPIES
from benchmarks.figures import AT_LEAST, AT_MOST, Figure, missed, table
from benchmarks.statements import Cost, Statement, usual


def test_a_bound_is_on_the_ratio_and_without_one_on_the_value() -> None:
    compared = Figure(name="a", value=90, unit="x", ratio=0.5, sense=AT_LEAST, bound=0.45)
    plain = Figure(name="b", value=9, unit="statements", sense=AT_MOST, bound=8)
    free = Figure(name="c", value=1, unit="x")
    assert [compared.ok, plain.ok, free.ok] == [True, False, None]
    assert missed([compared, plain, free]) == ["b is 9.00; it has to be at most 8."]


def test_the_table_says_plainly_what_is_missed() -> None:
    lines = table([Figure(name="slow", value=1, unit="x", ratio=0.1, sense=AT_LEAST, bound=0.2)])
    assert "MISSED" in lines[2]
    assert len({len(line) for line in lines}) == 1


def test_the_json_holds_the_verdict() -> None:
    data = Figure(
        name="a", value=1, unit="x", compared_with="b", ratio=2.0, sense=AT_MOST, bound=1.3
    ).as_data()
    assert {"name", "value", "unit", "compared_with", "ratio", "ok"} <= set(data)
    assert data["ok"] is False


def test_costs_are_sums_over_the_statements_of_a_request() -> None:
    cost = Cost((Statement("SELECT 1", 1, 0.5, 3), Statement("SELECT 2", 2, 0.25, 4)))
    assert (cost.statements, cost.ms, cost.buffers) == (3, 0.75, 7)


def test_one_slow_turn_does_not_decide_the_time_of_a_statement() -> None:
    turns = [Cost((Statement("a", 1.0, ms, 4.0),)) for ms in (0.4, 9.0, 0.5)] + [Cost(())] * 2
    assert usual(turns).listed == (Statement("a", 0.6, 0.4, 2.4),)


def test_the_reference_writes_every_row_of_a_complete_case() -> None:
    text = reference.SQL.read_text()
    for name in ("idempotency_key", '"case"', "open_task", "history", "message", "audit_row"):
        assert f"INSERT INTO {name} " in text
    statement = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    assert statement.count(";") == 1


def test_every_copied_table_belongs_to_one_copy() -> None:
    names = [copy.table for copy in COPIES]
    assert len(names) == len(set(names))


@contextmanager
def _server(answer: bytes) -> Iterator[int]:
    """A server on loopback that gives one answer to every request of every connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve(connection: socket.socket) -> None:
            with connection:
                while connection.recv(65536):
                    connection.sendall(answer)

        def accept() -> None:
            while True:
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def test_every_request_is_sent_once_and_answered() -> None:
    with _server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as port:
        source = iter([load.request("GET", "/")] * 25)
        outcome = load.run(port, source, status=200, connections=3, seconds=30)
    assert outcome.requests == 25
    assert outcome.p50_ms > 0


def test_another_status_than_the_wanted_one_stops_the_run() -> None:
    with (
        _server(b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nfire") as port,
        pytest.raises(load.LoadError) as told,
    ):
        load.run(port, iter([load.request("GET", "/")] * 5), status=200, connections=1, seconds=30)
    assert "500 instead of 200" in str(told.value)


def test_a_body_says_its_length() -> None:
    raw = load.request("POST", "/x", headers={"A": "b"}, body=b"12345")
    assert raw.startswith(b"POST /x HTTP/1.1\r\n")
    assert raw.endswith(b"Content-Length: 5\r\n\r\n12345")
