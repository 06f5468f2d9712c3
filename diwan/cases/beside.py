"""What an employee sees beside a case: who else has it open, what was being typed, what can still be taken back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from diwan.cases.models import Case
from diwan.kit import clock
from diwan.people.actor import Actor

PRESENT: Final = timedelta(minutes=2)

# The reader is noted as reading by the same statement that names the others.
_BESIDE: Final = """
WITH here AS (
  INSERT INTO cases_presence (case_id, account_id, at) VALUES (%(case)s, %(account)s, %(now)s)
  ON CONFLICT (case_id, account_id) DO UPDATE SET at = excluded.at
)
SELECT
  (SELECT content FROM cases_notedraft WHERE case_id = %(case)s AND account_id = %(account)s),
  (SELECT until FROM cases_undoslot
   WHERE case_id = %(case)s AND account_id = %(account)s AND revision = %(revision)s AND until > %(now)s),
  ARRAY(SELECT CASE WHEN %(language)s = 'en' THEN a.name_en ELSE a.name_ar END
        FROM cases_presence p JOIN people_account a ON a.id = p.account_id
        WHERE p.case_id = %(case)s AND p.at > %(since)s AND p.account_id <> %(account)s ORDER BY p.at DESC)
"""


@dataclass(frozen=True, slots=True)
class Beside:
    """`readers`: names of others who have the case open just now; `typed`: content of the note draft."""

    readers: Sequence[str] = ()
    typed: Mapping[str, Any] | None = None
    undo_until: datetime | None = None


def beside(case: Case, actor: Actor) -> Beside:
    """What stands beside the case for this reader, who is noted as reading. One statement."""
    if actor.account_id is None:
        return Beside()
    now = clock.now()
    asked: dict[str, Any] = {
        "case": case.pk, "account": actor.account_id, "revision": case.revision, "language": actor.language,
        "now": now, "since": now - PRESENT,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, asked)
        content, until, names = cursor.fetchone()
    typed = json.loads(content) if isinstance(content, str) else content
    return Beside(tuple(names), typed, until)
