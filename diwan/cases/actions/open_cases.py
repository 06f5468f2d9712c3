"""Open one case or a set of up to 500 by one statement: one implementation for web, API and imports."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, transaction

from diwan.audit.actions import audit_digest_of
from diwan.cases import clockwork, events, ladders, notices, routing, secrets, whys
from diwan.cases.errors import DraftMoved
from diwan.cases.facts import opening_facts
from diwan.cases.opening import Opening
from diwan.cases.opening_sql import OPEN_CASES, REFUSED, TAKEN
from diwan.cases.tasks import Routed, due_of, item_of, token_data
from diwan.files.actions import UploadMissing
from diwan.flow import effects as fx
from diwan.flow.core import start
from diwan.flow.position import Outcome, Standing, Token, standing
from diwan.flow.table import ITEM
from diwan.kit import clock, numbers, tracing
from diwan.kit.canonical import canonical_json, joined
from diwan.kit.errors import N_, DiwanError
from diwan.outbox.actions import event_sql_values
from diwan.outbox.prepared import Prepared
from diwan.people.actor import Actor

MOST: Final = 500


class KeyReused(DiwanError):
    """The idempotency key came before with another body."""

    code = "cases.key_reused"
    message = N_("This key was used for another application. Use a new key for a new application.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A case that now exists: `fresh` is False when the key had opened it before."""

    case_id: int
    fresh: bool

    @property
    def number(self) -> str:
        """The public number."""
        return numbers.case_number(self.case_id)

    @property
    def secret(self) -> str:
        """The eight-digit secret printed on the receipt."""
        return secrets.digits_of(self.case_id)


_OPEN_ONE: Final = Prepared(name="diwan_open_one", query=OPEN_CASES)
_TAKEN: Final = Prepared(name="diwan_taken", query=TAKEN)


@transaction.atomic
def open_cases(openings: Sequence[Opening]) -> list[Opened]:
    """Open all of them in one statement and answer in their order.

    An opening whose key is known answers with the case it opened then; with another body it raises KeyReused and
    nothing of the set is opened.
    """
    if not 0 < len(openings) <= MOST:
        raise ValueError(f"a set holds 1 to {MOST} openings")
    rows = [_row(number, opening) for number, opening in enumerate(openings)]
    with connection.cursor() as cursor, _refusals():
        cursor.execute(OPEN_CASES, [f"[{','.join(row.text for row in rows)}]"])
        fresh = {int(number): int(case_id) for number, case_id, *_nothing in cursor.fetchall()}
    return [
        Opened(fresh[number], fresh=True) if number in fresh else Opened(_taken(row), fresh=False)
        for number, row in enumerate(rows)
    ]


def open_case(opening: Opening) -> Opened:
    """`open_cases` for one, with its papers and its draft: the statement is the transaction, and nothing is locked for
    longer than it takes.

    Raises KeyReused, UploadMissing (a paper is discarded or somebody else's), DraftMoved (saved or sent since read).
    """
    row = _row(0, opening)
    with transaction.atomic() if connection.in_atomic_block else nullcontext(), _refusals():
        found = _OPEN_ONE.first(f"[{row.text}]")
    if found is None:
        return Opened(_taken(row), fresh=False)
    return Opened(int(str(found[1])), fresh=True)


class _Row(NamedTuple):
    """One opening as the statement takes it: `text` is a JSON object."""

    scope: str
    key: str
    request_hash: str
    text: str


@contextmanager
def _refusals() -> Iterator[None]:
    """What the statement refused, as an error of ours."""
    try:
        yield
    except DatabaseError as error:
        cause: Any = error.__cause__
        if getattr(cause, "sqlstate", "") != REFUSED:
            raise
        raise (UploadMissing if cause.diag.message_primary == "papers" else DraftMoved) from error


def _taken(row: _Row) -> int:
    request_hash, case_id = _TAKEN.row(row.scope, row.key)
    if request_hash != row.request_hash:
        raise KeyReused
    return int(str(case_id))


def _row(number: int, opening: Opening) -> _Row:
    data, applicant = canonical_json(opening.data), canonical_json(opening.applicant)
    hashed = _request_hash(opening, data)
    audit = {
        "actor": opening.by.label, "capacity": opening.by.capacity,
        "request_id": opening.by.request_id or tracing.request_id(),
        "fields": sorted(opening.data),
        "digest": audit_digest_of(joined({"data": data, "applicant": applicant})),
    }  # fmt: skip
    rest = {"n": number, "request_hash": hashed, "audit": audit, **_moved(opening)}
    # The answers are the largest part and in their final form already.
    text = json.dumps(rest, cls=DjangoJSONEncoder, ensure_ascii=False)[:-1]
    return _Row(
        opening.scope,
        opening.key,
        hashed,
        f'{text},"data":{data.decode()},"applicant":{applicant.decode()}}}',
    )


