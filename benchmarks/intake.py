"""A call at the agent's screen, taken by keyboard alone: key strokes, pages, and how long the page keeps one.

The browser test of the screen drives it and asserts strokes and pages; the seconds are a figure and fail nothing. A
stroke is put at 0.28 s: the keystroke-level model (Card, Moran and Newell, 1980) for an average typist who is no
secretary. Listening, speaking and thinking are not counted. Waiting is what somebody sees who types no further until
the page has answered: network, server and script together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.sync_api import Page

from benchmarks.figures import AT_MOST, Figure

SECONDS_A_STROKE: Final = 0.28
BOUND: Final = 60.0
PATIENCE: Final = 60.0
SHIFTED: Final = frozenset("أإآ؟")
"""Letters that take two keys under the Arabic layout."""


@dataclass
class Typist:
    """Hands on the keyboard of one page; no mouse, and nothing is focused but by keys."""

    page: Page
    strokes: int = 0
    waited: float = 0.0
    loads: int = 0
    waits: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("framenavigated", self._loaded)

    def _loaded(self, frame: Any) -> None:
        self.loads += frame == self.page.main_frame

    def write(self, words: str) -> None:
        """Type words, letter by letter."""
        for letter in words:
            self.page.keyboard.type(letter)
            self.strokes += 2 if letter in SHIFTED else 1

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.strokes += 1

    def wait(self, what: str, there: Callable[[], bool]) -> None:
        """Wait until the page shows it; the time counts. AssertionError when it never comes."""
        began = time.monotonic()
        while not there():
            assert time.monotonic() < began + PATIENCE, f"the page does not answer: {what}"
            self.page.wait_for_timeout(20)
        self.waits[what] = time.monotonic() - began
        self.waited += self.waits[what]

    @property
    def seconds(self) -> float:
        """Strokes at the stated speed, and the waiting."""
        return self.strokes * SECONDS_A_STROKE + self.waited


def take_call(page: Page, *, mobile: str, name: str, says: str, where: str) -> Typist:
    """From the empty screen, which waits for a call, to number and code on the next one. Raises AssertionError."""
    hands = Typist(page)
    _write_in(hands, "mobile", mobile)
    _write_in(hands, "name", name)
    _write_in(hands, "description", says, found="#meant [name=type]")
    hands.press("Enter")  # past the type that stands first
    _write_in(hands, "find", where, found="#places [name=pick]")
    hands.press("Enter")  # the first of the places
    assert page.locator("[name=pick]:checked").count() == 1, "Enter does not choose the place"
    hands.press("F9")
    hands.wait("filed", lambda: page.locator(".big-number").count() == 2)
    return hands


def _write_in(hands: Typist, name: str, words: str, *, found: str = "") -> None:
    """Type into the field that has the focus, let the page find what it finds, and go on by Enter."""
    at: str = hands.page.evaluate("document.activeElement.name || document.activeElement.tagName")
    assert at == name, f"the focus is on {at} and not on {name}"
    hands.write(words)
    if found:
        hands.wait(name, lambda: hands.page.locator(found).count() > 0)
    hands.press("Enter")


def figure(hands: Typist) -> Figure:
    """The call as a figure."""
    waits = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in hands.waits.items())
    return Figure(
        name="intake_s", value=round(hands.seconds, 1), unit="s", sense=AT_MOST, bound=BOUND,
        note=f"{hands.strokes} strokes at {SECONDS_A_STROKE} s, {hands.loads} page; waited for: {waits}",
    )  # fmt: skip
