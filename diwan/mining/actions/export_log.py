"""The event log of a service as XES, streamed; that it was taken out is written down."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from diwan.audit.actions import audit_row
from diwan.kit.keyed import keyed_digest
from diwan.mining import log_sql, xes
from diwan.mining.asking import Asked
from diwan.mining.errors import UnknownProcess
from diwan.mining.naming import role_names
from diwan.mining.registry import MOST_CASES, READ_PROCESS
from diwan.people.actor import Actor
from diwan.people.models import Municipality, Unit

_AT_ONCE: Final = 2_000
"""Cases read in one statement: memory stays the same however long the log is."""


@transaction.atomic
def export_log(*, asked: Asked, by: Actor) -> Iterator[str]:
    """The file, piece by piece. Raises UnknownProcess for whoever may not ask (`asking` has decided what is in it)."""
    if not by.can(READ_PROCESS):
        raise UnknownProcess
    audit_row(
        by=by, action="mining.log.exported", object_type="service", object_id=asked.service.slug,
        municipality_id=asked.chosen,
        values={"first": asked.period.first.isoformat(), "last": asked.period.last.isoformat()},
    )  # fmt: skip
    return xes.write(asked.service.name(by.language), _cases(asked, by.language, role_names(by.language)))


def _cases(asked: Asked, language: str, roles: dict[str, str]) -> Iterator[xes.LogCase]:
    """The cases of the log, oldest number first."""
    name = "name_en" if language == "en" else "name_ar"
    units = dict(Unit.objects.values_list("pk", name))
    places = dict(Municipality.objects.values_list("pk", name))
    for rows in _pieces(asked):
        for case_id, found in groupby(rows, key=lambda row: row[0]):
            tasks = list(found)
            yield xes.LogCase(
                name=_pseudonym(case_id), municipality=places.get(tasks[0][1], ""), state=tasks[0][2],
                tasks=[_task(row, asked, language, units, roles) for row in tasks],
            )  # fmt: skip


def _pieces(asked: Asked) -> Iterator[list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(log_sql.CASES, {**asked.where(), "most": MOST_CASES})
        ids = [case_id for (case_id,) in cursor.fetchall()]
        for begin in range(0, len(ids), _AT_ONCE):
            cursor.execute(log_sql.EVENTS, {"ids": ids[begin : begin + _AT_ONCE]})
            yield cursor.fetchall()


def _pseudonym(case_id: int) -> str:
    """The same name for the same case in every log, from which its number can't be found."""
    return keyed_digest(secret=settings.SECRET_KEY, purpose="mining log", value=str(case_id))[:16]


def _task(
    row: tuple[Any, ...], asked: Asked, language: str, units: dict[int, str], roles: dict[str, str]
) -> xes.LogTask:
    _, _, _, token, step, kind, outcome, role, unit, entered, due, done = row
    return xes.LogTask(
        instance=f"{token}-{step}-{int(entered.timestamp())}", step=step, title=asked.service.title(step, language),
        kind=kind, outcome=outcome, role=roles.get(role, role), unit=units.get(unit, ""), entered=entered, due=due,
        done=done,
    )  # fmt: skip
