"""Write down what a case is found by. The worker calls it after the case; a schedule catches up with the rest."""

from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction

from diwan.cases.models import Case
from diwan.cases.services import service_of
from diwan.cases.words import lexemes

_AT_ONCE: Final = 500
_WRITE: Final = """
INSERT INTO case_words (case_id, words) VALUES (%s, array_to_tsvector(%s::text[]))
ON CONFLICT (case_id) DO UPDATE SET words = excluded.words
"""
_MISSING: Final = """
SELECT c.id FROM "case" c WHERE NOT EXISTS (SELECT FROM case_words w WHERE w.case_id = c.id) ORDER BY c.id DESC LIMIT %s
"""


def index_words(*, case_ids: Sequence[int]) -> int:
    """Write the words of these cases, replacing what stood there; how many cases were found."""
    cases = list(Case.objects.filter(pk__in=case_ids))
    rows = [(case.pk, lexemes(case, service_of(case.version_id))) for case in cases]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_WRITE, rows)
    return len(rows)


def index_all() -> int:
    """Write the words of every case anew, the newest first, after stems or what is indexed have changed; how many."""
    done, below = 0, None
    while True:
        rows = (
            Case.objects.order_by("-id")
            if below is None
            else Case.objects.filter(pk__lt=below).order_by("-id")
        )
        ids = list(rows.values_list("pk", flat=True)[:_AT_ONCE])
        if not ids:
            return done
        done += index_words(case_ids=ids)
        below = ids[-1]


def index_missing(*, most: int = 20_000) -> int:
    """Write the words of cases that have none yet (opened before there was a search), the newest first; how many."""
    done = 0
    while done < most:
        with connection.cursor() as cursor:
            cursor.execute(_MISSING, [_AT_ONCE])
            ids = [case_id for (case_id,) in cursor.fetchall()]
        if not ids:
            break
        done += index_words(case_ids=ids)
    return done
