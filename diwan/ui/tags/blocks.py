"""Block tags: alert, empty state, todo, lamp, panel, error summary, table frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diwan.ui.tags.values import icon

register = template.Library()

_ALERT_ICONS = {
    "info": "info-circle-fill",
    "success": "check-circle-fill",
    "warning": "exclamation-triangle-fill",
    "error": "exclamation-circle-fill",
}
_LAMP_ICONS = {
    "accept": "check-circle-fill",
    "return": "arrow-return-left",
    "approval": "person-check",
    "block": "x-circle-fill",
}


def alert_words() -> dict[str, str]:
    """What a screen reader says before an alert."""
    return {"info": _("Note:"), "success": _("Done:"), "warning": _("Attention:"), "error": _("Error:")}


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: str = "", role: str = "") -> SafeString:
    """`{% alert "warning" title="..." %}<p>...</p>{% endalert %}`; role "alert" or "status" for what appears later."""
    heading = format_html('<p class="alert-title">{}</p>', title) if title else SafeString()
    return format_html(
        '<div class="alert alert-{}"{}>{}<div class="alert-body">'
        '<span class="visually-hidden">{} </span>{}{}</div></div>',
        kind,
        format_html(' role="{}"', role) if role else "",
        icon(_ALERT_ICONS.get(kind, "info-circle-fill")),
        alert_words().get(kind, ""),
        heading,
        content,
    )


@register.simple_block_tag
def empty(content: str, title: str, icon_name: str = "inbox") -> SafeString:
    """`{% empty "Nothing here" icon_name="inbox" %}the next step{% endempty %}`: emptiness that says what to do."""
    return format_html('<div class="empty">{}<h2 class="h3">{}</h2>{}</div>', icon(icon_name), title, content)


@register.simple_block_tag
def todo_now(content: str, title: str) -> SafeString:
    """`{% todo_now "Pay the bill" %}...{% endtodo_now %}`: the only coloured block of an owner's case page."""
    return format_html('<section class="todo-now"><h2>{}</h2>{}</section>', title, content)


@register.simple_block_tag
def lamp(content: str, kind: str, title: str) -> SafeString:
    """`{% lamp "accept" "Will be accepted" %}<ul>rules</ul>{% endlamp %}`; kinds accept, return, approval, block."""
    return format_html(
        '<section class="lamp lamp-{}"><h2 class="h3 with-icon">{}<span>{}</span></h2>{}</section>',
        kind,
        icon(_LAMP_ICONS.get(kind, "info-circle-fill")),
        title,
        content,
    )


@register.simple_block_tag
def panel(content: str, title: str = "", level: int = 2) -> SafeString:
    """`{% panel "Applicant" %}...{% endpanel %}`."""
    heading = format_html("<h{0}>{1}</h{0}>", level, title) if title else SafeString()
    return format_html('<section class="panel">{}{}</section>', heading, content)


@register.simple_block_tag
def table_frame(content: str, label: str) -> SafeString:
    """`{% table_frame "Fees" %}<table class="table">...{% endtable_frame %}`: wide tables scroll in it."""
    return format_html(
        '<div class="table-frame" role="region" aria-label="{}" tabindex="0">{}</div>', label, content
    )


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(errors: Sequence[Any], title: str = "") -> dict[str, Any]:
    """`{% error_summary errors %}`: pairs (id of the control or "", message); nothing when empty. Focus moves to it."""
    return {"errors": [_pair(error) for error in errors], "title": title}


def _pair(error: Any) -> tuple[str, str]:
    if isinstance(error, dict):
        return str(error.get("id", "")), str(error["message"])
    if isinstance(error, str):
        return "", error
    return str(error[0]), str(error[1])
