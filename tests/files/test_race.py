"""Several people store and collect the same content at the same moment, with real commits."""

import io
import threading
from datetime import timedelta

from django.db import connection, transaction

from diwan.files import store
from diwan.files.actions import collect_garbage, keep_content, receive_upload, release_content
from diwan.files.models import StoredFile, Upload
from diwan.files.rules import SlotRules
from diwan.kit import clock
from tests.files.conftest import OWNER
from tests.files.samples import pdf

PAPER = pdf(text="race")


def test_two_people_at_once_store_one_content(committed_database: str) -> None:
    found: list[Upload] = []

    def work() -> None:
        try:
            found.append(
                receive_upload(
                    stream=io.BytesIO(PAPER),
                    filename="a.pdf",
                    slot="deed",
                    rules=SlotRules(most=9),
                    owner="draft:abc",
                    by=OWNER,
                )
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({upload.stored_id for upload in found}) == 1
    assert StoredFile.objects.get(id=found[0].stored_id).references == 4


def test_a_content_that_is_wanted_again_while_it_is_collected_is_there_in_the_end(
    committed_database: str,
) -> None:
    stored = keep_content(content=b"wanted again", media_type="application/pdf")
    release_content(stored_id=stored.id)
    StoredFile.objects.filter(id=stored.id).update(created_at=clock.real_now() - timedelta(days=3))

    def keep() -> None:
        try:
            keep_content(content=b"wanted again", media_type="application/pdf")
        finally:
            connection.close()

    with transaction.atomic():
        StoredFile.objects.select_for_update().get(id=stored.id)
        thread = threading.Thread(target=keep)
        thread.start()
        store.remove(classification="restricted", sha256=stored.sha256)
        StoredFile.objects.filter(id=stored.id).delete()
    thread.join()
    again = StoredFile.objects.get(sha256=stored.sha256)
    assert again.references == 1
    assert store.path_of("restricted", stored.sha256).read_bytes() == b"wanted again"
    assert collect_garbage().contents == 0
