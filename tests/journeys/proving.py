"""What crews, verifiers and the room do with a report, and what everybody sees of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import html

from tests.journeys import applying
from tests.journeys.browser import Browser, Form, Page, squeeze
from tests.journeys.city import Cast, City, Person
from tests.journeys.steps import expect
from tests.journeys.telling import Told

PHOTOS = 6
"""One of the report, two of each closing, one of the dispute."""
MOST_WAITING = 200
GROUP = "GRP-WASTE"
SHARED_SECONDS = 40
"""What everybody sees may be half a minute old."""


@dataclass(frozen=True)
class Closings:
    """A contractor's row of the numbers page."""

    closed: int
    judged: int
    shown: str


def closings_of(cast: Cast, contractor: str) -> Closings:
    """What the numbers page says of a contractor now; nothing closed where it has no row."""
    page = cast.signed_in("dana").browser.open("/desk/numbers?days=7")
    page.says("بلاغات أغلقت دون معالجة")
    for row in page.all("//tr[th[@scope='row']]"):
        if squeeze(row[0].text_content()) == contractor:
            closed, judged, shown = (squeeze(cell.text_content()) for cell in row[1:4])
            return Closings(int(closed), int(judged), shown)
    return Closings(0, 0, "")


def counted(before: Closings, after: Closings) -> None:
    """Two closings more, both judged by somebody independent; a rate once five were judged."""
    expect(after.closed == before.closed + 2, f"{before.closed} closed became {after.closed}")
    expect(after.judged == before.judged + 2, f"{before.judged} judged became {after.judged}")
    told = after.shown.endswith("%") and after.shown != "0%"
    expect(told == (after.judged >= 5), f"of {after.judged} judged the page tells «{after.shown}»")


def refused_without_proof(crew: Person, told: Told) -> Page:
    """Arrive; then neither without photos nor with photos taken elsewhere; the page with both photos kept."""
    page = crew.browser.open(f"/reports/work/{told.number}").form("/here").submit().says("وصلتم")
    page = page.form("/done").fill(words="رفعت النفايات وغسل الموقع").submit(status=422)
    expect(len(page.errors()) >= 2, f"closing without photos is refused as {page.errors()}", page=page)
    elsewhere = (told.spot.at[0] + 0.02, told.spot.at[1])
    form = page.form("/done").attach("_before", applying.photo("قبل", at=elsewhere))
    form.attach("_after", applying.photo("بعد", at=elsewhere))
    page = form.submit(status=422).says("م من موقع البلاغ")
    page.says("قبل.jpg", "بعد.jpg")
    return page


def closed_with_reason(page: Page, told: Told) -> None:
    """The photos stay; with a reason for the distance the work is closed and leaves the list."""
    form = page.form("/done").fill(
        far_why="نقلت الحاوية إلى الشارع المجاور", words="رفعت النفايات وغسل الموقع"
    )
    _left(form.submit(), told)


def closed_in_place(crew: Person, told: Told) -> None:
    """It came back: new photos of the place, and closed again."""
    page = crew.browser.wait(
        "/reports/work", lambda seen: told.number in seen.digits(), seconds=90, what="the work again"
    )
    page = page.click(path=f"/reports/work/{told.number}").says("عاد البلاغ إليكم")
    form = page.form("/done").attach("_before", applying.photo("قبل ثانية", at=told.spot.at))
    form.attach("_after", applying.photo("بعد ثانية", at=told.spot.at))
    form.fill(words="رفعت النفايات كلها وبدلت الحاوية", quick=[next(iter(form.options("quick")))])
    _left(form.submit(), told)


def _left(page: Page, told: Told) -> None:
    page.says("أغلق")
    expect(told.number not in page.digits(), "closed work is still in the list", page=page)


def judged(judge: Person, told: Told, outcome: str, *, reason: bool = False, says: str = "") -> None:
    """Wait until the closing is to be judged, see before and after, and judge."""
    page = judge.browser.wait(
        "/reports/judge", lambda seen: told.number in seen.digits(), seconds=90, what="the closing to be judged"
    )  # fmt: skip
    page = page.click(path=f"/reports/judge/{told.number}").says("قبل", "بعد", says)
    both_photos(page)
    form = page.form("/judgement")
    if reason:
        form.fill(
            reason=next(code for code in form.options("reason") if code), note="الحاوية ممتلئة في صورة المبلّغ"
        )
    form.submit(outcome).says("حكمكم")


def both_photos(page: Page) -> None:
    """A photo before and one after the work, each of which opens."""
    for words in ("قبل العمل", "بعد العمل"):
        source = str(page.element(f"//img[contains(@alt, '{words}')]").get("src"))
        content = page.browser.open(source).response.headers["content-type"]
        expect(content.startswith("image/"), f"the photo {words} is {content}", page=page)


def photos_checked(checker: Person, told: Told) -> int:
    """Let every waiting photo of the report be shown; how many. What waits before them is kept from the public."""
    shown = 0
    page = checker.browser.open("/reports/photos")
    for _ in range(MOST_WAITING):
        waiting = page.all("//ul[contains(@class, 'photo-checks')]/li")
        mine = [found for found in waiting if told.number in _plain(found)]
        if not waiting:
            break
        form = (mine or waiting)[0].find(".//form")
        page = Form(page, form).submit("show" if mine else "withhold")
        shown += bool(mine)
    expect(shown == PHOTOS, f"{shown} photos of the report waited, not {PHOTOS}", page=page)
    return shown


def _plain(element: html.HtmlElement) -> str:
    return squeeze(element.text_content()).replace("-", "").replace(" ", "")


def seen_by_all(city: City, told: Told, private: Sequence[str]) -> None:
    """Its page, its photos, the list and the map for a stranger; none of them says anything of anybody."""
    stranger = Browser(city.base)
    page = stranger.open(f"/reports/seen/{told.number}").says("مغلق", "ما تم")
    both_photos(page)
    sources = [str(found.get("src")) for found in page.all("//main//img")]
    expect(len(sources) >= 3, f"the public page shows {len(sources)} photos", page=page)
    for source in sources:
        expect(
            b"Exif" not in stranger.open(source).response.content, "a public photo tells where it was taken"
        )
    listed = stranger.wait(
        f"/reports/?group={GROUP}&state=closed", lambda seen: told.number in seen.response.text,
        seconds=SHARED_SECONDS, what="the report in the list",
    )  # fmt: skip
    points = stranger.wait(
        f"/reports/points?group={GROUP}&state=closed", lambda seen: told.number in seen.response.text,
        seconds=SHARED_SECONDS, what="the report on the map",
    )  # fmt: skip
    for seen in (page, listed, points):
        shown = squeeze(seen.response.text)
        expect(not [word for word in private if word in shown], "something personal is public", page=seen)
    mine = _on_the_map(points, told)
    lng, lat = mine["geometry"]["coordinates"]
    near = abs(lat - told.spot.at[0]) < 0.001 and abs(lng - told.spot.at[1]) < 0.001
    expect(near, f"the map shows it at {lat}, {lng}", page=points)


def _on_the_map(points: Page, told: Told) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(points.response.text)["features"]
    mine = [each for each in found if each["properties"]["number"] == told.number]
    expect(len(mine) == 1 and not mine[0]["properties"]["open"], f"the map has it as {mine}", page=points)
    return mine[0]
