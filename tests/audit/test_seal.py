"""The seal finds what the owner of the tables does to the log: change, delete, reorder, truncate of one or both."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from diwan.audit import verify as verify_module
from diwan.audit.actions import SealingRefused, seal_committed
from diwan.audit.actions.anchor import read_anchors
from diwan.audit.models import AuditRow, Seal
from diwan.audit.verify import Report, verify
from tests.outbox.waiting import others_done

Owner = psycopg.Connection[Any]
Write = Callable[[int], None]


def sealed() -> int:
    """Seal everything that the test has written."""
    others_done()
    return seal_committed()


SWAP = """
WITH pair AS (SELECT id, xid FROM audit_row ORDER BY id LIMIT 2)
UPDATE audit_row a SET xid = other.xid FROM pair one, pair other WHERE a.id = one.id AND other.id <> one.id
"""
MAKE_UP = """
INSERT INTO audit_row (xid, at, actor, capacity, action, object_type, object_id, request_id, digest, fields)
SELECT xid, at, actor, capacity, action, object_type, 'made up', '', '', '{}' FROM audit_row WHERE object_id = '1'
"""


def codes(report: Report) -> set[str]:
    return {fault.code for fault in report.faults}


def test_sealed_rows_verify_and_the_tail_is_named(owner: Owner, write_rows: Write, anchors: Path) -> None:
    write_rows(3)
    assert sealed() == 3
    write_rows(2)
    report = verify()
    assert report.sound
    assert (report.seals, report.rows, report.anchors, report.tail_rows) == (1, 3, 1, 2)
    assert report.tail_first is not None
    assert sealed() == 2
    assert sealed() == 0
    assert verify().sound and verify().tail_rows == 0
    assert len(list(anchors.glob("heads-*.log"))) == 1


def test_a_row_that_commits_late_is_not_skipped(
    owner: Owner, write_rows: Write, committed_database: str
) -> None:
    from diwan.project.launch import cluster as embedded  # the cluster's address is known only within a test
    from tests.databases import CLUSTER

    insert = (
        "INSERT INTO audit_row (at, actor, capacity, action, object_type, object_id, request_id, fields, digest) "
        "VALUES (now(), 'a', 'c', 'late', 'thing', 'x', '', '{}', '')"
    )
    with psycopg.connect(CLUSTER.url(embedded.APP, committed_database)) as slow:
        slow.execute(insert)
        write_rows(2)
        assert seal_committed() == 0
        slow.commit()
    assert sealed() == 3
    assert verify().sound


def test_long_queues_are_sealed_in_batches(
    owner: Owner, write_rows: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("diwan.audit.actions.seal.BATCH", 4)
    monkeypatch.setattr("diwan.audit.chain._PAGE", 3)
    write_rows(10)
    assert sealed() == 10
    assert list(Seal.objects.order_by("seq").values_list("rows", flat=True)) == [4, 4, 2]
    assert verify().sound


@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        (["UPDATE audit_row SET actor = 'someone else' WHERE object_id = '1'"], "row_changed"),
        (["UPDATE audit_row SET fields = '{}' WHERE object_id = '1'"], "row_changed"),
        (["DELETE FROM audit_row WHERE object_id = '1'"], "row_count"),
        ([SWAP], "row_changed"),
        ([MAKE_UP], "row_count"),
        (["TRUNCATE audit_row"], "row_count"),
        (["TRUNCATE audit_seal"], "seal_gone"),
        (["TRUNCATE audit_row", "TRUNCATE audit_seal"], "seal_gone"),
        (["DELETE FROM audit_seal WHERE seq = 2"], "seal_missing"),
        (["DELETE FROM audit_seal WHERE seq = 3"], "seal_gone"),
        (["UPDATE audit_seal SET head = repeat('0', 64) WHERE seq = 2"], "row_changed"),
        (
            ["UPDATE audit_seal SET rows = 1 WHERE seq = 2", "DELETE FROM audit_row WHERE object_id = '1'"],
            "row_changed",
        ),
        (["UPDATE audit_seal SET xid_from = xid_from - 1 WHERE seq = 2"], "seal_span"),
    ],
)
def test_tampering_by_the_owner_is_found(
    owner: Owner, write_rows: Write, tampering: list[str], expected: str
) -> None:
    for _ in range(3):
        write_rows(2)
        sealed()
    assert verify().sound
    for statement in tampering:
        owner.execute(statement)
    assert expected in codes(verify())


def test_both_tables_emptied_and_filled_anew_is_found(owner: Owner, write_rows: Write) -> None:
    write_rows(3)
    sealed()
    owner.execute("TRUNCATE audit_row")
    owner.execute("TRUNCATE audit_seal")
    write_rows(3)
    sealed()
    assert "seal_replaced" in codes(verify())


def test_a_chain_made_without_the_secret_is_found(
    owner: Owner, write_rows: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(3)
    monkeypatch.setattr(settings, "SECRET_KEY", "a guess")
    sealed()
    monkeypatch.undo()
    assert "row_changed" in codes(verify())


def test_changed_and_missing_anchors_are_found(owner: Owner, write_rows: Write, anchors: Path) -> None:
    write_rows(1)
    sealed()
    write_rows(1)
    sealed()
    (file,) = anchors.glob("heads-*.log")
    whole = file.read_text()
    file.write_text(whole.splitlines(keepends=True)[1])
    assert "anchor_broken" in codes(verify())
    file.write_text(whole.replace("1 ", "9 ", 1))
    assert "anchor_broken" in codes(verify())
    file.unlink()
    assert "anchor_missing" in codes(verify())


def test_the_anchor_file_catches_up_after_a_crash(owner: Owner, write_rows: Write, anchors: Path) -> None:
    write_rows(1)
    sealed()
    write_rows(1)
    sealed()
    (file,) = anchors.glob("heads-*.log")
    first, second = file.read_text().splitlines(keepends=True)
    file.write_text(first + second[:20])
    assert verify().unanchored == 1
    write_rows(1)
    sealed()
    assert verify().unanchored == 0
    assert codes(verify()) == {"anchor_broken"}


def test_a_restored_cluster_is_refused(owner: Owner, write_rows: Write) -> None:
    write_rows(1)
    sealed()
    last = Seal.objects.get()
    Seal.objects.create(
        seq=2,
        xid_from=last.xid_to,
        xid_to=last.xid_to + 10**9,
        rows=0,
        previous=last.head,
        head="",
        sealed_at=last.sealed_at,
    )
    with pytest.raises(SealingRefused):
        seal_committed()


def test_the_command_says_what_it_found(owner: Owner, write_rows: Write) -> None:
    write_rows(2)
    out = io.StringIO()
    others_done()
    call_command("audit", "seal", stdout=out)
    write_rows(1)
    call_command("audit", "verify", stdout=out)
    last = AuditRow.objects.order_by("id").last()
    assert last is not None
    assert "2 rows sealed" in out.getvalue()
    assert f"Not sealed yet: 1 rows, ids {last.pk} to {last.pk}" in out.getvalue()
    owner.execute("DELETE FROM audit_row WHERE object_id = '0'")
    with pytest.raises(CommandError):
        call_command("audit", "verify", stdout=out)
    assert "row_count" in out.getvalue()


def test_what_is_sealed_while_it_is_checked_is_no_fault(
    owner: Owner, write_rows: Write, anchors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Anchors are read before the seals: one that comes in between is anchored and not missed."""
    order: list[str] = []
    seals, anchored = verify_module._seals, read_anchors

    def read_seals(report: Report) -> Any:
        order.append("seals")
        return seals(report)

    def read() -> Any:
        order.append("anchors")
        return anchored()

    monkeypatch.setattr(verify_module, "_seals", read_seals)
    monkeypatch.setattr(verify_module, "read_anchors", read)
    assert verify().sound
    assert order == ["anchors", "seals"]
