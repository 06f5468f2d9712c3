"""Filling in an application in a browser, page by page, with the answers that the journeys use."""

from __future__ import annotations

from datetime import date
from typing import Any

from playwright.sync_api import FilePayload

from tests.journeys.applying import MOST_PAGES, Answers, Found
from tests.journeys.browser import Content
from tests.walks.stage import Actor

NEXT = "main form button[name=do][value=next]:not(.visually-hidden)"


def begin(actor: Actor, slug: str, *, name: str) -> Actor:
    """From the card of the service to the first page of a draft for the establishment of that name."""
    actor.open(f"/services/{slug}").page.click(f"a[href='/apply/start/{slug}']")
    actor.page.locator("label.choice", has_text=name).locator("input[name=capacity]").check()
    with actor.page.expect_navigation():
        actor.page.click("main form:has(input[name=capacity]) button.btn-primary")
    return actor


def key_of(actor: Actor) -> str:
    """The key of the page of the application that is open."""
    return actor.path().partition("?")[0].rsplit("/", 1)[-1]


def fill(actor: Actor, answers: Answers, *, stop_before: str = "") -> Actor:
    """Answer page after page until the review, or until the page with the key `stop_before`."""
    for _ in range(MOST_PAGES):
        if key_of(actor) in ("review", stop_before):
            return actor
        answer(actor, answers)
        go_on(actor)
    raise AssertionError(f"the pages of the application do not end: {actor.page.url}")


def go_on(actor: Actor) -> Actor:
    """Press "Continue"; the page has to be accepted."""
    before = key_of(actor)
    actor.page.click(NEXT)
    actor.until(
        lambda: key_of(actor) != before or actor.page.locator("[data-error-summary]").count(), "an answer"
    )
    actor.page.wait_for_load_state("load")
    assert key_of(actor) != before, f"the page {before} is not accepted: {actor.text('[data-error-summary]')}"
    return actor


def answer(actor: Actor, answers: Answers) -> Actor:
    """Answer what the page asks, and what it asks then; attach the papers it has a slot for."""
    known: set[str] = set()
    while asked := [name for name in _asked(actor) if name not in known]:
        for name in asked:
            known.add(name)
            if name in answers.fields and actor.page.locator(f"[name='asked-{name}']").count():
                _type(actor, name, answers.fields[name])
        actor.page.wait_for_timeout(400)
    for slot, files in answers.papers.items():
        if actor.page.locator(f"input[type=file][name={slot}]").count():
            attach(actor, slot, *files)
    return actor


def attach(actor: Actor, slot: str, *files: Content, wait: bool = True) -> Actor:
    """Choose files for a slot, and wait until they are at the server."""
    chosen = [FilePayload(name=name, mimeType=kind, buffer=content) for name, content, kind in files]
    box = actor.page.locator("[data-upload]", has=actor.page.locator(f"input[name={slot}]"))
    before = box.locator("[data-files] li a").count()
    box.locator("input[type=file]").set_input_files(chosen)
    if wait:
        actor.until(
            lambda: box.locator("[data-files] li a").count() == before + len(files), f"{slot} uploaded"
        )
    return actor


def _asked(actor: Actor) -> list[str]:
    names: list[str] = actor.page.eval_on_selector_all(
        "[name^=asked-]", "all => all.map(e => e.name.slice(6))"
    )
    return names


def _type(actor: Actor, name: str, value: Any) -> None:
    page = actor.page
    if isinstance(value, Found):
        _find(actor, name, value)
    elif isinstance(value, date):
        page.check(f"[name={name}-calendar][value=gregorian]") if page.locator(
            f"[name={name}-calendar][type=radio]"
        ).count() else page.select_option(f"[name={name}-calendar]", "gregorian")
        for part, number in (("day", value.day), ("month", value.month), ("year", value.year)):
            page.fill(f"[name={name}-{part}]", str(number))
    elif isinstance(value, bool):
        page.set_checked(f"[name={name}]", value)
    else:
        _text(actor, name, str(value))


def _text(actor: Actor, name: str, value: str) -> None:
    controls = actor.page.locator(f"[name={name}]")
    kind = controls.first.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
    if kind in ("radio", "checkbox"):
        actor.page.check(f"[name={name}][value='{value}']")
    elif kind == "select":
        controls.select_option(value)
    else:
        controls.fill(value)


def _find(actor: Actor, name: str, wanted: Found) -> None:
    """Type into the search and choose among what it finds while one types."""
    actor.page.fill(f"[name={name}-find]", wanted.words)
    found = actor.page.locator(f"[name={name}-pick]").or_(
        actor.page.locator(f"input[name={name}]:not([type=hidden])")
    )
    if wanted.code:
        found = actor.page.locator(f"input[name={name}][value='{wanted.code}']")
    found.first.wait_for()
    found.first.check()
