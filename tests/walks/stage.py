"""The stage of a walk: people with browsers who sign in by the real pages, and pictures of what they see.

    def test_walk(stage: Stage) -> None:
        maryam = stage.actor("maryam")                      # telephone, Arabic
        maryam.open("/services").pair("services")           # docs/walks/w1-01-services-ar.jpg and -en.jpg
        maryam.sign_in(login="٢١٢٣٤٥٦٧٨٨")
        fahad = stage.actor("fahad", window=DESK)
        fahad.sign_in(next_path="/desk/")

Every picture, and every actor that is closed, fails on a script error and on a page that scrolls sideways.
"""

from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.city import ADDRESSES, ROOT, Bank, Catcher, City, Registers
from tests.pages.looking import SIDEWAYS, axe
from tools.installation import Shared

Window = tuple[int, int]
PHONE: Final[Window] = (360, 740)
DESK: Final[Window] = (1366, 768)
PATIENCE: Final = 20
WIDEST: Final = 960
QUALITY: Final = 42
LANGUAGE_COOKIE: Final = "diwan_language"
_MARKS: Final = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f"))
#: Digits of either kind are the same number: what was saved comes back in the page's own kind.
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")
#: The code last used by each employee of this run: none is accepted twice.
_used: dict[str, str] = {}


def city_of(installation: Shared) -> City:
    """The addresses of an installation, started if it does not run."""
    known = installation.addresses()
    return City(
        **{name.lower(): known[f"JOURNEY_{name}"] for name in ADDRESSES},
        people=Path(known["JOURNEY_PEOPLE"]),
        files=Path(known["JOURNEY_FILES"]),
    )


def squeeze(text: str) -> str:
    """A text as read: runs of space as one, without the marks that only steer the direction of writing."""
    return " ".join(text.translate(_MARKS).split())


class Stage:
    """One walk: the installation as a person finds it, the people's browsers, the pictures."""

    def __init__(self, walk: str, city: City, chromium: Browser) -> None:
        self.walk = walk
        self.city = city
        self.catcher = Catcher(city)
        self.bank = Bank(city)
        self.registers = Registers(city)
        self.chromium = chromium
        kept = os.environ.get("WALK_PICTURES")
        self.work = ROOT / "var" / "test" / "walks"
        self.folder = ROOT / "docs" / "walks" if kept else self.work
        for folder in (self.work, self.folder):
            folder.mkdir(parents=True, exist_ok=True)
        self._actors: list[Actor] = []
        self._count = 0

    def actor(self, name: str = "", *, language: str = "ar", window: Window = PHONE, **options: Any) -> Actor:
        """A browser for a demo person, or for anybody; `options` go to Playwright's `new_context`."""
        made = Actor(self, name, language=language, window=window, **options)
        self._actors.append(made)
        return made

    def next_number(self) -> int:
        """The number of the next picture."""
        self._count += 1
        return self._count

    def close(self) -> None:
        """Close every browser that is still open."""
        for actor in self._actors:
            actor.close()


