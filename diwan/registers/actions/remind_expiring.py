"""Telling holders that an entry runs out: each reminder once, after downtime the one that is due now."""

from datetime import date, timedelta
from itertools import pairwise

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.queries import service_making
from diwan.kit import clock, hijri
from diwan.kit.arabic import plural
from diwan.kit.dates import numeric
from diwan.notify.models import Message
from diwan.notify.queries import Notice, rows_for
from diwan.people.actor import system
from diwan.registers import telling
from diwan.registers.models import ExpiryNotice, RegisterEntry
from diwan.registers.queries import renewal_window

BATCH = 200


def remind_expiring() -> int:
    """Queue the reminders that are due today; how many. How many days before is data of the service (`reminders`).

    Each pair of entry and reminder is a row, so nobody is told twice, whatever restarts and however many workers run.
    Whoever was not told for a while hears the latest reminder that is due, not all of them. An entry that was ended,
    suspended or renewed is left alone.
    """
    told, today = 0, clock.today()
    running = RegisterEntry.objects.filter(status=RegisterEntry.Status.ACTIVE, valid_to__gte=today)
    for kind in running.order_by("kind").values_list("kind", flat=True).distinct():
        making = service_making(kind, today)
        reminders = making.entry.reminders if making is not None and making.entry is not None else ()
        for days, below in pairwise((*reminders, -1)):
            while batch := _remind(kind, days, after=below, today=today):
                told += batch
    return told


@transaction.atomic
def _remind(kind: str, days: int, *, after: int, today: date) -> int:
    """One batch of entries that end within `days` days but later than `after`, and were not told yet."""
    due = list(
        RegisterEntry.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            kind=kind, status=RegisterEntry.Status.ACTIVE, valid_to__gt=today + timedelta(days=after),
            valid_to__lte=today + timedelta(days=days),
        )
        .exclude(notices__days=days)
        .order_by("valid_to", "id")[:BATCH]
    )  # fmt: skip
    now = clock.now()
    ExpiryNotice.objects.bulk_create(ExpiryNotice(entry=entry, days=days, at=now) for entry in due)
    Message.objects.bulk_create(
        Message(**row) for row in rows_for((_notice(entry, today) for entry in due), at=now)
    )
    for entry in due:
        audit_row(
            by=system("expiry"), action="registers.entry.reminded", object_type="entry", object_id=entry.pk,
            municipality_id=entry.municipality_id, values={"number": entry.number, "days": days},
        )  # fmt: skip
    return len(due)


def _notice(entry: RegisterEntry, today: date) -> Notice:
    to = telling.recipient(entry)
    lunar = hijri.to_hijri(entry.valid_to)
    params = {
        **telling.facts_of(entry, to.language),
        "expires": numeric(entry.valid_to),
        "lunar": str(lunar) if lunar else "",
        "days": _in_days((entry.valid_to - today).days, to.language),
    }
    template = "EXPIRING" if renewal_window(entry) is not None else "EXPIRING_LINKED"
    return Notice(template=template, to=to, municipality_id=entry.municipality_id, params=params)


def _in_days(count: int, language: str) -> str:
    """A number of days in words; empty on the last one."""
    if not count:
        return ""
    if language == "en":
        return plural(count, {"one": "{n} day", "other": "{n} days"}, language="en")
    forms = {"one": "يوم واحد", "two": "يومين", "few": "{n} أيام", "many": "{n} يوما", "other": "{n} يوم"}
    return plural(count, forms)
