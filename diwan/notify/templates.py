"""Message texts as data: loaded once from `texts/*.yaml`, checked, filled in when a message is sent.

`[[ ... ]]` is an optional span: it stays out when a value in it is unknown, and gives way, last first, when a short
message would need more than two parts. Every other value is required.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from diwan.notify.segments import MOST_PARTS, parts_of

TEXTS: Final = Path(__file__).parent / "texts"
LANGUAGES: Final = ("ar", "en")
CHANNELS: Final = ("sms", "email", "app")
#: Values that open a case to whoever reads them: sent, but never kept in the log of messages.
SECRETS: Final = frozenset(("secret", "url"))
MASK: Final = "•••"
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"
_SPAN = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_NAME = re.compile(r"\{(\w+)\}")
_ARABIC = re.compile("[\u0600-\u06ff]")


class TemplateError(ValueError):
    """A text file that cannot be used; the message says which template and what is wrong."""


class MissingValue(LookupError):
    """A value that the text needs is not there."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to go: a subject for mail, the text, and the text as the log may keep it."""

    subject: str
    body: str
    kept_body: str


@dataclass(frozen=True, slots=True)
class Template:
    """One template: texts by (channel, part, language); `expires` None means it is never too late."""

    code: str
    title: Mapping[str, str]
    texts: Mapping[tuple[str, str, str], str]
    reminder: bool = False
    expires: timedelta | None = None
    private: frozenset[str] = field(default_factory=frozenset)

    def has(self, channel: str) -> bool:
        """Whether there is a text for the channel. In-app messages show the text of the mail or the short one."""
        return ((channel, "body", "ar") in self.texts) or (channel == "app")

    def sample(self, language: str, known: Mapping[str, Any]) -> str:
        """The short text, else the mail's, with what is known; anything else it names is shown by its name."""
        channel = next(one for one in ("sms", "email", "app") if (one, "body", language) in self.texts)
        text = self.texts[channel, "body", language]
        return fill_text(text, {name: str(known.get(name) or f"‹{name}›") for name in _names(text)}, language)

    def render(self, *, channel: str, language: str, values: Mapping[str, Any]) -> Rendered:
        """Fill in one channel's text. Raises MissingValue for a required value that is missing or empty."""
        known = {name: str(value) for name, value in values.items() if value not in (None, "")}
        source = channel if (channel, "body", language) in self.texts else "email"
        if (source, "body", language) not in self.texts:
            source = "sms"
        body = self.texts[source, "body", language]
        fill = fill_short if channel == "sms" else fill_text
        hidden = {name: MASK if name in SECRETS | self.private else text for name, text in known.items()}
        subject = self.texts.get((source, "subject", language), self.title[language])
        return Rendered(
            subject=fill_text(subject, known, language) if channel != "sms" else "",
            body=fill(body, known, language),
            kept_body=fill(body, hidden, language),
        )


def fill_text(text: str, values: Mapping[str, str], language: str) -> str:
    """The text with its values; optional spans with unknown values, and the lines they leave empty, go."""
    shown = _SPAN.sub(lambda span: span[1] if _names(span[1]) <= values.keys() else "\0", text)
    lines = [line for line in shown.split("\n") if line.strip() != "\0"]
    return _put_in("\n".join(lines).replace("\0", ""), values, language).strip()


def fill_short(text: str, values: Mapping[str, str], language: str) -> str:
    """As `fill_text`; optional spans are dropped from the last one until the text fits `MOST_PARTS` parts."""
    shown = fill_text(text, values, language)
    while parts_of(shown) > MOST_PARTS and "[[" in text:
        start, end = text.rindex("[["), text.rindex("]]")
        text = text[:start] + text[end + 2 :]
        shown = fill_text(text, values, language)
    return shown


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _put_in(text: str, values: Mapping[str, str], language: str) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise MissingValue(name)
        return isolated(values[name], language) if name != "url" else values[name]

    return _NAME.sub(value, text)


def isolated(value: str, language: str) -> str:
    """A value whose direction differs from the text's, isolated so that dashes and slashes keep their order."""
    has_arabic = _ARABIC.search(value) is not None
    if language == "ar":
        return value if has_arabic or value.isalnum() else f"{LRI}{value}{PDI}"
    return f"{FSI}{value}{PDI}" if has_arabic else value


@cache
def templates() -> Mapping[str, Template]:
    """All templates by code."""
    found: dict[str, Template] = {}
    for file in sorted(TEXTS.glob("*.yaml")):
        for code, raw in YAML(typ="safe").load(file.read_text(encoding="utf-8")).items():
            if code in found:
                raise TemplateError(f"{file.name}: {code} is written twice")
            found[code] = read_template(code, raw, file.name)
    return found


def read_template(code: str, raw: Mapping[str, Any], place: str) -> Template:
    """One template from its YAML mapping; TemplateError for an unknown key or a language left out."""
    unknown = set(raw) - {"title", "sms", "email", "app", "reminder", "expires", "private"}
    if unknown:
        raise TemplateError(f"{place}: {code}: unknown key {', '.join(sorted(unknown))}")
    texts: dict[tuple[str, str, str], str] = {}
    for channel in CHANNELS:
        given = raw.get(channel)
        if given is None:
            continue
        parts = given if channel == "email" else {"body": given}
        for part, by_language in parts.items():
            for language in LANGUAGES:
                if not by_language.get(language):
                    raise TemplateError(f"{place}: {code}: {channel} {part} has no {language}")
                texts[channel, part, language] = str(by_language[language]).strip()
    if not texts or set(raw.get("title", {})) != set(LANGUAGES):
        raise TemplateError(f"{place}: {code}: a title in both languages and one text at least")
    minutes = str(raw.get("expires", "")).removesuffix("m")
    return Template(
        code=code,
        title=raw["title"],
        texts=texts,
        reminder=bool(raw.get("reminder", False)),
        expires=timedelta(minutes=int(minutes)) if minutes else None,
        private=frozenset(raw.get("private", ())),
    )
