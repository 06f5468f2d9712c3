"""Telling a report in a browser: words, type, photo, place, and the code that proves the number."""

from __future__ import annotations

import io
import os

from PIL import Image
from playwright.sync_api import FilePayload

from tests.walks.stage import Actor, Stage


def big_photo(megabytes: int) -> FilePayload:
    """A photo of at least that size, as telephones take them: no two neighbouring points alike."""
    wide, high = 2880, 2160
    content = io.BytesIO()
    Image.frombytes("RGB", (wide, high), os.urandom(wide * high * 3)).save(content, "JPEG", quality=97)
    assert len(content.getvalue()) > megabytes * 1_000_000, f"only {len(content.getvalue())} bytes"
    return FilePayload(name="IMG_2024.jpg", mimeType="image/jpeg", buffer=content.getvalue())


def photo(shade: int) -> FilePayload:
    """A plain photo that does not tell where it was taken."""
    content = io.BytesIO()
    Image.new("RGB", (1200, 900), (shade, 140, 90)).save(content, "JPEG")
    return FilePayload(name=f"{shade}.jpg", mimeType="image/jpeg", buffer=content.getvalue())


def begin(actor: Actor, words: str) -> Actor:
    """Type what it is; the types stand below while one types."""
    actor.open("/reports/new").page.type("#report-words", words)
    actor.until(actor.page.locator("#found button[name=type]").count, f"types for {words}")
    return actor


def choose(actor: Actor) -> Actor:
    """Press the first of the types."""
    with actor.page.expect_navigation():
        actor.page.locator("#found button[name=type]").first.click()
    return actor


def find_street(actor: Actor, words: str) -> tuple[float, float]:
    """Type a street or landmark and choose the first that is found; where it is."""
    actor.page.fill("[name=place-find]", words)
    first = actor.page.locator("[name=place-pick]").first
    first.wait_for()
    first.check()
    lat, lng = str(first.get_attribute("value")).split(",")[:2]
    return float(lat), float(lng)


def attach(actor: Actor, slot: str, photo: FilePayload) -> Actor:
    """Choose a photo and wait until it is at the server."""
    box = actor.page.locator("[data-upload]", has=actor.page.locator(f"input[type=file][name={slot}]"))
    box.locator("input[type=file]").set_input_files([photo])
    actor.until(lambda: box.locator("[data-files] li a").count() == 1, f"{slot} uploaded", seconds=60)
    return actor


def go_on(actor: Actor) -> Actor:
    """Press "Continue"."""
    with actor.page.expect_navigation():
        actor.page.click("#report-form button.btn-primary[value=next]")
    return actor


def prove(stage: Stage, actor: Actor, mobile: str, *, name: str = "") -> Actor:
    """Mobile number, name, and the code that comes to it; the receipt or the followed report stands then."""
    after = stage.catcher.last()
    actor.page.fill("main input[name=mobile]", mobile)
    if name:
        actor.page.fill("main input[name=name]", name)
    with actor.page.expect_navigation():
        actor.page.click("main button[name=do][value=send]:not(.visually-hidden)")
    code, _ = stage.catcher.code(after=after, to=f"+966{mobile.lstrip('0')}")
    with actor.page.expect_navigation():
        actor.page.fill("main input[name=code]", code)
        actor.page.click("main form:has(input[name=code]) button.btn-primary")
    return actor
