"""Reading files: lists for a page, one file to serve. Who may is asked of the owner's kind each time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diwan.files import store
from diwan.files.errors import NoSuchFile
from diwan.files.models import Upload
from diwan.files.registry import owner_kind
from diwan.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that the actor may read: its upload and where the bytes are."""

    upload: Upload
    path: Path

    def chunks(self, *, start: int, length: int) -> Iterator[bytes]:
        """`length` bytes from `start`, in pieces of 64 kB."""
        with self.path.open("rb") as file:
            file.seek(start)
            while length > 0 and (piece := file.read(min(65_536, length))):
                length -= len(piece)
                yield piece


def uploads_of(owner: str) -> list[Upload]:
    """The uploads of one owner that were not discarded, by slot and age. The caller has asked whether it may."""
    return list(Upload.objects.filter(owner=owner, discarded_at=None).order_by("slot", "created_at", "id"))


def uploads_by_id(upload_ids: Iterable[str], *, owner: str) -> dict[str, Upload]:
    """Those of the uploads that belong to `owner` and were not discarded, by id."""
    return {
        upload.id: upload
        for upload in Upload.objects.filter(id__in=list(upload_ids), owner=owner, discarded_at=None)
    }


def open_for(upload_id: str, actor: Actor) -> Opened:
    """The file, when the actor may read it; `NoSuchFile` for every other case, so that nothing can be guessed."""
    upload = Upload.objects.select_related("stored").filter(id=upload_id, discarded_at=None).first()
    if upload is None:
        raise NoSuchFile
    kind, identity = owner_kind(upload.owner)
    if not kind.may_read(identity, actor):
        raise NoSuchFile
    return Opened(upload, store.path_of(upload.stored.classification, upload.stored.sha256))


def open_owned(upload_id: str, *, owner: str) -> Opened:
    """A file of one owner; the caller has asked whether it may be read. `NoSuchFile` for every other case."""
    upload = (
        Upload.objects.select_related("stored").filter(id=upload_id, owner=owner, discarded_at=None).first()
    )
    if upload is None:
        raise NoSuchFile
    return Opened(upload, store.path_of(upload.stored.classification, upload.stored.sha256))


def private_facts(upload_id: str, actor: Actor) -> dict[str, Any]:
    """Place, time and camera of a photo, for employees who may read the file; `NoSuchFile` for everybody else."""
    opened = open_for(upload_id, actor)
    if not actor.is_staff:
        raise NoSuchFile
    return dict(opened.upload.private)


def read_content(classification: str, sha256: str) -> bytes:
    """The bytes of a content that the product keeps for itself, such as a document to sign."""
    return store.path_of(classification, sha256).read_bytes()


def content_chunks(classification: str, sha256: str) -> Iterator[bytes]:
    """The bytes of a content in pieces of 64 kB. OSError at the first piece when the store does not hold it any more.

    The caller has asked whether it may be read.
    """
    with store.path_of(classification, sha256).open("rb") as file:
        while piece := file.read(65_536):
            yield piece
