"""Give another owner the same papers without storing them twice: a renewal where nothing changed."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from diwan.audit.actions import audit_row
from diwan.files.actions.attach_uploads import UploadMissing
from diwan.files.errors import NoSuchFile
from diwan.files.models import StoredFile, Upload
from diwan.files.registry import owner_kind
from diwan.kit import clock
from diwan.kit.keys import near_key
from diwan.people.actor import Actor


@transaction.atomic
def share_uploads(*, upload_ids: Sequence[str], to_owner: str, by: Actor) -> list[Upload]:
    """New uploads of `to_owner` over the same contents, in the order given.

    The actor must read each original and may add to the new owner, else `NoSuchFile`; `UploadMissing` for one that
    is gone.
    """
    kind, identity = owner_kind(to_owner)
    if not kind.may_add(identity, by):
        raise NoSuchFile
    found = {upload.id: upload for upload in Upload.objects.filter(id__in=upload_ids, discarded_at=None)}
    if set(found) != set(upload_ids):
        raise UploadMissing
    for original in found.values():
        original_kind, original_owner = owner_kind(original.owner)
        if not original_kind.may_read(original_owner, by):
            raise NoSuchFile
    made = []
    for upload_id in upload_ids:
        original = found[upload_id]
        StoredFile.objects.filter(id=original.stored_id).update(references=F("references") + 1)
        made.append(
            Upload(
                id=near_key(clock.now()),
                stored_id=original.stored_id,
                owner=to_owner,
                slot=original.slot,
                filename=original.filename,
                media_type=original.media_type,
                size=original.size,
                private=original.private,
                uploaded_by=by.account_id,
                created_at=clock.now(),
            )
        )
    Upload.objects.bulk_create(made)
    audit_row(
        by=by,
        action="files.uploads.shared",
        object_type="owner",
        object_id=to_owner,
        municipality_id=None,
        values={"uploads": list(upload_ids)},
    )
    return made
