"""The reader's choices (text size, contrast, digits, cookies), kept in small cookies and applied by the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Field -> (cookie, allowed values, the first is the default).
CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": ("ui_text", ("0", "1", "2")),
    "contrast": ("ui_contrast", ("normal", "high")),
    "digits": ("ui_digits", ("latn", "arab")),
    "cookies": ("ui_cookies", ("", "all", "preferences", "necessary")),
    "shortcuts": ("ui_shortcuts", ("on", "off")),
}

YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """Choices of one reader; unknown values of a cookie fall back to the default."""

    text_size: int = 0
    contrast: str = "normal"
    digits: str = "latn"
    cookies: str = ""
    shortcuts: str = "on"

    @property
    def root_class(self) -> str:
        """Classes of <html>."""
        names = [
            f"text-{self.text_size}" if self.text_size else "",
            "contrast-high" if self.contrast == "high" else "",
        ]
        return " ".join(name for name in names if name)

    @property
    def lifetime(self) -> int | None:
        """Seconds that a preference cookie lives: a year, or only the visit when the reader allowed no more."""
        return None if self.cookies == "necessary" else YEAR_SECONDS


def read_preferences(cookies: Mapping[str, str]) -> Preferences:
    """Read the choices from the cookies of a request."""
    chosen = {name: _allowed(name, cookies.get(cookie, "")) for name, (cookie, _) in CHOICES.items()}
    return Preferences(
        text_size=int(chosen["text"]),
        contrast=chosen["contrast"],
        digits=chosen["digits"],
        cookies=chosen["cookies"],
        shortcuts=chosen["shortcuts"],
    )


def _allowed(name: str, value: str) -> str:
    values = CHOICES[name][1]
    return value if value in values else values[0]
