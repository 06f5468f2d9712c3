"""Discarding, handing over, sharing, collecting: references and contents agree at every moment."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from diwan.files import errors, queries, store
from diwan.files.actions import (
    CannotDiscard,
    UploadMissing,
    attach_uploads,
    collect_garbage,
    discard_upload,
    keep_content,
    receive_upload,
    release_content,
    share_uploads,
)
from diwan.files.models import StoredFile, Upload
from diwan.files.rules import SlotRules
from diwan.kit import clock
from tests.files.conftest import OFFICER, OWNER, STRANGER
from tests.files.samples import pdf

pytestmark = pytest.mark.django_db


def send(text: str, owner: str = "draft:abc") -> Upload:
    return receive_upload(
        stream=io.BytesIO(pdf(text=text)),
        filename="a.pdf",
        slot="deed",
        rules=SlotRules(most=9),
        owner=owner,
        by=OWNER,
    )


def make_old(path: Path) -> None:
    os.utime(path, (0, 0))


def test_a_discarded_upload_is_gone_at_once_and_its_content_a_day_later() -> None:
    upload = send("discarded")
    place = queries.open_for(upload.id, OWNER).path
    discard_upload(upload_id=upload.id, by=OWNER)
    assert queries.uploads_of("draft:abc") == []
    with pytest.raises(errors.NoSuchFile):
        queries.open_for(upload.id, OWNER)
    assert collect_garbage().uploads == 0
    later = clock.real_now() - timedelta(days=3)
    Upload.objects.filter(id=upload.id).update(discarded_at=later)
    StoredFile.objects.filter(id=upload.stored_id).update(created_at=later)
    collected = collect_garbage()
    assert (collected.uploads, collected.contents) == (1, 1)
    assert not place.exists()


def test_a_content_that_another_upload_names_stays() -> None:
    first, second = send("twice"), send("twice")
    discard_upload(upload_id=first.id, by=OWNER)
    old = clock.real_now() - timedelta(days=3)
    Upload.objects.filter(id=first.id).update(discarded_at=old)
    StoredFile.objects.update(created_at=old)
    assert collect_garbage().contents == 0
    assert queries.open_for(second.id, OWNER).path.exists()
    assert StoredFile.objects.get(id=second.stored_id).references == 1


def test_only_the_owner_discards_and_a_case_keeps_its_papers() -> None:
    upload = send("kept")
    with pytest.raises(errors.NoSuchFile):
        discard_upload(upload_id=upload.id, by=STRANGER)
    attach_uploads(upload_ids=[upload.id], from_owner="draft:abc", to_owner="case:1", by=OWNER)
    with pytest.raises(CannotDiscard):
        discard_upload(upload_id=upload.id, by=OWNER)


def test_uploads_move_to_the_case_all_or_none() -> None:
    one, two = send("one"), send("two")
    with pytest.raises(UploadMissing):
        attach_uploads(upload_ids=[one.id, "nothing"], from_owner="draft:abc", to_owner="case:1", by=OWNER)
    assert len(queries.uploads_of("draft:abc")) == 2
    attach_uploads(upload_ids=[one.id, two.id], from_owner="draft:abc", to_owner="case:1", by=OWNER)
    assert {upload.id for upload in queries.uploads_of("case:1")} == {one.id, two.id}
    assert queries.open_for(one.id, OFFICER).upload.owner == "case:1"
    with pytest.raises(UploadMissing):
        attach_uploads(upload_ids=[one.id], from_owner="draft:abc", to_owner="case:2", by=OWNER)


def test_sharing_gives_a_renewal_the_same_papers_without_a_copy() -> None:
    upload = send("shared", owner="draft:abc")
    attach_uploads(upload_ids=[upload.id], from_owner="draft:abc", to_owner="case:1", by=OWNER)
    [made] = share_uploads(upload_ids=[upload.id], to_owner="draft:new", by=OWNER)
    assert made.stored_id == upload.stored_id
    assert StoredFile.objects.get(id=made.stored_id).references == 2
    with pytest.raises(errors.NoSuchFile):
        share_uploads(upload_ids=[upload.id], to_owner="draft:new", by=STRANGER)
    with pytest.raises(UploadMissing):
        share_uploads(upload_ids=["nothing"], to_owner="draft:new", by=OWNER)


def test_a_document_of_our_own_is_kept_and_released() -> None:
    stored = keep_content(content=b"%PDF-signed", media_type="application/pdf")
    assert queries.read_content(stored.classification, stored.sha256) == b"%PDF-signed"
    release_content(stored_id=stored.id)
    release_content(stored_id=stored.id)
    assert StoredFile.objects.get(id=stored.id).references == 0


def test_references_never_fall_below_nothing() -> None:
    stored = keep_content(content=b"x", media_type="application/pdf")
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(id=stored.id).update(references=F("references") - 2)


def test_leavings_of_a_crash_are_swept_and_known_contents_are_not() -> None:
    stored = keep_content(content=b"known", media_type="application/pdf")
    known = store.path_of("restricted", stored.sha256)
    make_old(known)
    stray = store.path_of("restricted", "ab" * 32)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"nobody knows me")
    make_old(stray)
    young = store.path_of("restricted", "cd" * 32)
    young.parent.mkdir(parents=True, exist_ok=True)
    young.write_bytes(b"still arriving")
    collect_garbage()
    assert not stray.exists()
    assert known.exists()
    assert young.exists()
    young.unlink()


def test_a_refused_upload_leaves_nothing_behind() -> None:
    before = set(store.root().rglob("*")) if store.root().exists() else set()
    with pytest.raises(errors.ProgramRefused):
        receive_upload(
            stream=io.BytesIO(b"MZ"),
            filename="a.pdf",
            slot="deed",
            rules=SlotRules(),
            owner="draft:x",
            by=OWNER,
        )
    after = {path for path in store.root().rglob("*") if path.is_file()}
    assert after <= before


def test_a_place_outside_the_store_cannot_be_named() -> None:
    for classification, digest in (("..", "ab" * 32), ("restricted", "../../etc/passwd")):
        with pytest.raises(ValueError, match="not a place"):
            store.path_of(classification, digest)
