"""Rows of several tables about one case in one statement, as instances of their models."""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from django.db import connection, models

from diwan.cases.models import CheckResult, DoneTask, FieldRemark, History

M = TypeVar("M", bound=models.Model)

_ABOUT_A_CASE: Final = """
SELECT 'history', to_jsonb(r) FROM history r WHERE r.case_id = %(case)s
UNION ALL SELECT 'done', to_jsonb(r) FROM done_task r WHERE r.case_id = %(case)s
UNION ALL SELECT 'check', to_jsonb(r) FROM check_result r WHERE r.case_id = %(case)s
UNION ALL SELECT 'remark', to_jsonb(r) FROM field_remark r WHERE r.case_id = %(case)s
"""
_MODELS: Final[dict[str, type[models.Model]]] = {
    "history": History,
    "done": DoneTask,
    "check": CheckResult,
    "remark": FieldRemark,
}


class AboutCase:
    """History, finished tasks, checks and remarks of a case. One statement."""

    def __init__(self, case_id: int) -> None:
        self._rows: dict[str, list[models.Model]] = {name: [] for name in _MODELS}
        with connection.cursor() as cursor:
            cursor.execute(_ABOUT_A_CASE, {"case": case_id})
            for name, row in cursor.fetchall():
                self._rows[name].append(
                    instance(_MODELS[name], row if isinstance(row, dict) else json.loads(row))
                )

    @property
    def history(self) -> Sequence[History]:
        """The newest first."""
        return sorted(self._of("history", History), key=lambda row: -row.pk)

    @property
    def done(self) -> Sequence[DoneTask]:
        """Finished tasks, the oldest first."""
        return sorted(self._of("done", DoneTask), key=lambda row: row.pk)

    @property
    def checks(self) -> Sequence[CheckResult]:
        """Findings by round, then by check."""
        return sorted(self._of("check", CheckResult), key=lambda row: (row.round, row.code))

    @property
    def remarks(self) -> Sequence[FieldRemark]:
        """Remarks by round, in the order of writing."""
        return sorted(self._of("remark", FieldRemark), key=lambda row: (row.round, row.pk))

    def _of(self, name: str, model: type[M]) -> list[M]:
        return [row for row in self._rows[name] if isinstance(row, model)]


def instance(model: type[M], row: dict[str, Any]) -> M:
    """A model's instance from `to_jsonb` of its row."""
    fields = [found for found in model._meta.concrete_fields if found.column and found.column in row]
    return model.from_db(
        "default",
        [found.attname for found in fields],
        [found.to_python(row[found.column or ""]) for found in fields],
    )