def _moved(opening: Opening) -> dict[str, Any]:
    """Everything that the start of the service's flow makes of an opening."""
    service, by, now = opening.service, opening.by, clock.now()
    rules = opening_facts(opening)
    outcome = start(service.flow, rules, service.evaluate)
    stand = standing(service.flow, outcome.position)
    due = None
    if service.flow.deadline is not None:
        due = clockwork.due_at(now, service.flow.deadline, service, rules, opening.municipality_id)
    tasks = [_task(opening, token, rules, now, whole_due=due) for token in outcome.position.tokens]
    return {
        "scope": opening.scope, "key": opening.key, "actor": _actor(by),
        "tasks": [row for row, _routed in tasks],
        "joins": [
            {"number": join.id, "split": join.split, "expected": join.expected, "arrived": join.arrived}
            for join in outcome.position.joins
        ],
        "history": _history(opening, outcome, [one for _row, routed in tasks for one in routed]),
        "messages": notices.opening_rows(opening, outcome, at=now),
        "event": event_sql_values(
            name=events.OPENED, subject="case:",
            data={"service": service.slug, "municipality": opening.municipality_id, "channel": opening.channel},
        ),
        "papers": opening.papers, "papers_from": opening.papers_from, "draft": opening.draft_id,
        "draft_revision": opening.draft_revision,
        **_columns(opening, outcome, stand, now, due),
    }  # fmt: skip


def _columns(
    opening: Opening, outcome: Outcome, stand: Standing, now: datetime, due: datetime | None
) -> dict[str, Any]:
    service = opening.service
    return {
        "version_id": service.version_id, "service": service.slug, "municipality_id": opening.municipality_id,
        "district_id": opening.district_id, "account_id": opening.account_id,
        "unit_id": routing.unit_for(department=service.department, municipality_id=opening.municipality_id),
        "establishment_id": opening.establishment_id, "filed_by_id": opening.filed_by_id,
        "filed_by_account": opening.by.account_id if opening.filed_by_id else None,
        "client_id": opening.by.client_id, "channel": opening.channel,
        "facts": opening.facts, "state": stand.state,
        "stage": stand.step, "holder": stand.holder, "next_token": outcome.position.next_id,
        "language": opening.language, "opened_at": now, "due_at": due, "clock_remaining": None,
    }  # fmt: skip


def _request_hash(opening: Opening, data: bytes) -> str:
    """What makes two requests the same: service, answers, papers and who applies."""
    rest = [opening.service.slug, opening.documents, opening.account_id, opening.establishment_id]
    return sha256(canonical_json(rest) + data).hexdigest()


def _task(
    opening: Opening, token: Token, rules: Mapping[str, Any], now: datetime, *, whole_due: datetime | None
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The row of a task, and by which rules it found its desk."""
    service = opening.service
    step = service.flow.steps[token.step]
    unit_id, role, routed = None, "", Routed(service, step)
    known = {**rules, ITEM: item_of(token.data)}
    if step.role is not None:
        department = routed.department(known)
        desk = routing.desk_for(
            role=step.role, municipality_id=opening.municipality_id, scope=step.scope, department=department
        )
        unit_id, role = desk.unit_id, desk.role
    entity_id = routing.entity_id(routed.entity(known)) if step.kind == "outside" else None
    due = due_of(step, service, known, opening.municipality_id, unit_id, at=now)
    waiting = ladders.Waiting(step.key, opening.municipality_id, now, due, unit_id=unit_id)
    rung = ladders.next_rung(waiting, service, known, whole_due=whole_due, whole_level=0)
    return {
        "token": token.id, "step": step.key, "kind": step.kind, "data": token_data(step, token),
        "frames": list(token.frames), "unit_id": unit_id, "role": role,
        "entity_id": entity_id,
        "due_at": due, "next_level_at": rung.at if rung else None,
        "try_at": now if step.kind in ("automatic", "document") else None,
    }, routed.whys  # fmt: skip


def _history(opening: Opening, outcome: Outcome, routed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    service = opening.service
    why = whys.complete(None, by=opening.by, version_id=service.version_id, result="opened", routed=routed)
    rows: list[dict[str, Any]] = [
        {"act": "opened", "step": "", "outcome": "", "note": "", "why": why, "public": True}
    ]
    for effect in outcome.effects:
        if isinstance(effect, fx.Decided):
            why = whys.of_decision(effect, version_id=service.version_id)
            rows.append(
                {
                    "act": "decided",
                    "step": effect.step,
                    "outcome": effect.to,
                    "note": "",
                    "why": why,
                    "public": False,
                }
            )
    return rows


def _actor(by: Actor) -> dict[str, Any]:
    return {
        "account_id": by.account_id, "position_id": by.position_id, "capacity": by.capacity, "actor_ar": by.name_ar,
        "actor_en": by.name_en, "title_ar": by.title_ar, "title_en": by.title_en, "on_behalf_of": by.on_behalf_of,
    }  # fmt: skip
