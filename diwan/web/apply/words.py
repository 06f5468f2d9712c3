"""Words that several pages of an application share, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diwan.cases.models import Draft
from diwan.catalogue.queries import lookup_row
from diwan.forms.plan import in_language
from diwan.kit import clock
from diwan.kit.dates import Part


def lookup_name(lookup: str, code: str, language: str) -> str:
    """The name of a row of a lookup today, the code itself when there is none."""
    row = lookup_row(lookup, code, clock.today())
    return code if row is None else in_language(row.name, language)


def reason_text(code: str, language: str) -> str:
    """A reason in words."""
    return lookup_name("reasons", code, language)


def article_text(code: str | None, language: str) -> tuple[str, str]:
    """Title and text of an article, both empty without one."""
    row = lookup_row("articles", code, clock.today()) if code else None
    if row is None:
        return "", ""
    text = row.data.get("text") or {}
    return in_language(row.name, language), str(text.get(language, "") if isinstance(text, dict) else text)


def parts_html(parts: Iterable[Part]) -> SafeString:
    """Parts of a text as HTML, left-to-right runs isolated."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<bdi dir="ltr">{}</bdi>', part.text),) if part.ltr else (part.text,)
            for part in parts
        ),
    )


def changes_told(draft: Draft, language: str) -> list[tuple[str, str]]:
    """What changed since the draft was begun on an earlier form: (kind of change, labels); empty when nothing did."""
    told = draft.carried or {}
    titles = {"fresh": _("New"), "changed": _("Asked otherwise now"), "gone": _("No longer asked")}
    comma = "، " if language == "ar" else ", "
    return [
        (title, comma.join(label.get(language) or label["ar"] for label in told[name]))
        for name, title in titles.items()
        if told.get(name)
    ]
