"""Recompute the chain from the rows and compare it with the seals and with the anchors outside the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import connection

from diwan.audit.actions.anchor import Anchor, read_anchors
from diwan.audit.chain import FIRST, Chain, rows_between
from diwan.audit.models import Seal

_TAIL = "SELECT count(*), min(id), max(id) FROM audit_row WHERE xid >= %s"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: a code, the seal it concerns (0 = none), and a sentence for the operator."""

    code: str
    seq: int
    text: str


@dataclass(slots=True)
class Report:
    """The outcome: faults, what was checked, and the tail that no seal covers yet."""

    faults: list[Fault] = field(default_factory=list)
    seals: int = 0
    rows: int = 0
    anchors: int = 0
    tail_rows: int = 0
    tail_first: int | None = None
    tail_last: int | None = None
    unanchored: int = 0

    @property
    def sound(self) -> bool:
        """True when nothing was found."""
        return not self.faults

    def add(self, code: str, seq: int, text: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(code, seq, text))


def verify() -> Report:
    """Check every seal against its rows, the order of the chain, and every anchor; name the unsealed tail.

    Anchors are read first: a seal is anchored after it has committed, so whatever is anchored by then has to be there,
    while the worker goes on sealing.
    """
    report, anchors = Report(), list(read_anchors())
    heads: dict[int, str] = {}
    end = 0
    for seal in _seals(report):
        _check_rows(seal, report)
        heads[seal.seq] = seal.head
        end = seal.xid_to
    _check_anchors(heads, anchors, report)
    with connection.cursor() as cursor:
        cursor.execute(_TAIL, [end])
        report.tail_rows, report.tail_first, report.tail_last = cursor.fetchone()
    return report


def _seals(report: Report) -> Iterator[Seal]:
    """The seals in order, with every break between neighbours noted."""
    previous, xid, expected = FIRST, 0, 1
    for seal in Seal.objects.order_by("seq").iterator(chunk_size=1000):
        if seal.seq != expected:
            report.add("seal_missing", expected, f"Seals {expected} to {seal.seq - 1} are missing.")
        elif seal.previous != previous:
            report.add("seal_order", seal.seq, f"Seal {seal.seq} does not continue the one before it.")
        elif seal.xid_from != xid:
            report.add("seal_span", seal.seq, f"Seal {seal.seq} does not begin where the one before it ends.")
        previous, xid, expected = seal.head, seal.xid_to, seal.seq + 1
        report.seals += 1
        yield seal


def _check_rows(seal: Seal, report: Report) -> None:
    chain = Chain(
        secret=settings.SECRET_KEY, previous=seal.previous, xid_from=seal.xid_from, xid_to=seal.xid_to
    )
    for row in rows_between(seal.xid_from, seal.xid_to):
        chain.add(row)
    report.rows += chain.rows
    if chain.rows != seal.rows:
        report.add(
            "row_count",
            seal.seq,
            f"Seal {seal.seq} of {seal.sealed_at:%Y-%m-%d %H:%M:%S} UTC covers {seal.rows} rows; "
            f"{chain.rows} are there.",
        )
    elif chain.head() != seal.head:
        report.add(
            "row_changed",
            seal.seq,
            f"A row under seal {seal.seq} of {seal.sealed_at:%Y-%m-%d %H:%M:%S} UTC, or the seal, was changed or moved "
            f"(transactions {seal.xid_from} to {seal.xid_to - 1}).",
        )


def _check_anchors(heads: dict[int, str], anchors: list[Anchor], report: Report) -> None:
    newest = 0
    for anchor in anchors:
        report.anchors += 1
        if not anchor.intact:
            report.add(
                "anchor_broken", anchor.seq, f"Line {report.anchors} of the anchor files does not hold."
            )
        elif anchor.seq not in heads:
            report.add(
                "seal_gone", anchor.seq, f"Seal {anchor.seq} is anchored but no longer in the database."
            )
        elif heads[anchor.seq] != anchor.head:
            report.add("seal_replaced", anchor.seq, f"Seal {anchor.seq} is not the one that was anchored.")
        newest = max(newest, anchor.seq)
    report.unanchored = sum(1 for seq in heads if seq > newest)
    if heads and not report.anchors:
        report.add(
            "anchor_missing", 0, "There are seals, but the anchor files are missing from the data directory."
        )
