"""What can be done with files: one write a file."""

from diwan.files.actions.attach_uploads import UploadMissing, attach_uploads
from diwan.files.actions.collect_garbage import Collected, collect_garbage
from diwan.files.actions.discard_upload import CannotDiscard, discard_upload
from diwan.files.actions.keep_content import keep_content, release_content
from diwan.files.actions.receive_upload import receive_upload
from diwan.files.actions.share_uploads import share_uploads

__all__ = [
    "CannotDiscard",
    "Collected",
    "UploadMissing",
    "attach_uploads",
    "collect_garbage",
    "discard_upload",
    "keep_content",
    "receive_upload",
    "release_content",
    "share_uploads",
]
