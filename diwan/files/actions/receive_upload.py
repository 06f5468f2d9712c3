"""Take a file from outside: sniffed, decoded, re-encoded where it is a photo, stored, and only then named by a row."""

from typing import BinaryIO

from django.db import connection, transaction

from diwan.audit.actions import audit_row
from diwan.files import examination, filenames, holding, sniffing, store
from diwan.files.errors import NoSuchFile, TooManyFiles
from diwan.files.models import Upload
from diwan.files.registry import owner_kind
from diwan.files.rules import MOST_FOR_AN_OWNER, SlotRules
from diwan.kit import clock
from diwan.kit.keys import near_key
from diwan.people.actor import Actor

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('upload ' || %s, 0))"


def receive_upload(
    *,
    stream: BinaryIO,
    filename: str,
    slot: str,
    rules: SlotRules,
    owner: str,
    by: Actor,
    classification: str = "restricted",
) -> Upload:
    """Store one file in a slot of `owner` (`draft:<id>`, `case:<id>`) and return its upload.

    Raises a subclass of `UploadRefused` (the file is at fault, show it beside the field), `CheckUnavailable`, or
    `NoSuchFile` when the actor may not add here. The slow part runs before the transaction.
    """
    kind, identity = owner_kind(owner)
    if not kind.may_add(identity, by):
        raise NoSuchFile
    _refuse_when_full(owner, slot, rules)
    with store.workplace() as place:
        source, target = place / "source", place / "target"
        came = store.take_in(stream, source, rules)
        with source.open("rb") as file:
            sniffed = sniffing.accepted_type(file.read(sniffing.HEAD), rules)
        found = examination.examine(
            source=source, target=target, media_type=sniffed, max_pages=rules.max_pages, max_seconds=rules.max_seconds
        )  # fmt: skip
        kept = target if found.rewritten else source
        measured = store.measure(kept) if found.rewritten else came
        private = {
            **found.private,
            "as_received": {"sha256": came.sha256, "size": came.size, "media_type": sniffed},
        }
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(_LOCK, [owner])
            _refuse_when_full(owner, slot, rules)
            held = holding.hold(
                source=kept, measured=measured, media_type=found.media_type, classification=classification
            )
            upload = Upload.objects.create(
                id=near_key(clock.now()),
                stored=held,
                owner=owner,
                slot=slot,
                filename=filenames.clean(filename, media_type=held.media_type),
                media_type=held.media_type,
                size=held.size,
                private=private,
                uploaded_by=by.account_id,
                created_at=clock.now(),
            )
            audit_row(
                by=by,
                action="files.upload.received",
                object_type="upload",
                object_id=upload.id,
                municipality_id=None,
                values={"owner": owner, "slot": slot, "sha256": measured.sha256},
            )
    return upload


def _refuse_when_full(owner: str, slot: str, rules: SlotRules) -> None:
    there = list(Upload.objects.filter(owner=owner, discarded_at=None).values_list("slot", flat=True))
    if there.count(slot) >= rules.most:
        raise TooManyFiles(most=rules.most)
    if len(there) >= MOST_FOR_AN_OWNER:
        raise TooManyFiles(most=MOST_FOR_AN_OWNER)
