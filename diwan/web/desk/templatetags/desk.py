"""Small filters of the desk's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diwan.web.desk.presenting import reason_words

register = template.Library()


@register.filter
def item(mapping: Any, key: str) -> Any:
    """The value of a key, or None."""
    return mapping.get(key) if isinstance(mapping, Mapping) else None


@register.filter
def at(inputs: Any, code: str) -> Any:
    """The answer typed for a checklist item."""
    return inputs.get(f"item.{code}") if isinstance(inputs, Mapping) else None


@register.filter
def typed_as(inputs: Any, prefix: str) -> dict[str, Any]:
    """The inputs whose names start with the prefix, without it."""
    if not isinstance(inputs, Mapping):
        return {}
    return {name.removeprefix(prefix): value for name, value in inputs.items() if name.startswith(prefix)}


@register.simple_tag
def reason(code: str) -> str:
    """The words of a reason code."""
    return "، ".join(reason_words([code], (get_language() or "ar")[:2])) or code


@register.simple_tag
def bill_state(state: str) -> str:
    """A bill's state in words."""
    return {
        "open": _("Not paid yet"),
        "paid": _("Paid"),
        "expired": _("Expired"),
        "void": _("Void"),
    }.get(state, state)
