"""Uploads that are taken, and one refusal after the other."""

import io
import struct
import zlib

import pikepdf
import pytest
from PIL import Image

from diwan.files import errors, queries, store
from diwan.files.actions import receive_upload
from diwan.files.models import StoredFile, Upload
from diwan.files.rules import SlotRules
from diwan.kit.errors import DiwanError
from tests.files.conftest import OWNER, STRANGER
from tests.files.heic import HEIC
from tests.files.samples import archive, changed_pdf, pdf, photo
from tests.files.wording import arabic

pytestmark = pytest.mark.django_db
RULES = SlotRules(max_bytes=2 * 1024 * 1024, most=9)


def send(
    content: bytes,
    name: str = "صك.pdf",
    *,
    rules: SlotRules = RULES,
    slot: str = "deed",
    owner: str = "draft:abc",
) -> Upload:
    return receive_upload(
        stream=io.BytesIO(content), filename=name, slot=slot, rules=rules, owner=owner, by=OWNER
    )


def content_of(upload: Upload) -> bytes:
    return queries.open_for(upload.id, OWNER).path.read_bytes()


def test_a_pdf_is_kept_byte_for_byte_under_its_digest() -> None:
    original = pdf(3)
    upload = send(original)
    assert content_of(upload) == original
    assert upload.filename == "صك.pdf"
    assert upload.private["pages"] == 3
    stored = StoredFile.objects.get(id=upload.stored_id)
    place = store.path_of("restricted", stored.sha256)
    assert place.parts[-5:-1] == ("restricted", "sha256", stored.sha256[:2], stored.sha256[2:4])
    assert place.stat().st_mode & 0o777 == 0o600
    assert not list((store.root() / "incoming").iterdir())


def test_the_same_content_twice_is_stored_once() -> None:
    first, second = send(pdf(text="same")), send(pdf(text="same"))
    assert first.stored_id == second.stored_id
    assert first.id != second.id
    assert StoredFile.objects.get(id=first.stored_id).references == 2


def test_a_photo_loses_its_place_which_is_kept_privately() -> None:
    upload = send(photo(gps=True), "IMG_1.JPG")
    assert upload.private["gps"] == {"lat": 21.543333, "lng": 39.17}
    assert upload.private["taken_at"] == "2026-11-20T07:15:00+00:00"
    assert upload.private["camera"] == "Acme Phone 7"
    kept = content_of(upload)
    assert b"Acme" not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert image.info.get("icc_profile") is None
    assert upload.filename == "IMG_1.jpg"


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    upload = send(photo(size=(640, 480), orientation=6), "a.jpg")
    with Image.open(io.BytesIO(content_of(upload))) as image:
        assert image.size == (480, 640)


@pytest.mark.parametrize(
    ("kind", "kept"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("JPEG", "image/jpeg")]
)
def test_each_kind_of_photo_is_written_anew(kind: str, kept: str) -> None:
    original = photo(kind)
    upload = send(original, "صورة")
    assert upload.media_type == kept
    assert content_of(upload) != original or kind == "PNG"


def test_a_large_photo_is_made_smaller() -> None:
    upload = send(photo(size=(6000, 2000)), "wide.jpg")
    with Image.open(io.BytesIO(content_of(upload))) as image:
        assert max(image.size) == 4096


def test_heic_becomes_jpeg() -> None:
    upload = send(HEIC, "IMG_0001.HEIC")
    assert upload.media_type == "image/jpeg"
    assert upload.filename == "IMG_0001.jpg"


def test_what_hides_behind_a_photo_is_gone() -> None:
    upload = send(photo() + b"<script>alert(1)</script>PK\x03\x04", "a.jpg")
    assert b"script" not in content_of(upload)


def _with_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)")
    )


def _with_launch(document: pikepdf.Pdf) -> None:
    document.pages[0].AA = pikepdf.Dictionary(
        O=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd"))
    )


def _with_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = b"MZ"


def _with_form_script(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.Array([]))


def _with_hidden_script(document: pikepdf.Pdf) -> None:
    hidden = document.make_indirect(
        pikepdf.Dictionary(
            Kids=pikepdf.Array([pikepdf.Dictionary(Deep=pikepdf.Dictionary(S=pikepdf.Name.JavaScript))])
        )
    )
    document.Root.PieceInfo = hidden


