"""Delete what nothing refers to: discarded uploads, contents without a reference, leavings of interrupted writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F

from diwan.files import store
from diwan.files.models import StoredFile, Upload
from diwan.kit import clock

AFTER = timedelta(days=1)
_CLAIM = """
INSERT INTO files_storedfile (classification, sha256, size, media_type, "references", created_at)
VALUES (%s, %s, 0, '', 0, %s) ON CONFLICT ON CONSTRAINT stored_file_content DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Collected:
    """How many uploads, contents and stray files went."""

    uploads: int
    contents: int
    strays: int


def collect_garbage(*, limit: int = 1000) -> Collected:
    """Run by a job, any number of times at once: each row is locked before its content goes.

    Everything younger than a day stays, so that an upload in the making is never touched.
    """
    before = clock.real_now() - AFTER
    return Collected(_drop_uploads(before, limit), _drop_contents(before, limit), _drop_strays(before, limit))


@transaction.atomic
def _drop_uploads(before: datetime, limit: int) -> int:
    gone = list(
        Upload.objects.select_for_update(skip_locked=True)
        .filter(discarded_at__lt=before)
        .values_list("id", "stored_id")[:limit]
    )
    for upload_id, stored_id in gone:
        Upload.objects.filter(id=upload_id).delete()
        StoredFile.objects.filter(id=stored_id).update(references=F("references") - 1)
    return len(gone)


def _drop_contents(before: datetime, limit: int) -> int:
    candidates = StoredFile.objects.filter(references=0, created_at__lt=before).values_list("id", flat=True)[
        :limit
    ]
    count = 0
    for identity in list(candidates):
        with transaction.atomic():
            stored = (
                StoredFile.objects.select_for_update(skip_locked=True)
                .filter(id=identity, references=0)
                .first()
            )
            if stored is None:
                continue
            store.remove(classification=stored.classification, sha256=stored.sha256)
            stored.delete()
            count += 1
    return count


def _drop_strays(before: datetime, limit: int) -> int:
    count = 0
    for path in _old_files(before):
        if count >= limit:
            break
        place = path.relative_to(store.root()).parts
        if place[0] == "incoming":
            path.unlink(missing_ok=True)
            count += 1
        elif len(place) == 5 and len(place[4]) == 64:
            count += _drop_if_unknown(place[0], place[4])
    return count


@transaction.atomic
def _drop_if_unknown(classification: str, sha256: str) -> int:
    """Claim the row that a content should have; when the claim succeeds nobody knew the content."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [classification, sha256, clock.real_now()])
        claimed = cursor.fetchone()
    if claimed is None:
        return 0
    store.remove(classification=classification, sha256=sha256)
    StoredFile.objects.filter(id=claimed[0]).delete()
    return 1


def _old_files(before: datetime) -> Iterator[Path]:
    if not store.root().exists():
        return
    for path in store.root().rglob("*"):
        if path.is_file() and datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
            yield path
