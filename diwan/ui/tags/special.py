"""Controls of a kind of their own: dates in two calendars, codes, copies, files, pins. Parameters as in `controls`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from diwan.kit.hijri import to_hijri
from diwan.ui.tags.controls import control_id, describing, framed

register = template.Library()


def date_parts(value: date | Mapping[str, Any] | None, calendar: str) -> dict[str, str]:
    """The typed parts of a date field, from what was posted or from a stored day shown in `calendar`."""
    if isinstance(value, Mapping):
        return {part: str(value.get(part, "") or "") for part in ("day", "month", "year")} | {
            "calendar": str(value.get("calendar") or calendar)
        }
    if value is None:
        return {"day": "", "month": "", "year": "", "calendar": calendar}
    hijri = to_hijri(value) if calendar == "hijri" else None
    if hijri is not None:
        return {
            "day": str(hijri.day),
            "month": str(hijri.month),
            "year": str(hijri.year),
            "calendar": "hijri",
        }
    return {
        "day": str(value.day),
        "month": str(value.month),
        "year": str(value.year),
        "calendar": "gregorian",
    }


@register.simple_tag
def date_field(
    name: str, label: str, value: Any = None, calendar: str = "hijri", **options: Any
) -> SafeString:
    """`{% date_field "deed_date" "Date of the deed" value=v calendar="hijri" %}`: three boxes, switch of calendars.

    Posts `<name>-day`, `<name>-month`, `<name>-year` and `<name>-calendar` ("hijri" or "gregorian"), for
    `kit.hijri.parse_date_parts`. `value` is a date or the mapping of what was typed.
    """
    identity = control_id(name, options.get("id", ""))
    described_by = describing(identity, options)
    context = {"id": identity, "name": name, "described": described_by, **date_parts(value, calendar)}
    return framed(
        name, label, options, render_to_string("ui/components/date_boxes.html", context), group=True
    )


@register.simple_tag
def otp_field(
    name: str = "code", label: str = "", error: str = "", resend_url: str = "", wait: int = 60
) -> SafeString:
    """`{% otp_field resend_url=u wait=60 %}`: one field for the code, with a timer before another can be sent.

    The resend button posts to `resend_url` by `formaction`, so it must stand inside a form with a csrf token.
    """
    identity = control_id(name)
    context = {
        "id": identity,
        "name": name,
        "label": label,
        "error": error,
        "resend_url": resend_url,
        "wait": wait,
    }
    context["described"] = describing(identity, {"help": True, "error": error})
    return SafeString(render_to_string("ui/components/otp.html", context))


@register.simple_tag
def default_submit(name: str = "", value: str = "") -> SafeString:
    """`{% default_submit %}` as the first thing in a form that has several buttons: what Enter in a field presses.

    Without it a browser presses the first button of the form, which may remove a file or look something up.
    """
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true"{}></button>', named
    )


@register.simple_tag
def copyable(value: str, label: str, spoken: bool = True) -> SafeString:
    """`{% copyable bill_number "Copy the bill number" %}`: a number with a copy button."""
    return SafeString(
        render_to_string("ui/components/copyable.html", {"value": value, "label": label, "spoken": spoken})
    )


@register.simple_tag
def file_slot(
    name: str, title: str, upload_url: str = "", files: Sequence[Any] = (), **options: Any
) -> SafeString:
    """`{% file_slot "lease" "Lease contract" upload_url=u files=list accept=".pdf,image/*" help=h error=e %}`.

    `files`: mappings with `name`, `size` (shown text), `url`, `remove_url`, `id`. Further: required, multiple, camera
    (True opens the camera), limit (bytes). With JavaScript each file goes to `upload_url` at once; without, the file
    input is posted with the form under `name`.
    """
    identity = control_id(name, options.pop("id", ""))
    context = {
        "id": identity,
        "name": name,
        "title": title,
        "upload_url": upload_url,
        "files": files,
        "required": True,
    }
    context |= {"accept": ".pdf,image/*", "limit": 20_000_000, **options}
    context["described"] = describing(identity, options)
    return SafeString(render_to_string("ui/components/file_slot.html", context))


@register.simple_tag
def pin_field(name: str, label: str, lat: Any = "", lon: Any = "", **options: Any) -> SafeString:
    """`{% pin_field "place" "Place" lat=.. lon=.. districts_url=u streets_url=u %}`: a pin on a map drawn from GeoJSON.

    Posts `<name>-lat` and `<name>-lon` (degrees, WGS84). Load the map with `{% island "map" %}` in block `head`.
    Further: help, error, note, locate (GPS button, default True), center ("lat,lon"), zoom.
    """
    identity = control_id(name, options.get("id", ""))
    context = {
        "id": identity,
        "name": name,
        "lat": lat or "",
        "lon": lon or "",
        "locate": True,
        "zoom": 13,
        **options,
    }
    context["described"] = describing(identity, options)
    context["label"] = label
    return framed(name, label, options, render_to_string("ui/components/pin.html", context), group=True)
