"""The file of a case or licence: everything in it, provable, in words, streamed, and only for who may make it."""

import hashlib
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from django.utils.translation import override

from diwan.audit.models import AccessRow, AuditRow
from diwan.cases.models import Case, History
from diwan.files.actions import keep_content
from diwan.files.models import Upload
from diwan.files.store import path_of
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.modules.dossier.actions import make_case_file, make_licence_file
from diwan.modules.dossier.archive import Item, stream
from diwan.modules.dossier.errors import DossierForbidden
from diwan.modules.dossier.gathering import gather
from diwan.modules.dossier.summary import history_lines
from tests import cast
from tests.cases import walking
from tests.desk.conftest import Desk
from tests.documents import pdfs
from tests.registers.making import licence, night_permit

pytestmark = pytest.mark.usefixtures("city", "registers")


def opened(pieces: Iterator[bytes]) -> ZipFile:
    return ZipFile(io.BytesIO(b"".join(pieces)))


def test_a_case_with_its_change_of_area_in_words_and_every_digest_right() -> None:
    case = walking.billed(cast.owner())
    head = cast.actor("abdulaziz")
    History.objects.create(
        case=case, at=clock.now(), capacity="position:1", actor_ar="فهد العتيبي", actor_en="Fahd",
        title_ar="رئيس قسم الرخص", title_en="Head", on_behalf_of="نورة النخلي | Nora", act="resubmitted",
        changes={"area_m2": ["40", "45"]},
        state=case.state, stage=case.stage, holder=case.holder,
    )  # fmt: skip
    archive = opened(make_case_file(case_id=case.pk, by=head).pieces)
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    assert {entry["state"] for entry in manifest["files"]} == {"whole"}
    for line in archive.read("manifest.sha256").decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    papers = Upload.objects.filter(owner=f"case:{case.pk}").count()
    names = archive.namelist()
    assert sum("/papers/" in name for name in names) == papers > 0
    told = json.loads(archive.read("data.json"))["case"]
    assert (told["answers"]["area_m2"], told["bills"][0]["state"]) == ("40", "open")
    assert told["reads"] == [] and told["messages"]
    summary = archive.read("summary.pdf")
    with pikepdf.open(io.BytesIO(summary)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
    text = pdfs.text(summary)
    for expected in ("رئيس قسم الرخص", "نيابة عن نورة النخلي", "45"):
        assert expected in text
    ((act, change),) = [line["text"].splitlines() for line in _lines(case) if "المساحة" in line["text"]]
    assert act == "استكمل فهد العتيبي (رئيس قسم الرخص، نيابة عن نورة النخلي) الطلب وأعاد إرساله"
    assert change == "غيّر فهد العتيبي (رئيس قسم الرخص، نيابة عن نورة النخلي) المساحة من 40 م² إلى 45 م²"
    assert AuditRow.objects.filter(action="dossier.file.made", object_id=str(case.pk)).exists()
    assert AccessRow.objects.filter(purpose="dossier", object_id=str(case.pk), actor=head.label).exists()
    again = json.loads(opened(make_case_file(case_id=case.pk, by=head).pieces).read("data.json"))["case"]
    assert [row["purpose"] for row in again["reads"]] == ["dossier"], "the next file tells of this one"


def _lines(case: Case) -> list[dict[str, str]]:
    with override("ar"):
        return history_lines(gather(case.pk, cast.actor("abdulaziz")), "ar")


def test_a_licence_with_all_its_cases() -> None:
    shop = licence()
    permit = night_permit(shop)
    archive = opened(make_licence_file(number=shop.number, by=cast.actor("ibrahim")).pieces)
    told = json.loads(archive.read("data.json"))
    assert (told["licence"]["number"], told["licence"]["permits"]) == (shop.number, [permit.number])
    assert {each["number"] for each in told["cases"]} == {
        case_number(shop.case_id),
        case_number(permit.case_id),
    }
    assert [made["cause"] for made in told["licence"]["changes"]] == ["made"]


def test_a_content_that_is_gone_or_changed_is_named_and_spoils_nothing() -> None:
    case = walking.billed(cast.owner())
    gone = Upload.objects.select_related("stored").filter(owner=f"case:{case.pk}").earliest("created_at")
    by = cast.actor("khalid")
    content = keep_content(content=b"of the visit", media_type="image/jpeg")
    Upload.objects.create(
        id="a" * 22, stored=content, owner=f"case:{case.pk}", slot="_visit", filename="../../x.jpg",
        media_type="image/jpeg", size=12, uploaded_by=by.account_id, created_at=clock.now(),
    )  # fmt: skip
    second = Upload.objects.select_related("stored").filter(owner=f"case:{case.pk}").latest("created_at")
    place = path_of(gone.stored.classification, gone.stored.sha256)
    other = path_of(second.stored.classification, second.stored.sha256)
    kept, was = place.read_bytes(), other.read_bytes()
    place.unlink()
    other.chmod(0o600)
    other.write_bytes(was + b"!")
    try:
        archive = opened(make_case_file(case_id=case.pk, by=cast.actor("abdulaziz")).pieces)
    finally:
        place.write_bytes(kept)
        other.write_bytes(was)
    states = [entry["state"] for entry in json.loads(archive.read("manifest.json"))["files"]]
    assert sorted(states) == sorted([*["whole"] * (len(states) - 2), "missing", "changed"])
    assert all(not name.startswith(("/", "..")) and ".." not in name for name in archive.namelist())


def test_three_hundred_papers_are_never_in_memory_together() -> None:
    piece = bytes(65_536)

    def paper() -> Iterator[bytes]:
        for _ in range(16):
            yield piece

    items = [Item(f"papers/{count}.jpg", paper) for count in range(300)]
    tracemalloc.start()
    size = sum(len(part) for part in stream(items, about={}, at=clock.now()))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 300 * 1024 * 1024
    assert most < 8 * 1024 * 1024


def test_who_may_not_make_it_and_the_button_for_who_may(desk: Desk) -> None:
    case: Case = walking.billed(cast.owner())
    with pytest.raises(DossierForbidden):
        make_case_file(case_id=case.pk, by=cast.actor("fahad"))
    number = case_number(case.pk)
    assert "تنزيل ملف المعاملة" not in desk("fahad").get(f"/desk/case/{number}").content.decode()
    auditor = desk("ibrahim")
    assert "تنزيل ملف المعاملة" in auditor.get(f"/desk/case/{number}").content.decode()
    sent: Any = auditor.post(f"/dossier/case/{number}")
    assert sent.headers["Content-Type"] == "application/zip"
    assert b"".join(sent.streaming_content).startswith(b"PK")
