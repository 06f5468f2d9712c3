"""Reads of the log for auditors: what was done to an object, who read it, what was refused, how far it is sealed."""

from collections.abc import Sequence

from django.db.models import QuerySet

from diwan.audit.models import AccessRow, AuditRow, Seal

REFUSALS = ("people.session.refused", "cases.case.refused", "access.refused")


def rows_about(object_type: str, object_ids: Sequence[str]) -> QuerySet[AuditRow]:
    """Writes on objects of one type, the newest first."""
    return AuditRow.objects.filter(object_type=object_type, object_id__in=object_ids).order_by("-id")


def reads_of(object_type: str, object_ids: Sequence[str]) -> QuerySet[AccessRow]:
    """Who read these objects, the newest first."""
    return AccessRow.objects.filter(object_type=object_type, object_id__in=object_ids).order_by("-id")


def latest(*, refused: bool = False, actor: str = "", below: int | None = None) -> QuerySet[AuditRow]:
    """The newest rows; only what was refused, only those of an actor (`account:12`); `below` pages by id."""
    rows = AuditRow.objects.order_by("-id")
    if refused:
        rows = rows.filter(action__in=REFUSALS)
    if actor:
        rows = rows.filter(actor=actor)
    return rows.filter(id__lt=below) if below is not None else rows


def newest_seal() -> Seal | None:
    """The last link of the chain."""
    return Seal.objects.order_by("-seq").first()
