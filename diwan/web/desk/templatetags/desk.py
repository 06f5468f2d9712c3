"""Small tags and filters of the desk's templates."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diwan.kit import clock
from diwan.kit.dates import Part, month_name, weekday_name
from diwan.ui.tags.values import language, num, parts_html
from diwan.web.desk.steps import reason_words

register = template.Library()


@register.filter
def item(mapping: Any, key: str) -> Any:
    """The value of a key, or "" when there is none."""
    return mapping.get(key, "") if isinstance(mapping, Mapping) else ""


@register.filter
def named(prefix: str, key: str) -> str:
    """The name of an input: `"reason."|named:"unit_no"` is `reason.unit_no`."""
    return f"{prefix}{key}"


@register.filter
def touched(inputs: Any, key: str) -> bool:
    """Whether something was typed into the remark of an answer."""
    return any(item(inputs, f"{prefix}{key}") for prefix in ("reason.", "words.", "late."))


@register.filter
def remarked(inputs: Any) -> bool:
    """Whether a remark on any answer was typed."""
    typed = inputs.items() if isinstance(inputs, Mapping) else ()
    return any(value for name, value in typed if str(name).startswith(("reason.", "words.", "late.")))


@register.simple_tag
def reason(code: str) -> str:
    """The words of a reason code."""
    return next(iter(reason_words([code], (get_language() or "ar")[:2])), code)


@register.simple_tag(takes_context=True)
def parts(context: Context, value: Sequence[Part]) -> SafeString:
    """An answer in words, runs of digits isolated."""
    return parts_html(context, value)


@register.simple_tag(takes_context=True)
def short_day(context: Context, moment: datetime | None) -> SafeString:
    """Weekday, day and month of a moment, for lists: the year is this one."""
    if moment is None:
        return SafeString()
    day, lang = clock.local(moment).date(), language()
    words = (
        Part(weekday_name(day, lang) + " "),
        Part(str(day.day), ltr=True),
        Part(f" {month_name(day.month, lang)}"),
    )
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(timespec="minutes"), parts_html(context, words)
    )


@register.simple_tag(takes_context=True)
def many(context: Context, shown: str) -> SafeString:
    """A count of a queue: `+1,000` is read aloud as "more than 1,000"."""
    if not shown.startswith("+"):
        return num(context, shown)
    return format_html('<span class="visually-hidden">{} </span>{}', _("more than"), num(context, shown))


@register.simple_tag
def bill_state(state: str) -> str:
    """A bill's state in words."""
    return {
        "open": _("Not paid yet"),
        "paid": _("Paid"),
        "expired": _("Expired"),
        "void": _("Void"),
    }.get(state, state)