@pytest.mark.parametrize(
    "change", [_with_script, _with_launch, _with_attachment, _with_form_script, _with_hidden_script]
)
def test_a_pdf_that_acts_is_refused(change: object) -> None:
    with pytest.raises(errors.ActivePdf):
        send(changed_pdf(change))  # type: ignore[arg-type]


def test_a_web_address_in_a_pdf_is_no_reason() -> None:
    def link(document: pikepdf.Pdf) -> None:
        document.pages[0].Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Link,
                    Rect=[0, 0, 9, 9],
                    A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org")),
                )
            ]
        )

    assert send(changed_pdf(link)).media_type == "application/pdf"


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_pdf_is_refused(password: str) -> None:
    with pytest.raises(errors.EncryptedPdf):
        send(changed_pdf(lambda document: None, encryption=pikepdf.Encryption(owner="o", user=password)))


def test_too_many_pages() -> None:
    with pytest.raises(errors.TooManyPages) as refused:
        send(pdf(4), rules=SlotRules(max_pages=3))
    assert refused.value.params == {"limit": 3}


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(errors.EmptyFile):
        send(b"")


def test_a_file_over_the_limit_is_refused_before_it_is_read_to_its_end() -> None:
    with pytest.raises(errors.FileTooLarge) as refused:
        send(b"%PDF-" + b"0" * (3 * 1024 * 1024))
    assert refused.value.params == {"limit_mb": "2"}


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"MZ\x90\x00" + b"\x00" * 100, errors.ProgramRefused),
        (b"\x7fELF\x02\x01", errors.ProgramRefused),
        (b"#!/bin/sh\nrm", errors.ProgramRefused),
        (b"<!DOCTYPE html><html>", errors.WebPageRefused),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", errors.WebPageRefused),
        ("<html>".encode("utf-16"), errors.WebPageRefused),
        (
            archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            errors.OfficeFileRefused,
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", errors.OfficeFileRefused),
        (archive("a.pdf"), errors.ArchiveRefused),
        (b"GIF89a" + b"\x00" * 20, errors.KindNotAccepted),
        (b"just words", errors.KindNotAccepted),
        (b"%PDF-1.7\nnothing that follows", errors.DamagedFile),
        (b"\xff\xd8\xff\xe0 broken", errors.DamagedFile),
        (photo("PNG")[:200], errors.DamagedFile),
    ],
)
def test_what_is_not_a_paper_is_refused_whatever_its_name(
    content: bytes, refusal: type[errors.UploadRefused]
) -> None:
    with pytest.raises(refusal):
        send(content, "deed.pdf")
    assert not Upload.objects.exists()


def test_a_picture_of_a_billion_pixels_is_refused_before_it_is_decoded() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )
    with pytest.raises(errors.ImageTooLarge):
        send(bomb, "a.png")


def test_a_pdf_that_swells_beyond_memory_is_refused() -> None:
    packer = zlib.compressobj(9)
    first = packer.compress(b"1 0 ") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"0" * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    inflated = first + block * 3_000
    head = (
        b"%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length "
        + str(len(inflated)).encode()
        + b">>stream\n"
    )
    body = head + inflated + b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 2>>\nstartxref\n0\n%%EOF"
    with pytest.raises(errors.DamagedFile):
        send(body, rules=SlotRules(max_bytes=20 * 1024 * 1024))


def test_slots_take_only_their_kinds_and_number() -> None:
    with pytest.raises(errors.OnlyPdf):
        send(photo(), rules=SlotRules(kinds=("pdf",)))
    with pytest.raises(errors.OnlyImage):
        send(pdf(), rules=SlotRules(kinds=("image",)))
    send(pdf(), rules=SlotRules(most=1))
    with pytest.raises(errors.TooManyFiles) as refused:
        send(pdf(2), rules=SlotRules(most=1))
    assert refused.value.params == {"most": 1}


def test_a_stranger_and_an_unknown_owner_are_refused_alike() -> None:
    with pytest.raises(errors.NoSuchFile):
        receive_upload(
            stream=io.BytesIO(pdf()), filename="a", slot="s", rules=RULES, owner="draft:abc", by=STRANGER
        )
    with pytest.raises(errors.NoSuchFile):
        send(pdf(), owner="horse:1")


def test_every_refusal_has_words_in_both_languages() -> None:
    translated = arabic("files")
    every: list[type[DiwanError]] = [*errors.REFUSALS.values(), errors.NoSuchFile]
    for refusal in every:
        assert refusal.message in translated, refusal.message
