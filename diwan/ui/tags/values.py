"""Values as people read them: numbers, money, dates in both calendars, icons, tags with icon and word."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diwan.kit import dates
from diwan.kit.clock import local
from diwan.kit.dates import Language, Part
from diwan.kit.digits import to_arabic_indic
from diwan.kit.hijri import to_hijri
from diwan.kit.money import Halalas, plain_amount
from diwan.kit.sizes import size_parts

register = template.Library()

#: Icons that point somewhere are turned round in a right-to-left page; the rest never are.
_POINTING = (
    "arrow-left",
    "arrow-right",
    "arrow-return",
    "chevron-left",
    "chevron-right",
    "box-arrow-",
    "sign-turn",
    "reply",
)
_TAG_ICONS = {
    "success": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "error": "x-circle-fill",
    "info": "info-circle-fill",
    "plain": "clock",
}


def language() -> Language:
    """The page's language as the kit names it; a language without own words reads as English."""
    return "ar" if (get_language() or settings.LANGUAGE_CODE).startswith("ar") else "en"


def shown_digits(context: Context, text: str) -> str:
    """Digits as the reader chose them (preference `digits`)."""
    page = context.get("ui")
    return to_arabic_indic(text) if page is not None and page.digits == "arab" else text


def parts_html(context: Context, parts: Iterable[Part]) -> SafeString:
    """Parts of a text; left-to-right pieces isolated in <bdi>."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<bdi dir="ltr">{}</bdi>', shown_digits(context, part.text)),)
            if part.ltr
            else (shown_digits(context, part.text),)
            for part in parts
        ),
    )


@register.simple_tag(takes_context=True)
def file_size(context: Context, size: int) -> str:
    """`{% file_size upload.size %}`: bytes as kilobytes or megabytes, in words of the page's language."""
    number, unit = size_parts(size)
    words = _("{n} kB") if unit == "kB" else _("{n} MB")
    return words.format(n=shown_digits(context, number))


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """`{% icon "check-lg" %}`: decorative; with `label` it is read aloud. Pointing icons mirror in Arabic."""
    classes = "icon" + (" icon-points" if name.startswith(_POINTING) else "") + (f" {css}" if css else "")
    where = f"{static('ui/build/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, where
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, where
    )


@register.simple_tag
def tag(word: str, kind: str = "plain", icon_name: str = "") -> SafeString:
    """`{% tag "Late" "error" %}`: a badge of a meaning (success, warning, error, info, plain), always icon and word."""
    css = f"tag tag-{kind}"
    return format_html(
        '<span class="{}">{}<span>{}</span></span>',
        css,
        icon(icon_name or _TAG_ICONS.get(kind, "clock")),
        word,
    )


@register.simple_tag(takes_context=True)
def num(context: Context, value: Any, wrap: bool = False) -> SafeString:
    """`{% num value %}`: a number or identifier, isolated left to right. Whole numbers get thousands separators."""
    if value is None or value == "":
        return SafeString()
    text = f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    return format_html(
        '<bdi dir="ltr" class="{}">{}</bdi>',
        _classes(context, text, "num-wrap" if wrap else ""),
        shown_digits(context, text),
    )


def _classes(context: Context, text: str, css: str) -> str:
    """Classes of a number, with the one that keeps groups of digits in their order: Arabic-Indic ones change places
    around "-" and spaces even from left to right (rule N1 of the Unicode bidirectional algorithm). The letters of an
    identifier are left alone."""
    forced = shown_digits(context, text) != text and not any(char.isalpha() for char in text)
    return " ".join(name for name in ("num", css, "num-forced" if forced else "") if name)


@register.simple_tag(takes_context=True)
def spoken_number(context: Context, value: Any, css: str = "") -> SafeString:
    """`{% spoken_number "26 0000 0015" %}`: shown as it is, read digit by digit by a screen reader."""
    text = str(value)
    spoken = " ".join(char for char in text if not char.isspace() and char not in "-/")
    return format_html(
        '<bdi dir="ltr" class="{}" aria-hidden="true">{}</bdi><span class="visually-hidden">{}</span>',
        _classes(context, text, css),
        shown_digits(context, text),
        spoken,
    )


@register.simple_tag(takes_context=True)
def money(context: Context, halalas: int | None, zero: str = "") -> SafeString:
    """`{% money halalas %}`: an amount with the riyal word; `zero` is shown for 0 when given (for example "free")."""
    if halalas is None:
        return SafeString()
    if halalas == 0 and zero:
        return SafeString(conditional_escape(zero))
    return format_html(
        '<span class="amount"><bdi dir="ltr" class="num">{}</bdi>&nbsp;{}</span>',
        shown_digits(context, plain_amount(Halalas(halalas))),
        _("riyals"),
    )


@register.simple_tag(takes_context=True)
def both_dates(context: Context, day: date | datetime | None, weekday: bool = True) -> SafeString:
    """`{% both_dates day %}`: `الأحد 1448/06/19هـ (29 نوفمبر 2026م)`; in English the Gregorian date comes first."""
    if day is None:
        return SafeString()
    when = local(day).date() if isinstance(day, datetime) else day
    lang = language()
    hijri = to_hijri(when)
    words = dates.in_words(when, lang, weekday=False)
    head = [Part(dates.weekday_name(when, lang) + " ")] if weekday else []
    if hijri is None:
        parts = [*head, *words]
    elif lang == "ar":
        parts = [*head, Part(str(hijri), ltr=True), Part("هـ ("), *words, Part(")")]
    else:
        parts = [
            *head,
            *words,
            Part(" ("),
            *dates.in_words(when, lang, calendar="hijri", weekday=False),
            Part(")"),
        ]
    return _time(context, when.isoformat(), parts)


@register.simple_tag(takes_context=True)
def g_date(context: Context, day: date | datetime | None, weekday: bool = False) -> SafeString:
    """`{% g_date day %}`: `29 نوفمبر 2026م`."""
    if day is None:
        return SafeString()
    when = local(day).date() if isinstance(day, datetime) else day
    return _time(context, when.isoformat(), dates.in_words(when, language(), weekday=weekday))


@register.simple_tag(takes_context=True)
def h_date(context: Context, day: date | datetime | None, weekday: bool = False) -> SafeString:
    """`{% h_date day %}`: `19 جمادى الآخرة 1448هـ`."""
    if day is None:
        return SafeString()
    when = local(day).date() if isinstance(day, datetime) else day
    return _time(
        context, when.isoformat(), dates.in_words(when, language(), calendar="hijri", weekday=weekday)
    )


@register.simple_tag(takes_context=True)
def date_time(context: Context, moment: datetime | None) -> SafeString:
    """`{% date_time moment %}`: date and wall time in Riyadh with the part of the day."""
    if moment is None:
        return SafeString()
    return _time(context, moment.isoformat(timespec="minutes"), dates.moment_in_words(moment, language()))


@register.simple_tag(takes_context=True)
def time_of_day(context: Context, moment: datetime | None) -> SafeString:
    """`{% time_of_day moment %}`: `10:42 صباحا`."""
    if moment is None:
        return SafeString()
    return _time(context, moment.isoformat(timespec="minutes"), dates.time_in_words(moment, language()))


@register.simple_tag(takes_context=True)
def moment_both(context: Context, moment: datetime | None) -> SafeString:
    """`{% moment_both moment %}`: both calendars and the time, as a history line reads."""
    if moment is None:
        return SafeString()
    return format_html("{} {}", both_dates(context, moment), time_of_day(context, moment))


def _time(context: Context, machine: str, parts: Iterable[Part]) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', machine, parts_html(context, parts))
