"""Hand uploads of a draft over to the case that it became."""

from collections.abc import Sequence

from django.db import transaction

from diwan.files.models import Upload
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class UploadMissing(DiwanError):
    """An upload named in the form is not there: discarded, or of another owner."""

    code = "files.upload_missing"
    message = N_("A paper that was attached is no longer there. Attach it again.")


@transaction.atomic
def attach_uploads(*, upload_ids: Sequence[str], from_owner: str, to_owner: str, by: Actor) -> None:
    """Move all of `upload_ids` from one owner to another, in one statement, all or none (`UploadMissing`).

    Called inside the action that opens or completes the case: permission and the audit row are that action's.
    """
    wanted = set(upload_ids)
    if not wanted:
        return
    moved = Upload.objects.filter(id__in=wanted, owner=from_owner, discarded_at=None).update(owner=to_owner)
    if moved != len(wanted):
        raise UploadMissing
