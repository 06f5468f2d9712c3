"""Hand uploads of a draft over to the case that it became."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class UploadMissing(DiwanError):
    """An upload named in the form is not there: discarded, or of another owner."""

    code = "files.upload_missing"
    message = N_("A paper that was attached is no longer there. Attach it again.")


_MOVE: Final = """
UPDATE files_upload SET owner = %(to)s
WHERE id = ANY(%(ids)s) AND owner = %(from)s AND discarded_at IS NULL
  AND (SELECT count(*) FROM files_upload u
       WHERE u.id = ANY(%(ids)s) AND u.owner = %(from)s AND u.discarded_at IS NULL) = %(count)s
"""


def attach_uploads(*, upload_ids: Sequence[str], from_owner: str, to_owner: str, by: Actor) -> None:
    """Move all of `upload_ids` from one owner to another, in one statement, all or none (`UploadMissing`).

    Called inside the action that opens or completes the case: transaction, permission and the audit row are that
    action's.
    """
    wanted = sorted(set(upload_ids))
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"to": to_owner, "ids": wanted, "from": from_owner, "count": len(wanted)})
        if cursor.rowcount != len(wanted):
            raise UploadMissing
