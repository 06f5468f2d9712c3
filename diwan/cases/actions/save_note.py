"""What an employee is typing on a case, saved as typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from diwan.cases import visibility
from diwan.cases.errors import CaseNotFound
from diwan.cases.models import Case, NoteDraft
from diwan.kit import clock
from diwan.people.actor import Actor


def save_note(*, case_id: int, content: Mapping[str, Any], by: Actor) -> datetime:
    """Keep note, decision and remarks as typed; returns when. Not a write on the case: nothing moves. CaseNotFound."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None or not visibility.can_see(by, case):
        raise CaseNotFound
    now = clock.now()
    NoteDraft.objects.update_or_create(
        case_id=case_id, account_id=by.account_id or 0, defaults={"content": dict(content), "saved_at": now}
    )
    return now