class Actor:
    """Somebody in front of a browser. `page` is Playwright's page for whatever has no word here."""

    def __init__(self, stage: Stage, name: str, *, language: str, window: Window, **options: Any) -> None:
        self.stage = stage
        self.name = name
        self.known = stage.city.person(name) if name else {}
        self.language = language
        self.faults: list[str] = []
        self._window = window
        self._options = options
        self.context: BrowserContext
        self.page: Page
        self._begin({})

    def _begin(self, kept: Any) -> None:
        wide, high = self._window
        options: dict[str, Any] = {"viewport": {"width": wide, "height": high}, "locale": "en-GB"}
        if self._window == PHONE:
            options |= {"has_touch": True, "is_mobile": True}
        if kept:
            options["storage_state"] = kept
        self.context = self.stage.chromium.new_context(**(options | self._options))
        self.context.set_default_timeout(PATIENCE * 1000)
        if not kept:
            cookies = {LANGUAGE_COOKIE: self.language, "ui_cookies": "all"}
            base = self.stage.city.base
            self.context.add_cookies(
                [
                    {"name": key, "value": value, "url": base, "expires": time.time() + 86_400}
                    for key, value in cookies.items()
                ]
            )
        self.new_page()

    def new_page(self) -> Page:
        """Another tab, from now on the one in front."""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", lambda said: self._console(said.type, said.text))
        return self.page

    def _console(self, kind: str, text: str) -> None:
        # The browser also notes the status of a page that is refused on purpose, and a line that is down.
        if kind == "error" and "Failed to load resource" not in text:
            self.faults.append(f"console: {text}")

    def open(self, path: str) -> Self:
        """Type an address of the product, or a whole address, and wait until it stands."""
        base = "" if path.startswith("http") else self.stage.city.base
        self.page.goto(base + path, wait_until="load")
        return self

    def press(self, words: str | re.Pattern[str], *, inside: str = "body") -> Self:
        """Press the first visible button or link with these words, and wait until the page stands."""
        place = self.page.locator(inside)
        found = place.get_by_role("button", name=words).or_(place.get_by_role("link", name=words))
        found.locator("visible=true").first.click()
        self.page.wait_for_load_state("load")
        return self

    def click(self, selector: str) -> Self:
        """Click the first of these, and wait until the page stands."""
        self.until(lambda: self.page.locator(selector).count(), f"nothing to click at {selector}")
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state("load")
        return self

    def text(self, selector: str = "body") -> str:
        """What is to be read there."""
        return squeeze(self.page.locator(selector).first.inner_text())

    def sees(self, *words: str, within: str = "body") -> Self:
        """Fail unless all of it is to be read; what is still being loaded is waited for."""
        for word in words:
            self.until(lambda word=word: word in self.text(within), f"«{word}» in {within}")  # type: ignore[misc]
        return self

    def sees_not(self, *words: str, within: str = "body") -> Self:
        """Fail if any of it is to be read."""
        shown = self.text(within)
        there = [word for word in words if word in shown]
        assert not there, f"{there} at {self.page.url}: {shown[:1500]}"
        return self

    def until(
        self, held: Callable[[], object], what: str, *, seconds: float = PATIENCE, reload: bool = False
    ) -> float:
        """Wait until it holds, by looking again or by reloading the page; the seconds that took."""
        began = time.monotonic()
        while not held():
            if time.monotonic() - began > seconds:
                raise AssertionError(f"{what}: not so at {self.page.url}: {self.text()[:1500]}")
            self.page.wait_for_timeout(150)
            if reload:
                self.page.reload(wait_until="load")
        return time.monotonic() - began

    def path(self) -> str:
        """Where the browser is, without the address of the installation."""
        return self.page.url.removeprefix(self.stage.city.base)

    # Signing in

    def sign_in(self, *, login: str = "", next_path: str = "") -> Self:
        """By the real pages: residents by the code of a message, employees by password and authenticator."""
        if self.known.get("password"):
            return self._by_password(next_path)
        after = self.ask_code(login=login, next_path=next_path)
        code, _ = self.stage.catcher.code(after=after)
        return self.paste_code(code)

    def ask_code(self, *, login: str = "", next_path: str = "") -> int:
        """Ask for a code and wait until the page for it stands; the number of the last message before."""
        self.open("/sign-in/" + (f"?next={next_path}" if next_path else ""))
        deadline = time.monotonic() + 60
        while True:
            after = self.stage.catcher.last()
            self.page.fill("main input[name=login]", login or self.known["login"])
            self.page.click("main form button.btn-primary")
            self.page.wait_for_load_state("load")
            if self.page.locator("main input[name=code]").count():
                return after
            assert time.monotonic() < deadline, f"no code is sent: {self.text('main')}"
            self.page.wait_for_timeout(3000)

    def paste_code(self, code: str) -> Self:
        """Paste a code, as from the clipboard, and go on if the page does not by itself."""
        field = self.page.locator("main input[name=code]")
        field.focus()
        self.page.keyboard.insert_text(code)
        expect(field).to_have_value(code)
        self._leave_sign_in()
        return self

    def _by_password(self, next_path: str) -> Self:
        self.open("/sign-in/staff" + (f"?next={next_path}" if next_path else ""))
        self.page.fill("main input[name=username]", self.known["login"])
        self.page.fill("main input[name=password]", self.known["password"])
        self.page.click("main form button.btn-primary")
        for _ in range(2):
            self.page.fill("main input[name=code]", self.fresh_code())
            self._leave_sign_in()
            if not self.page.locator("main input[name=code]").count():
                break
        assert "/sign-in/" not in self.path(), f"{self.name} is not signed in: {self.text('main')}"
        return self

    def _leave_sign_in(self) -> None:
        with self.page.expect_navigation():
            self.page.click("main form:has(input[name=code]) button.btn-primary")

    def fresh_code(self) -> str:
        """The authenticator's code (`./run code NAME`), one that this run has not used."""
        for _ in range(45):
            code = self.stage.city.code(self.name)
            if code != _used.get(self.name):
                _used[self.name] = code
                return code
            time.sleep(1)
        raise AssertionError(f"no fresh code for {self.name}")

    # Languages and pictures

    def switch_language(self) -> Self:
        """Press the button of the other language; what was typed stays."""
        with self.page.expect_navigation():
            self.page.locator("form[data-language-switch] button").first.click()
        self.language = str(self.page.evaluate("document.documentElement.lang"))
        return self

    def shot(self, name: str, *, whole: bool = False, number: int = 0, at: str = "") -> Self:
        """A picture, one window high unless the whole page is asked for; `at` is scrolled to first."""
        self.sound()
        if at:
            self.page.locator(at).first.evaluate("e => e.scrollIntoView({block: 'start'})")
        self.page.wait_for_timeout(150)
        taken = self.page.screenshot(type="png", full_page=whole, animations="disabled")
        number = number or self.stage.next_number()
        file = self.stage.folder / f"{self.stage.walk}-{number:02}-{name}-{self.language}.jpg"
        with Image.open(io.BytesIO(taken)) as picture:
            small = picture.convert("RGB")
            if small.width > WIDEST:
                small = small.resize((WIDEST, small.height * WIDEST // small.width), Image.Resampling.LANCZOS)
            small.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        return self

    def pair(self, name: str, *, whole: bool = False, at: str = "") -> Self:
        """The picture in both languages: the language is switched, and switched back; nothing typed is lost."""
        number, typed = self.stage.next_number(), self.typed()
        self.shot(name, whole=whole, number=number, at=at)
        self.switch_language().shot(name, whole=whole, number=number, at=at).switch_language()
        lost = {key: value for key, value in typed.items() if self.typed().get(key) != value}
        assert not lost, f"lost by switching the language: {lost}"
        return self

    def typed(self) -> dict[str, str]:
        """What stands in the text fields of the page, by name."""
        found: dict[str, str] = self.page.evaluate(_TYPED)
        return {name: value.translate(_DIGITS) for name, value in found.items()}

    def sound(self) -> None:
        """Fail on a script error since the last look, and on a page that scrolls sideways."""
        wider = self.page.evaluate(SIDEWAYS)
        assert not wider, f"{self.path()} scrolls sideways: {wider}"
        assert not self.faults, f"{self.path()}: {self.faults}"

    def accessible(self) -> Self:
        """Fail on what axe finds serious or critical."""
        found = axe(self.page)
        assert not found, f"{self.path()} ({self.language}): {found}"
        return self

    def close_and_reopen(self) -> Self:
        """Close the browser and open it again: cookies that were to end with it are gone."""
        kept = self.context.storage_state()
        kept["cookies"] = [cookie for cookie in kept["cookies"] if cookie["expires"] > 0]
        self.context.close()
        self._begin(kept)
        return self

    def close(self) -> None:
        """Done; fails on script errors that no picture has shown."""
        self.context.close()
        assert not self.faults, f"{self.name or 'anybody'}: {self.faults}"


_TYPED: Final = """() => Object.fromEntries([...document.querySelectorAll('main input, main textarea')]
  .filter(e => !['hidden', 'password', 'file', 'radio', 'checkbox'].includes(e.type))
  .filter(e => e.name && e.value).map(e => [e.name, e.value]))"""
