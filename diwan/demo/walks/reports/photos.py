"""Photos of reports and of the work on them: a few drawings, before and after, shared by their digest."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from PIL import Image, ImageDraw

from diwan.demo.plan.source import generator
from diwan.files.actions import keep_content
from diwan.files.models import StoredFile, Upload
from diwan.kit.keys import near_key

SIZE: Final = (640, 480)
VARIANTS: Final = 3
MEDIA: Final = "image/jpeg"
Drawn = tuple[ImageDraw.ImageDraw, Random]
#: What is drawn for a category; roads for those that are not named.
SUBJECTS: Final[Mapping[str, str]] = {
    "01": "bin",
    "04": "lamp",
    "05": "water",
    "06": "bin",
    "09": "tree",
    "10": "car",
}


@dataclass(slots=True)
class Album:
    """The stored drawings by subject, whether it is done, and variant."""

    sheets: dict[tuple[str, bool, int], StoredFile] = field(default_factory=dict)

    @classmethod
    @transaction.atomic
    def stored(cls) -> "Album":
        """Draw and keep all of them; the same contents each time, so that nothing is kept twice."""
        made = cls()
        for subject in {*SUBJECTS.values(), "road"}:
            for done in (False, True):
                for variant in range(VARIANTS):
                    content = _drawing(subject, done=done, variant=variant)
                    made.sheets[subject, done, variant] = keep_content(content=content, media_type=MEDIA)
        return made

    def upload(
        self, *, owner: str, slot: str, category: str, done: bool, turn: int, at: datetime, by: int | None,
        private: Mapping[str, Any],
    ) -> Upload:  # fmt: skip
        """A photo as if it was sent at a moment: the row that refers to the drawing."""
        stored = self.sheets[SUBJECTS.get(category, "road"), done, turn % VARIANTS]
        return Upload(
            id=near_key(at), stored=stored, owner=owner, slot=slot, filename=f"IMG_{at:%Y%m%d_%H%M%S}.jpg",
            media_type=MEDIA, size=stored.size, private=dict(private), uploaded_by=by, created_at=at,
        )  # fmt: skip

    @transaction.atomic
    def count_references(self) -> None:
        """Let each drawing know how many uploads refer to it; one is left to each so that none is collected."""
        used = (
            Upload.objects.filter(stored=OuterRef("pk"))
            .order_by()
            .values("stored")
            .annotate(n=Count("pk"))
            .values("n")
        )
        keys = [sheet.pk for sheet in self.sheets.values()]
        StoredFile.objects.filter(pk__in=keys).update(references=Coalesce(Subquery(used), 1))


def _drawing(subject: str, *, done: bool, variant: int) -> bytes:
    rng = generator(600 + 10 * variant + len(subject))
    image = Image.new("RGB", SIZE, _SKY[variant])
    draw = ImageDraw.Draw(image)
    _street((draw, rng))
    _SUBJECTS[subject]((draw, rng), done)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=78)
    return out.getvalue()


_SKY: Final = ((176, 208, 232), (226, 206, 170), (150, 178, 206))


def _street(drawn: Drawn) -> None:
    """Houses, a pavement, a road."""
    draw, rng = drawn
    wide, high = SIZE
    x = -20
    while x < wide:
        width = rng.randint(90, 170)
        shade = rng.randint(196, 230)
        draw.rectangle((x, rng.randint(60, 130), x + width, high * 0.6), fill=(shade, shade - 12, shade - 34))
        draw.rectangle((x + 24, 170, x + 60, 220), fill=(110, 130, 146))
        x += width + 6
    draw.rectangle((0, high * 0.6, wide, high * 0.7), fill=(186, 180, 170))
    draw.rectangle((0, high * 0.7, wide, high), fill=(92, 92, 94))
    for number in range(6):
        draw.rectangle((40 + number * 110, 418, 90 + number * 110, 424), fill=(210, 208, 200))


def _bin(drawn: Drawn, done: bool) -> None:
    draw, rng = drawn
    draw.rounded_rectangle((250, 210, 400, 330), 10, fill=(44, 104, 70), outline=(26, 64, 42), width=4)
    draw.rectangle((244, 200, 406, 214), fill=(34, 84, 56))
    if done:
        return
    for _ in range(16):
        x, y, size = rng.randint(190, 440), rng.randint(290, 345), rng.randint(16, 34)
        shade = rng.randint(30, 200)
        draw.ellipse((x, y, x + size, y + size * 0.8), fill=(shade, shade - 10, max(0, shade - 26)))
    for _ in range(5):
        x = rng.randint(262, 370)
        draw.ellipse((x, 176, x + 30, 206), fill=(40, 42, 46))


def _road(drawn: Drawn, done: bool) -> None:
    draw, rng = drawn
    x, y = rng.randint(210, 260), rng.randint(350, 366)
    if done:
        draw.rounded_rectangle((x - 30, y - 14, x + 210, y + 84), 8, fill=(58, 58, 60))
        return
    draw.ellipse((x, y, x + 180, y + 66), fill=(44, 40, 36), outline=(128, 118, 104), width=7)
    for _ in range(9):
        stone = rng.randint(x - 30, x + 200)
        draw.ellipse((stone, y + 40, stone + 14, y + 50), fill=(134, 126, 114))


def _lamp(drawn: Drawn, done: bool) -> None:
    draw, _ = drawn
    draw.rectangle((0, 0, *SIZE), fill=(22, 26, 44))
    draw.rectangle((0, SIZE[1] * 0.7, *SIZE), fill=(34, 34, 38))
    if done:
        draw.polygon([(330, 84), (190, 400), (520, 400)], fill=(96, 88, 58))
        draw.ellipse((306, 66, 372, 100), fill=(255, 238, 170))
    draw.rectangle((396, 70, 406, 350), fill=(120, 122, 128))
    draw.line((400, 74, 330, 82), fill=(120, 122, 128), width=7)
    draw.ellipse((316, 74, 360, 92), fill=(250, 236, 180) if done else (70, 72, 78))


def _water(drawn: Drawn, done: bool) -> None:
    draw, rng = drawn
    draw.rectangle((280, 344, 350, 356), fill=(50, 50, 52))
    if not done:
        draw.ellipse((90, 330, 560, 452), fill=(112, 134, 146), outline=(150, 168, 176), width=5)
        for _ in range(6):
            x, y = rng.randint(150, 440), rng.randint(360, 420)
            draw.arc((x, y, x + 60, y + 18), 180, 350, fill=(180, 196, 204), width=3)


def _tree(drawn: Drawn, done: bool) -> None:
    draw, _ = drawn
    if done:
        draw.rectangle((300, 150, 318, 300), fill=(104, 78, 50))
        draw.ellipse((240, 70, 380, 190), fill=(70, 124, 66))
        return
    draw.line((300, 300, 470, 366), fill=(104, 78, 50), width=18)
    draw.ellipse((410, 310, 560, 430), fill=(82, 122, 60))


def _car(drawn: Drawn, done: bool) -> None:
    draw, _ = drawn
    if done:
        return
    draw.rounded_rectangle((190, 270, 450, 350), 20, fill=(150, 132, 110), outline=(96, 84, 70), width=4)
    draw.polygon([(240, 272), (280, 214), (380, 214), (420, 272)], fill=(120, 118, 112))
    for x in (230, 380):
        draw.ellipse((x, 330, x + 44, 366), fill=(36, 36, 38))


_SUBJECTS: Final[Mapping[str, Callable[[Drawn, bool], None]]] = {
    "bin": _bin, "road": _road, "lamp": _lamp, "water": _water, "tree": _tree, "car": _car,
}  # fmt: skip
