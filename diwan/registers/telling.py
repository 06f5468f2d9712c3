"""Messages to the holder of an entry: one for each change, naming the permits that changed with it."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from diwan.catalogue.queries import lookup_row
from diwan.documents.models import IssuedDocument
from diwan.kit import clock, numbers
from diwan.kit.arabic import isolate
from diwan.notify.models import Message
from diwan.notify.queries import Notice, Recipient, rows_for
from diwan.people.models import Account
from diwan.registers.links import secret_of
from diwan.registers.models import EntryChange, RegisterEntry

TEMPLATES = {
    "suspended": "ENTRY_SUSPENDED",
    "active": "ENTRY_RESTORED",
    "cancelled": "ENTRY_CANCELLED",
    "revoked": "ENTRY_REVOKED",
    "replaced": "ENTRY_TRANSFERRED",
}
OBJECTIONS = {
    "stayed": "ENTRY_STAYED",
    "resumed": "ENTRY_RESUMED",
    "undone": "ENTRY_UNDONE",
    "eased": "ENTRY_EASED",
}
"""Messages of what an objection brings about, by cause."""


def tell_holder(entry: RegisterEntry, made: EntryChange, *, along: Sequence[RegisterEntry]) -> None:
    """Queue the message of a change in its transaction; `along` are the permits that changed with it."""
    to = recipient(entry)
    params = {**facts_of(entry, to.language), **_ground(made, to.language)}
    if along:
        params["linked"] = _comma(to.language).join(named(permit, to.language) for permit in along)
    notice = Notice(
        template=OBJECTIONS.get(made.cause) or TEMPLATES[made.after],
        to=to,
        municipality_id=entry.municipality_id,
        params=params,
    )
    Message.objects.bulk_create(Message(**row) for row in rows_for([notice], at=clock.now()))


def recipient(entry: RegisterEntry) -> Recipient:
    """Who hears about an entry: its holder as reachable today, else as the case that made it knew the applicant."""
    account = Account.objects.filter(pk=entry.holder_id or 0).first()
    if account is not None:
        return Recipient(account.language, account.mobile, account.email or "", account.pk)
    known = entry.data.get("applicant", {})
    return Recipient("ar", str(known.get("mobile") or ""), str(known.get("email") or ""))


def facts_of(entry: RegisterEntry, language: str) -> dict[str, Any]:
    """`document`, `document_number` and `url` of an entry, as messages name them."""
    return {
        "document": title_of(entry, language),
        "document_number": numbers.show_document_number(entry.number),
        "url": f"{settings.DIWAN.public_url}/l/{entry.number}/{secret_of(entry.number)}",
    }


def title_of(entry: RegisterEntry, language: str) -> str:
    """What the document of the entry is called."""
    column = "title_en" if language == "en" else "title_ar"
    found = IssuedDocument.objects.filter(number=entry.number).values_list(column, flat=True).first()
    return found or entry.kind


def named(entry: RegisterEntry, language: str) -> str:
    """Title and number of an entry in a list; the number keeps its order inside Arabic."""
    number = numbers.show_document_number(entry.number)
    return f"{title_of(entry, language)} {number if language == 'en' else isolate(number, 'ltr')}"


def _ground(made: EntryChange, language: str) -> dict[str, str]:
    """Reason and article in the reader's words."""
    today = clock.today()
    found = {}
    for name, lookup, code in (
        ("reason", "reasons", made.reasons[0] if made.reasons else ""),
        ("article", "articles", made.article),
    ):
        row = lookup_row(lookup, code, today) if code else None
        if row is not None:
            found[name] = row.name.en if language == "en" else row.name.ar
    return found


def _comma(language: str) -> str:
    return ", " if language == "en" else "، "
