"""Files go out in a sandbox, by range, and only to those who may."""

import io

import pytest
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from diwan.audit.models import AccessRow
from diwan.files import errors, filenames, queries, serving
from diwan.files.actions import attach_uploads, receive_upload
from diwan.files.models import Upload
from diwan.files.rules import SlotRules
from diwan.people.actor import ANONYMOUS, Actor
from tests.files.conftest import OFFICER, OWNER, STRANGER
from tests.files.samples import pdf, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload() -> Upload:
    return receive_upload(
        stream=io.BytesIO(pdf(2)),
        filename="عقد الإيجار.pdf",
        slot="lease",
        rules=SlotRules(),
        owner="draft:abc",
        by=OWNER,
    )


def get(upload: Upload, actor: Actor = OWNER, *, download: bool = False, **headers: str) -> HttpResponseBase:
    request = RequestFactory().get(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return serving.serve(request, upload_id=upload.id, actor=actor, download=download)


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response)


def test_the_whole_file_with_its_guards(upload: Upload) -> None:
    response = get(upload)
    content = queries.open_for(upload.id, OWNER).path.read_bytes()
    assert body(response) == content
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"].startswith("inline; ")
    assert "filename*=UTF-8''%D8%B9" in response["Content-Disposition"]
    assert get(upload, download=True)["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-4", -4, None), ("bytes=3-999999", 3, None)],
)
def test_a_range(upload: Upload, asked: str, start: int, end: int | None) -> None:
    content = queries.open_for(upload.id, OWNER).path.read_bytes()
    response = get(upload, Range=asked)
    assert response.status_code == 206
    assert body(response) == content[start:end]
    assert response["Content-Range"].endswith(f"/{len(content)}")


def test_a_range_outside_is_refused_and_nonsense_is_ignored(upload: Upload) -> None:
    assert get(upload, Range="bytes=999999-").status_code == 416
    assert get(upload, Range="bytes=9-5").status_code == 416
    assert get(upload, Range="lines=1-2").status_code == 200
    assert get(upload, Range="bytes=0-1", If_Range='"other"').status_code == 200


@pytest.mark.parametrize("actor", [STRANGER, OFFICER, ANONYMOUS])
def test_others_get_the_answer_of_a_file_that_never_was(upload: Upload, actor: Actor) -> None:
    with pytest.raises(errors.NoSuchFile):
        get(upload, actor)
    with pytest.raises(errors.NoSuchFile):
        serving.serve(RequestFactory().get("/"), upload_id="never", actor=actor)


def test_an_officer_who_reads_is_noted_and_the_owner_is_not(upload: Upload) -> None:
    attach_uploads(upload_ids=[upload.id], from_owner="draft:abc", to_owner="case:5", by=OWNER)
    get(upload, OWNER)
    assert AccessRow.objects.count() == 0
    get(upload, OFFICER)
    assert AccessRow.objects.get().object_id == upload.id


def test_place_and_time_are_for_employees_who_may_read() -> None:
    taken = receive_upload(
        stream=io.BytesIO(photo(gps=True)),
        filename="a.jpg",
        slot="front",
        rules=SlotRules(),
        owner="draft:abc",
        by=OWNER,
    )
    attach_uploads(upload_ids=[taken.id], from_owner="draft:abc", to_owner="case:5", by=OWNER)
    assert queries.private_facts(taken.id, OFFICER)["gps"]["lat"] == 21.543333
    for actor in (OWNER, STRANGER):
        with pytest.raises(errors.NoSuchFile):
            queries.private_facts(taken.id, actor)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("صك الملكية.PDF", "صك الملكية.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("C:\\docs\\x.tar.gz", "x.tar.pdf"),
        ("", "file.pdf"),
        (".pdf", "file.pdf"),
        ("x" * 300, "x" * 120 + ".pdf"),
        ('a"b<c>.pdf', "a b c.pdf"),
        ("line\nbreak.pdf", "linebreak.pdf"),
    ],
)
def test_names_are_made_safe(name: str, clean: str) -> None:
    assert filenames.clean(name, media_type="application/pdf") == clean
