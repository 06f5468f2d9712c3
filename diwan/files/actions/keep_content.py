"""Keep a file that the product made itself: an issued document, a print."""

from django.db import transaction
from django.db.models import F

from diwan.files import holding, store
from diwan.files.models import StoredFile


@transaction.atomic
def keep_content(*, content: bytes, media_type: str, classification: str = "restricted") -> StoredFile:
    """Store bytes under one reference and return the row to refer to. The caller's row commits with it."""
    with store.workplace() as place:
        source = place / "source"
        source.write_bytes(content)
        return holding.hold(
            source=source,
            measured=store.measure(source),
            media_type=media_type,
            classification=classification,
        )


@transaction.atomic
def release_content(*, stored_id: int) -> None:
    """Give one reference back; the collector deletes the content when none is left."""
    StoredFile.objects.filter(id=stored_id, references__gt=0).update(references=F("references") - 1)
