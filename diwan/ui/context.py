"""Context processor of every page, `diwan.ui.context.page`.

It adds two variables:

`ui` (`Page`)
    `lang` ("ar", "en"), `dir` ("rtl", "ltr"), `other_lang`, `other_lang_name`, `root_class` (classes of <html>: text
    size, contrast), `text_size` (0-2), `contrast` ("normal", "high"), `digits` ("latn", "arab"), `cookie_choice` (""
    until chosen), `css` (path of the style sheet of the direction), `next` (address to come back to), `url` (addresses
    by role, see `URL_NAMES`; a role whose name does not resolve is ""), `site_name`, `organisation`, `texts` (messages
    for the scripts), `released` (date of the platform's last change or None), `viewer` (`Viewer` or None), `nav`
    (entries of the room).
`banner`
    list of neutral texts shown above the header of every page: those of the setting `UI_BANNER` (each a text or an
    {"ar", "en"} map) and, when `DIWAN.mark_demo_data` is set, that the data is for show. Nothing else decides about it.

Who is signed in, the navigation and the organisation's name come from above: a middleware or view sets
`request.ui_frame` to a `Frame` or to a callable without parameters that makes one (called only when a page is drawn).

Settings, all optional: `UI_SITE_NAME` ({"ar", "en"} map), `UI_BANNER`, `UI_URL_NAMES` (role -> url name, stronger than
`URL_NAMES`), `UI_RELEASED` (date).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from diwan.ui.preferences import Preferences, read_preferences
from diwan.ui.texts import script_texts

#: Role of an address in the page frame -> url names tried in order; the first that resolves is used.
URL_NAMES: dict[str, tuple[str, ...]] = {
    "home": ("portal:home", "home"),
    "search": ("portal:search",),
    "services": ("portal:services",),
    "track": ("portal:track",),
    "verify": ("portal:verify", "documents:verify"),
    "my_cases": ("portal:my_cases",),
    "sign_in": ("signin:sign_in",),
    "sign_out": ("signin:sign_out",),
    "capacity": ("signin:capacity",),
    "lock": ("signin:lock",),
    "unlock": ("signin:unlock",),
    "set_language": ("signin:set_language", "ui:set_language"),
    "preferences": ("ui:preferences",),
    "feedback": ("portal:feedback",),
    "accessibility": ("portal:accessibility",),
    "privacy": ("portal:privacy",),
    "terms": ("portal:terms",),
    "contact": ("portal:contact",),
    "help": ("portal:help",),
    "numbers": ("portal:numbers",),
    "sitemap": ("portal:sitemap",),
    "desk": ("desk:home", "desk:queue"),
    "desk_search": ("desk:search",),
    "counter": ("counter:home",),
}

RTL_LANGUAGES = frozenset({"ar", "ur", "fa", "he"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in, as the header shows it. `capacity` is what the person acts as now, in the page's language."""

    name: str
    capacity: str = ""
    is_staff: bool = False
    idle_lock: bool = False
    can_switch: bool = False


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of a room's navigation; `count` is shown beside it, `heading` starts a group. `added`: by a module."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    count: int | None = None
    heading: str = ""
    added: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What the upper layers tell about a request: who reads, where they can go, whose site it is."""

    viewer: Viewer | None = None
    nav: Sequence[NavEntry] = ()
    organisation: str | Mapping[str, str] = ""


class Addresses:
    """Addresses by role, resolved when asked for; an unknown or missing one is the empty string."""

    def __getitem__(self, role: str) -> str:
        own: Mapping[str, str] = getattr(settings, "UI_URL_NAMES", {})
        names = (own[role],) if role in own else URL_NAMES.get(role, ())
        for name in names:
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
        return ""


def in_language(text: str | Mapping[str, str], lang: str) -> str:
    """Choose the page's language from an {"ar", "en"} map; a plain text is returned as it is."""
    if isinstance(text, str):
        return text
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")


@dataclass
class Page:
    """What the frame of a page needs; see the module's text for each name."""

    request: HttpRequest
    preferences: Preferences
    url: Addresses = field(default_factory=Addresses)

    @cached_property
    def lang(self) -> str:
        """Two-letter code of the active language."""
        return (get_language() or settings.LANGUAGE_CODE)[:2]

    @property
    def dir(self) -> str:
        """Writing direction of the page."""
        return "rtl" if self.lang in RTL_LANGUAGES else "ltr"

    @property
    def css(self) -> str:
        """Static path of the style sheet of this direction."""
        return f"ui/build/app.{self.dir}.css"

    @property
    def other_lang(self) -> str:
        """The language that the switch in the header offers."""
        return "en" if self.lang == "ar" else "ar"

    @property
    def other_lang_name(self) -> str:
        """Name of the offered language in that language."""
        return str(get_language_info(self.other_lang)["name_local"]).capitalize()

    @property
    def root_class(self) -> str:
        """Classes of <html> from the reader's choices."""
        return self.preferences.root_class

    @property
    def text_size(self) -> int:
        """0 normal, 1 large, 2 larger."""
        return self.preferences.text_size

    @property
    def contrast(self) -> str:
        """ "normal" or "high"."""
        return self.preferences.contrast

    @property
    def digits(self) -> str:
        """ "latn" (0-9) or "arab" (Arabic-Indic) for numbers that are shown."""
        return self.preferences.digits

    @property
    def cookie_choice(self) -> str:
        """ "", "all", "preferences" or "necessary"."""
        return self.preferences.cookies

    @property
    def next(self) -> str:
        """Where a switch of language or preference returns to: this page; after a POST the page that sent it."""
        if self.request.method == "GET":
            return self.request.get_full_path()
        sender = urlsplit(self.request.headers.get("Referer", ""))
        if sender.netloc != self.request.get_host():
            return self.request.path
        return sender.path + (f"?{sender.query}" if sender.query else "")

    @property
    def site_name(self) -> str:
        """Name of the site in the page's language."""
        return in_language(getattr(settings, "UI_SITE_NAME", {"ar": "ديوان", "en": "Diwan"}), self.lang)

    @cached_property
    def frame(self) -> Frame:
        """What the upper layers told about this request."""
        told: Frame | Callable[[], Frame] = getattr(self.request, "ui_frame", None) or Frame()
        return told if isinstance(told, Frame) else told()

    @property
    def organisation(self) -> str:
        """Name of the organisation that runs the site, in the page's language; empty when not told."""
        return in_language(self.frame.organisation, self.lang)

    @property
    def released(self) -> date | None:
        """Day of the platform's last change."""
        return getattr(settings, "UI_RELEASED", None)

    @property
    def viewer(self) -> Viewer | None:
        """Who is signed in."""
        return self.frame.viewer

    @property
    def nav(self) -> Sequence[NavEntry]:
        """Navigation of the room."""
        return self.frame.nav

    @property
    def texts(self) -> dict[str, str]:
        """Messages that the scripts show, in the page's language."""
        return script_texts()


def banner_texts(lang: str) -> list[str]:
    """The texts above the header of every page, in a language."""
    texts = [in_language(text, lang) for text in getattr(settings, "UI_BANNER", ())]
    if getattr(getattr(settings, "DIWAN", None), "mark_demo_data", False):
        texts.append(
            _("Demo data: nothing on this site is real, and nothing that is sent here has an effect.")
        )
    return texts


def page(request: HttpRequest) -> dict[str, Any]:
    """Add `ui` and `banner` to the context of a template."""
    made = Page(request=request, preferences=read_preferences(request.COOKIES))
    return {"ui": made, "banner": banner_texts(made.lang)}
