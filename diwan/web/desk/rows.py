"""Lines of queues: plain values made from tasks and cases, so that templates hold no logic."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diwan.cases.models import Case
from diwan.cases.queries import QueueRow
from diwan.cases.services import service_of
from diwan.catalogue.queries import calendar_for
from diwan.kit import clock, numbers
from diwan.kit.calendars import working_days_between
from diwan.people.models import Holding


def row_view(
    row: QueueRow, language: str, names: Mapping[int, str] | None = None, *, outside: bool = False
) -> dict[str, Any]:
    """A line of a queue. `names` are those of the people at the posts (`names_at`); an `outside` body reads less."""
    case, task = row.case, row.task
    service = service_of(case.version_id)
    return {
        "id": task.pk,
        "case_id": case.pk,
        "number": row.number,
        "url": reverse("desk:case", args=[numbers.case_number(case.pk)]),
        "slug": case.service,
        "service": service.name(language),
        "step_key": task.step,
        "step": service.title(task.step, language),
        "applicant": applicant_name(case, language, outside=outside),
        "subject": subject(case, language),
        "due": task.due_at,
        "due_words": due_words(task.due_at, task.municipality_id, task.unit_id),
        "lateness": lateness(task.due_at),
        "entered": task.entered_at,
        "returned": task.returned,
        "assignee_id": task.assignee_id,
        "with": (names or {}).get(task.assignee_id or 0, ""),
        "kind": task.kind,
        "revision": case.revision,
        "returns": case.returns,
    }


def row_views(
    rows: Sequence[QueueRow], language: str, *, with_names: bool = False, outside: bool = False
) -> list[dict[str, Any]]:
    """Lines of a queue; with the names of the officers for one more statement."""
    names = names_at((row.task.assignee_id for row in rows), language) if with_names else {}
    return [row_view(row, language, names, outside=outside) for row in rows]


def names_at(position_ids: Iterable[int | None], language: str) -> dict[int, str]:
    """Position -> name of the person who sits there now. No statement for no posts, else one."""
    wanted = {position for position in position_ids if position is not None}
    if not wanted:
        return {}
    held = Holding.objects.filter(position_id__in=wanted, valid_to__isnull=True).select_related("account")
    return {
        one.position_id: one.account.name_en if language == "en" else one.account.name_ar
        for one in held.order_by("kind")
    }


def applicant_name(case: Case, language: str, *, outside: bool = False) -> str:
    """The establishment that applies, else the person: by name to employees, without one to an `outside` body."""
    who = case.applicant
    establishment = who.get(f"establishment_{language}")
    if establishment:
        return str(establishment)
    return _("The applicant") if outside else str(who.get(f"name_{language}") or who.get("name_ar", ""))


def subject(case: Case, language: str) -> str:
    """What tells cases of one applicant apart: the trade name on the sign."""
    return str(case.data.get("trade_name_ar" if language == "ar" else "trade_name_en", ""))


def lateness(due: datetime | None) -> str:
    """`late`, `today` or "" for a deadline."""
    if due is None:
        return ""
    if due < clock.now():
        return "late"
    return "today" if clock.local(due).date() == clock.today() else ""


def due_words(due: datetime | None, municipality_id: int, unit_id: int | None = None) -> str:
    """How much time is left, or since when it is over, in working days of the unit; of the municipality without."""
    if due is None:
        return ""
    day, today = clock.local(due).date(), clock.today()
    calendar = calendar_for(municipality_id, unit_id)
    if due < clock.now():
        days = working_days_between(day, today, calendar)
        if days == 0:
            return _("Late since today")
        return ngettext("Late by %(count)s working day", "Late by %(count)s working days", days) % {
            "count": days
        }
    days = working_days_between(today, day, calendar)
    if day == today or days == 0:
        return _("Due today")
    return ngettext("%(count)s working day left", "%(count)s working days left", days) % {"count": days}
