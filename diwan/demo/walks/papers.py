"""The papers of the cases: a few drawings that look like photos and forms, shared by all of them.

Drawn here rather than shipped, since nobody's shop should be in a demo. They pass through the same store as uploads.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from PIL import Image, ImageDraw

from diwan.cases.models import Case
from diwan.demo.plan.source import generator
from diwan.files.actions import keep_content
from diwan.files.models import StoredFile, Upload
from diwan.kit.keys import near_key

SIZE: Final = (960, 720)
_VARIANTS: Final = 4
_NAMES: Final = {
    "facade": "واجهة المحل.jpg", "inside": "من الداخل.jpg", "sign_design": "تصميم اللوحة.jpg",
    "safety_paper": "تقرير السلامة.pdf", "lease_paper": "عقد الإيجار.pdf",
}  # fmt: skip
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stored drawing that uploads refer to."""

    stored: StoredFile
    media_type: str


@transaction.atomic
def add_papers() -> int:
    """Give every case that has none the papers its service asks for; returns how many uploads were made."""
    sheets = {slot: [_store(slot, number) for number in range(_VARIANTS)] for slot in _NAMES}
    having = set(Upload.objects.filter(owner__startswith="case:").values_list("owner", flat=True))
    uploads = []
    for case in Case.objects.order_by("id").values(
        "id", "service", "data", "facts", "account_id", "opened_at"
    ):
        if f"case:{case['id']}" not in having:
            uploads += [_upload(case, slot, sheets[slot][case["id"] % _VARIANTS]) for slot in _slots(case)]
    Upload.objects.bulk_create(uploads, batch_size=1000)
    for sheet in (sheet for made in sheets.values() for sheet in made):
        used = sum(upload.stored_id == sheet.stored.pk for upload in uploads)
        StoredFile.objects.filter(pk=sheet.stored.pk).update(references=F("references") + used - 1)
    return len(uploads)


def _slots(case: Mapping[str, Any]) -> Iterator[str]:
    """The slots that the answers ask for."""
    derived = case["facts"].get("derived", {})
    if case["service"] in ("shop-licence-renewal", "report"):
        return
    yield "facade"
    if case["service"] != "shop-licence-with-approvals":
        return
    if derived.get("visit"):
        yield "inside"
    if case["data"].get("has_sign"):
        yield "sign_design"
    if case["data"].get("safety_mechanism") == "report" or case["data"].get("safety_reference"):
        yield "safety_paper"
    if case["id"] % 3 == 0:
        yield "lease_paper"


def _upload(case: Mapping[str, Any], slot: str, sheet: Sheet) -> Upload:
    return Upload(
        id=near_key(case["opened_at"]), stored=sheet.stored, owner=f"case:{case['id']}", slot=slot,
        filename=_NAMES[slot], media_type=sheet.media_type, size=sheet.stored.size, uploaded_by=case["account_id"],
        created_at=case["opened_at"],
    )  # fmt: skip


def _store(slot: str, number: int) -> Sheet:
    """Keep a drawing. One reference is taken here and given back when the uploads are counted."""
    rng = generator(500 + number)
    picture = {"facade": _facade, "inside": _inside, "sign_design": _sign}.get(slot, _form)(rng)
    pdf = _NAMES[slot].endswith(".pdf")
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=96.0, **_FIXED) if pdf else picture.save(out, "JPEG", quality=82)
    media_type = "application/pdf" if pdf else "image/jpeg"
    return Sheet(keep_content(content=out.getvalue(), media_type=media_type), media_type)


#: A PDF carries its day; the same content must come out each time.
_FIXED: Final[dict[str, Any]] = {"creationDate": None, "modDate": None}


def _shade(rng: Random, low: int = 90, high: int = 220) -> Colour:
    return rng.randint(low, high), rng.randint(low, high), rng.randint(low, high)


def _facade(rng: Random) -> Image.Image:
    """A street, a wall, a shop window with a door, and a sign above."""
    wide, high = SIZE
    image = Image.new("RGB", SIZE, (176, 208, 232))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, high * 0.82, wide, high), fill=(120, 118, 112))
    draw.rectangle((40, 90, wide - 40, high * 0.84), fill=_shade(rng, 190, 235))
    draw.rectangle((110, 150, wide - 110, 250), fill=_shade(rng, 30, 130), outline=(250, 250, 250), width=5)
    for number in range(rng.randint(5, 8)):
        x = 170 + number * 80
        draw.rounded_rectangle((x, 182, x + 52, 218), 10, fill=(245, 240, 225))
    draw.rectangle((110, 290, 560, high * 0.82), fill=(94, 120, 134), outline=(60, 60, 60), width=6)
    draw.line((335, 290, 335, high * 0.82), fill=(60, 60, 60), width=5)
    draw.rectangle((620, 290, 820, high * 0.84), fill=(110, 86, 62), outline=(50, 40, 30), width=6)
    draw.ellipse((785, 440, 803, 458), fill=(220, 190, 90))
    return image


def _inside(rng: Random) -> Image.Image:
    """Shelves, a counter, a floor."""
    wide, high = SIZE
    image = Image.new("RGB", SIZE, (236, 230, 218))
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [(0, high), (wide, high), (wide - 180, high * 0.62), (180, high * 0.62)], fill=(176, 160, 138)
    )
    for row in range(4):
        y = 110 + row * 84
        draw.rectangle((210, y + 56, wide - 210, y + 64), fill=(120, 96, 70))
        for number in range(12):
            x = 222 + number * 43
            draw.rectangle((x, y + 56 - rng.randint(22, 48), x + 30, y + 56), fill=_shade(rng))
    draw.rectangle((90, 480, 420, 640), fill=_shade(rng, 70, 140), outline=(40, 40, 40), width=4)
    return image


def _sign(rng: Random) -> Image.Image:
    """A sign's design with measures at its sides."""
    wide = SIZE[0]
    image = Image.new("RGB", SIZE, (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((120, 240, wide - 120, 460), fill=_shade(rng, 30, 150), outline=(30, 30, 30), width=4)
    for number in range(6):
        draw.rounded_rectangle((200 + number * 95, 310, 262 + number * 95, 392), 14, fill=(250, 246, 230))
    for y in (210, 490):
        draw.line((120, y, wide - 120, y), fill=(200, 40, 40), width=3)
    draw.line((90, 240, 90, 460), fill=(200, 40, 40), width=3)
    return image


def _form(rng: Random) -> Image.Image:
    """A page of lines and boxes, with a stamp."""
    image = Image.new("RGB", (794, 1123), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, 734, 150), outline=(40, 90, 70), width=4)
    draw.text((330, 98), "DEMO DATA", fill=(170, 40, 40))
    for number in range(22):
        y = 200 + number * 36
        draw.line((734 - rng.randint(380, 640), y, 734, y), fill=(90, 90, 90), width=3)
    draw.ellipse((110, 900, 260, 1050), outline=(40, 70, 150), width=5)
    return image
