"""What others ask of the person or establishment: confirmations of which it is a party."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from diwan.cases.models import Case
from diwan.cases.parties import asked_of
from diwan.cases.services import service_of
from diwan.kit import numbers
from diwan.people.actor import Actor

MOST = 10


def asked_rows(actor: Actor) -> list[dict[str, Any]]:
    """The newest questions, each case once: service, number, address, state; what waits for an answer has a day."""
    rows = {row.case_id: row for row in reversed(asked_of(actor, limit=MOST))}
    cases = Case.objects.in_bulk(list(rows))
    shown = []
    for case_id in sorted(rows, key=lambda key: rows[key].pk, reverse=True):
        row, case = rows[case_id], cases[case_id]
        waits = row.answered_at is None and case.closed_at is None and case.stage == row.step
        word, kind = (_("Waits for your answer"), "warning") if waits else (_("Answered or over"), "plain")
        shown.append(
            {
                "service": service_of(case.version_id).name(actor.language),
                "number": numbers.show_case_number(case_id),
                "url": reverse("portal:party", args=[numbers.case_number(case_id)]),
                "state": word,
                "kind": kind,
                "due_at": row.due_at if waits else None,
            }
        )
    return shown
