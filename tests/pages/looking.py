"""A browser's look at a page: what axe finds, whether it scrolls sideways, what it loads, which fonts it draws."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request, Response

ROOT = Path(__file__).resolve().parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
#: 320 x 256 is a window of 1280 x 1024 at 400 % zoom.
WINDOWS = ((320, 256), (320, 640), (390, 740), (1280, 800))
MOST_BYTES = 300_000
#: The name under which our cuts of IBM Plex are declared; `fonts_drawn` asks what is inside them.
FAMILY = "Diwan Plex"
_TEXT = ("text/", "javascript", "json", "svg", "xml")


@dataclass
class Weights:
    """What a first visitor loads for each address, compressed as a server in front of us would."""

    known: dict[str, int] = field(default_factory=dict)

    def note(self, response: Response) -> None:
        """Remember the weight of an answer that came over the line."""
        if response.url in self.known or response.status >= 300:
            return
        body = response.body()
        kind = response.headers.get("content-type", "")
        self.known[response.url] = len(gzip.compress(body, 6)) if any(t in kind for t in _TEXT) else len(body)

    def of(self, page: Page) -> int:
        """The page with everything that it has loaded."""
        loaded: list[str] = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
        addresses = {page.url.partition("#")[0], *loaded}
        return sum(self.known.get(address, 0) for address in addresses)


class Look:
    """One page, opened in the one tab of its context; `faults` collects what is wrong with it.

    A tab of its own would be a window of its own, which costs the browser more than any of our pages.
    """

    def __init__(self, context: BrowserContext, base: str, weights: Weights) -> None:
        self.page = context.pages[0] if context.pages else context.new_page()
        self.faults: list[str] = []
        self._base, self._weights = base, weights
        self._answers: list[Response] = []
        self._under_way: set[Request] = set()
        self._heard: dict[Any, Callable[[Any], None]] = {
            "pageerror": lambda error: self.faults.append(f"script: {error}"),
            "console": lambda said: self._console(said.type, said.text),
            "request": lambda request: self._requested(request),
            "response": lambda response: self._answers.append(response),
            "requestfinished": lambda request: self._under_way.discard(request),
            "requestfailed": lambda request: self._under_way.discard(request),
        }
        for name, hear in self._heard.items():
            self.page.on(name, hear)

    def open(self, path: str, status: int) -> None:
        """Go there and wait until nothing more is loaded and its fonts are there."""
        answer = self.page.goto(self._base + path, wait_until="load")
        self._settle()
        if answer is None or answer.status != status:
            self.faults.append(f"answered {answer.status if answer else 'nothing'} instead of {status}")
        if answer is not None and answer.request.redirected_from is not None:
            self.faults.append(f"led on to {answer.url}")
        for response in self._answers:
            self._weights.note(response)

    def examine(
        self, language: str, *, home: tuple[int, int], barriers: bool = True, most: int = MOST_BYTES
    ) -> None:
        """Everything that is asked of every page; `barriers` (what axe finds) takes half of the time."""
        page = self.page
        told = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
        if told != [language, "rtl" if language == "ar" else "ltr"]:
            self.faults.append(f"language and direction are {told}")
        self._fonts()
        weight = self._weights.of(page)
        if weight > most:
            self.faults.append(f"{weight} bytes are loaded")
        for width, height in WINDOWS:
            page.set_viewport_size({"width": width, "height": height})
            wider = page.evaluate(SIDEWAYS)
            if wider:
                self.faults.append(f"scrolls sideways at {width}: {wider}")
        page.set_viewport_size({"width": home[0], "height": home[1]})
        if barriers:
            self.faults += axe(page)

    def close(self) -> None:
        """Done with the page: the tab is as empty as a new one."""
        self.page.evaluate("sessionStorage.clear()")
        for name, hear in self._heard.items():
            self.page.remove_listener(name, hear)
        self.page.goto("about:blank")

    def _settle(self) -> None:
        """Wait until nothing was asked for during a tenth of a second; `networkidle` waits for half a second."""
        until, quiet_since = time.monotonic() + 20, time.monotonic()
        while time.monotonic() < until and time.monotonic() - quiet_since < 0.1:
            self.page.wait_for_timeout(25)
            if self._under_way:
                quiet_since = time.monotonic()
        self.page.evaluate("document.fonts.ready.then(() => true)")

    def _console(self, kind: str, text: str) -> None:
        # The browser also notes the status of a page that is refused on purpose.
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(f"console: {text}")

    def _requested(self, request: Request) -> None:
        self._under_way.add(request)
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self._base:
            self.faults.append(f"asked {request.url}")

    def _fonts(self) -> None:
        named = self.page.evaluate(_FAMILIES)
        foreign = [family for family in named if not family.startswith(f'"{FAMILY}"')]
        if foreign:
            self.faults.append(f"other fonts: {foreign}")
        loaded: list[str] = self.page.evaluate(
            "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
        )
        if {family.strip('"') for family in loaded} != {FAMILY}:
            self.faults.append(f"fonts loaded: {loaded}")


def axe(page: Page) -> list[str]:
    """What axe finds serious or critical: rule and the first places. What would be less is not looked for."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(_GRAVE_ONES, [TAGS, GRAVE])
    return [
        f"axe {one['id']} ({one['impact']}): {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def fonts_drawn(page: Page, selector: str) -> set[str]:
    """Families inside the files of the fonts that draw the texts under an element, as the inspector says."""
    inspector = page.context.new_cdp_session(page)
    inspector.send("DOM.enable")
    inspector.send("CSS.enable")
    root = inspector.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = inspector.send(
        "DOM.querySelectorAll", {"nodeId": root, "selector": f"{selector} :is(h1, h2, p, a, li)"}
    )
    names: set[str] = set()
    for node in found["nodeIds"][:60]:
        fonts = inspector.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        names |= {font["familyName"] for font in fonts}
    inspector.detach()
    return names


#: A rule says how grave what it finds is; one that does not is asked, and judged by what it finds.
_GRAVE_ONES = """async ([tags, grave]) => {
  const impact = Object.fromEntries(axe._audit.rules.map(rule => [rule.id, rule.impact]))
  const trusted = rule => !rule.tags.includes('experimental') && !rule.tags.includes('deprecated')
  const asked = axe.getRules(tags).filter(trusted).map(rule => rule.ruleId)
    .filter(id => !impact[id] || grave.includes(impact[id]))
  const said = await axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'rule', values: asked}})
  return said.violations
}"""
SIDEWAYS = """() => {
  const over = document.documentElement.scrollWidth - window.innerWidth
  if (over <= 0) return ''
  const wide = [...document.body.querySelectorAll('*')].filter(e => {
    const box = e.getBoundingClientRect()
    return box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1)
  })
  return `${over}px ` + wide.slice(-3).map(e => e.outerHTML.slice(0, 120)).join(' | ')
}"""
_FAMILIES = """() => [...new Set([...document.body.querySelectorAll('*')]
  .filter(e => e.childNodes.length && !e.closest('svg, script, code, kbd, pre, [hidden]'))
  .map(e => getComputedStyle(e).fontFamily))]"""
