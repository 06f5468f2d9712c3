"""References on stored contents: taking one makes or finds the row and locks it until the transaction ends."""

from pathlib import Path

from django.db import connection

from diwan.files import store
from diwan.files.models import StoredFile
from diwan.kit import clock

_HOLD = """
INSERT INTO files_storedfile AS held (classification, sha256, size, media_type, "references", created_at)
VALUES (%s, %s, %s, %s, 1, %s)
ON CONFLICT ON CONSTRAINT stored_file_content DO UPDATE SET "references" = held."references" + 1
RETURNING id, media_type
"""


def hold(*, source: Path, measured: store.Measured, media_type: str, classification: str) -> StoredFile:
    """Take one reference on the content of `source` and see that it lies in the store. Needs a transaction.

    The row is locked first: the collector, which locks the same row, can't delete the content in between.
    """
    now = clock.real_now()
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [classification, measured.sha256, measured.size, media_type, now])
        (identity, kept_type) = cursor.fetchone()
    store.place(source, classification=classification, sha256=measured.sha256)
    return StoredFile(
        id=identity,
        classification=classification,
        sha256=measured.sha256,
        size=measured.size,
        media_type=kept_type,
        created_at=now,
    )
