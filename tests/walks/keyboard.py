"""A keyboard with the Arabic layout, and what a person sees of the focus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.walks.stage import Actor

#: What the physical keys give under the Arabic layout.
ARABIC: Final = {
    "KeyA": "ش", "KeyC": "ؤ", "KeyG": "ل", "KeyJ": "ت", "KeyK": "ن", "KeyM": "ة", "KeyN": "ى", "KeyO": "خ",
    "KeyU": "ع", "KeyX": "ء", "KeyZ": "ئ", "Slash": "ظ", "Shift+Slash": "؟",
}  # fmt: skip
_SHIFT: Final = 8


@dataclass
class Keyboard:
    """The only thing that is touched: no mouse."""

    actor: Actor

    def __post_init__(self) -> None:
        self._wire = self.actor.context.new_cdp_session(self.actor.page)

    def key(self, code: str) -> None:
        """A letter key under the Arabic layout: the browser hears its place and its Arabic sign."""
        place = code.rpartition("+")[2]
        sign = ARABIC[code]
        number = 191 if place == "Slash" else ord(place[-1])
        event: dict[str, Any] = {
            "code": place, "key": sign, "windowsVirtualKeyCode": number, "modifiers": _SHIFT if "+" in code else 0,
        }  # fmt: skip
        self._wire.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": sign, **event})
        self._wire.send("Input.dispatchKeyEvent", {"type": "keyUp", **event})
        self.actor.page.wait_for_timeout(150)

    def press(self, key: str) -> None:
        """A key that is the same under every layout: Tab, Enter, Escape."""
        self.actor.page.keyboard.press(key)
        self.actor.page.wait_for_timeout(100)

    def leads(self, key: str) -> None:
        """Press a key that opens another page."""
        before = self.actor.page.evaluate("performance.timeOrigin")
        self.key(key) if key in ARABIC else self.press(key)
        self.actor.until(lambda: self._is_new(before), f"{key} opens no page")
        self.actor.page.wait_for_load_state("load")

    def _is_new(self, before: float) -> bool:
        try:
            return bool(self.actor.page.evaluate("performance.timeOrigin") != before)
        except Exception:  # the page is just being changed
            return False

    def write(self, words: str) -> None:
        """Type a text where the focus is."""
        self.actor.page.keyboard.insert_text(words)

    def tab_to(self, selector: str, *, most: int = 60) -> None:
        """Press Tab until the focus is there; at every stop it has to be seen."""
        for _ in range(most):
            if self.actor.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.press("Tab")
            self.seen()
        raise AssertionError(f"Tab does not reach {selector}")

    def seen(self) -> None:
        """Fail unless the focus is on something, within the window, and drawn around."""
        told = self.actor.page.evaluate(_FOCUS)
        assert told["name"] not in ("BODY", "HTML"), f"the focus is nowhere at {self.actor.path()}"
        assert told["drawn"], f"the focus is not to be seen: {told}"
        assert told["within"], f"the focus is outside of the window: {told}"


_FOCUS: Final = """() => {
  const e = document.activeElement
  const drawn = one => { const s = one && getComputedStyle(one)
    return !!s && s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 }
  const box = e.getBoundingClientRect()
  const label = e.id && document.querySelector(`label[for="${CSS.escape(e.id)}"]`)
  return {name: e.tagName, html: e.outerHTML.slice(0, 160),
    drawn: drawn(e) || drawn(label) || drawn(e.closest("label")),
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth}
}"""
