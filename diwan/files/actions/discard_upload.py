"""Take an upload out of its slot. The content is deleted later, when nothing refers to it."""

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.files.errors import NoSuchFile
from diwan.files.models import Upload
from diwan.files.registry import owner_kind
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class CannotDiscard(DiwanError):
    """The upload belongs to something that keeps its papers."""

    code = "files.cannot_discard"
    message = N_("This paper belongs to a submitted request and stays with it.")


@transaction.atomic
def discard_upload(*, upload_id: str, by: Actor) -> Upload:
    """Mark an upload as discarded; again is quiet. `NoSuchFile` when it is not the actor's, `CannotDiscard` by rule."""
    upload = Upload.objects.select_for_update().filter(id=upload_id).first()
    if upload is None:
        raise NoSuchFile
    kind, identity = owner_kind(upload.owner)
    if not kind.may_read(identity, by):
        raise NoSuchFile
    if kind.may_discard is None or not kind.may_discard(identity, by):
        raise CannotDiscard
    if upload.discarded_at is None:
        upload.discarded_at = clock.now()
        upload.save(update_fields=["discarded_at"])
        audit_row(
            by=by,
            action="files.upload.discarded",
            object_type="upload",
            object_id=upload.id,
            municipality_id=None,
            values={"owner": upload.owner, "slot": upload.slot},
        )
    return upload
