"""Filling in an application page by page, as its owner would."""

import io
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image

from tests.journeys.browser import Content, Form, Page
from tests.journeys.city import Person
from tests.journeys.steps import Broken, expect

MOST_PAGES = 15
RIYADH = ZoneInfo("Asia/Riyadh")
THERE = (25.624722, 36.978056)
"""Where photos are taken unless told otherwise: in the street that the journeys name."""


@dataclass(frozen=True)
class Found:
    """A choice that is searched for first: the words typed and the code chosen; without a code the first found."""

    words: str
    code: str = ""


@dataclass
class Answers:
    """What a person answers: by field, a text, a choice, a day, or something searched for; and papers by slot."""

    fields: Mapping[str, Any]
    papers: Mapping[str, list[Content]] = field(default_factory=dict)


def lease_number() -> str:
    """A number of a lease that no run has used before; the register makes a record in force for it."""
    return f"1{time.time_ns() // 10_000_000 % 1_000_000_000:09}0"


def shop(**changed: Any) -> dict[str, Any]:
    """Answers about a shop in the first municipality, in the words and digits that people type."""
    today = datetime.now(tz=RIYADH).date()
    return {
        "place": Found("شارع الأمانة"), "premises_type": "street_shop", "area_m2": "٤٠", "openings": "1",
        "floor": "الأرضي", "unit_no": "7", "right": "lease", "lease_number": lease_number(),
        "lease_start": date(today.year, 1, 1), "lease_end": date(today.year + 4, 12, 31), "has_sign": "no",
        "cleaning": "fee", "workers": "3", "years": "1", "wants_card": "no", "safety_mechanism": "declaration",
        "declares_truth": True, "declares_requirements": True, "declares_privacy": True, "declares_safety": True,
        **changed,
    }  # fmt: skip


def photo(words: str, *, width: int = 1600, at: tuple[float, float] = THERE) -> Content:
    """A photo as a telephone takes it now, with the place (degrees north and east) in it; told apart by its colour."""
    content = io.BytesIO()
    colour = (sum(map(ord, words)) % 200, len(words) * 9 % 200, 120)
    image = Image.new("RGB", (width, width * 3 // 4), colour)
    exif = Image.Exif()
    exif[0x010F] = "A telephone"
    exif.get_ifd(0x8825).update({1: "N", 2: _degrees(at[0]), 3: "E", 4: _degrees(at[1])})
    exif.get_ifd(0x8769)[0x9003] = f"{datetime.now(tz=RIYADH):%Y:%m:%d %H:%M:%S}"
    image.save(content, "JPEG", exif=exif)
    return f"{words}.jpg", content.getvalue(), "image/jpeg"


def _degrees(value: float) -> tuple[float, float, float]:
    """Degrees, minutes and seconds."""
    minutes = value % 1 * 60
    return float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 2)


def pdf(words: str) -> Content:
    """A scanned page."""
    content = io.BytesIO()
    Image.new("RGB", (620, 877), (250, 250, 245)).save(content, "PDF")
    return f"{words}.pdf", content.getvalue(), "application/pdf"


def begin(person: Person, slug: str, *, name: str) -> Page:
    """From the card of the service to the first page of a draft for the establishment of that name."""
    page = person.browser.open(f"/services/{slug}").click(path=f"/apply/start/{slug}")
    form = page.form(having="capacity")
    held = [code for code, words in form.options("capacity").items() if name in words]
    expect(len(held) == 1, f"{person.name} cannot choose {name}: {form.options('capacity')}", page=page)
    return form.fill(capacity=held[0]).submit()


def fill(page: Page, answers: Answers, *, stop_before: str = "") -> Page:
    """Answer page after page until the review, or until the page with the key `stop_before`."""
    for _ in range(MOST_PAGES):
        key = page.path.rsplit("/", 1)[-1]
        if key in ("review", stop_before):
            return page
        page = answer(page, answers)
    raise Broken("the pages of the application do not end", page=page)


def answer(page: Page, answers: Answers) -> Page:
    """Answer one page and go on. Questions that follow from an answer appear on the same page, and are answered too."""
    key = page.path
    known: set[str] = set()
    while page.path == key:
        form = page.form(having="revision")
        asked = {name.removeprefix("asked-") for name in form.names() if name.startswith("asked-")}
        if known and asked <= known:
            raise Broken(f"the page is not accepted: {page.errors()}", page=page)
        page = _search(page, asked - known, answers)
        known |= asked
        form = page.form(having="revision")
        for name in asked:
            if name in answers.fields:
                _type(form, name, answers.fields[name])
        for slot, files in answers.papers.items():
            if form.has(slot):
                form.attach(slot, *files)
        page = form.submit("next")
    return page


def _search(page: Page, asked: set[str], answers: Answers) -> Page:
    """Press "search" where a choice is looked up, and keep the page with what was found."""
    for name in asked:
        wanted = answers.fields.get(name)
        form = page.form(having="revision")
        if isinstance(wanted, Found) and form.has(f"{name}-find"):
            page = form.set({f"{name}-find": wanted.words}).submit(name)
    return page


def _type(form: Form, name: str, value: Any) -> None:
    if isinstance(value, Found):
        _choose(form, name, value)
    elif isinstance(value, date):
        parts = {"day": value.day, "month": value.month, "year": value.year, "calendar": "gregorian"}
        form.set({f"{name}-{part}": str(one) for part, one in parts.items()})
    else:
        form.set({name: value})


def _choose(form: Form, name: str, wanted: Found) -> None:
    if form.has(f"{name}-pick"):
        form.set({f"{name}-pick": next(iter(form.options(f"{name}-pick")))})
    elif form.has(name):
        code = wanted.code or next(iter(form.options(name)))
        form.set({name: [code]})
