"""Form controls: label above, help under the label, error under the control.

Parameters have the same names everywhere: `name`, `label`, `value`, `help`, `error`, `required` (default True: the word
"optional" is written otherwise), `id` (default `id_<name>`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

INVALID: Final = SafeString(' aria-invalid="true"')


def control_id(name: str, given: str = "") -> str:
    """The id of a control: what links of the error summary point at."""
    return given or "id_" + name.replace(".", "_").replace("[", "_").replace("]", "")


def describing(control: str, options: Mapping[str, Any]) -> SafeString:
    """`aria-describedby` and `aria-invalid` of a control with these options, as attributes with a leading space."""
    ids = [f"{control}-{part}" for part in ("help", "error") if options.get(part)]
    described = format_html(' aria-describedby="{}"', " ".join(ids)) if ids else ""
    return format_html("{}{}", described, INVALID if options.get("error") else "")


@register.simple_tag
def described(name: str, **options: Any) -> SafeString:
    """`<input ...{% described name help=help error=error %}>` for a control written by hand inside `{% field %}`."""
    return describing(control_id(name, options.get("id", "")), options)


def framed(
    name: str, label: str, options: Mapping[str, Any], control: str, *, group: bool = False
) -> SafeString:
    """A control with its label, help and error; a fieldset when it is a group."""
    identity = control_id(name, options.get("id", ""))
    context = {
        "id": identity,
        "name": name,
        "label": label,
        "help": options.get("help", ""),
        "error": options.get("error", ""),
        "required": options.get("required", True),
        "note": options.get("note", ""),
        "css": options.get("css", ""),
        "group": group,
        "control": control,
    }
    return SafeString(render_to_string("ui/components/field.html", context))


@register.simple_block_tag
def field(content: str, name: str, label: str, group: bool = False, **options: Any) -> SafeString:
    """`{% field "x" "Label" help=h error=e %}<control>{% endfield %}`; `group=True` makes fieldset and legend.

    Further: required, note (under the control, for example the old value), css, id.
    """
    return framed(name, label, options, content, group=group)


@register.simple_tag
def input_field(name: str, label: str, value: Any = "", **options: Any) -> SafeString:
    """`{% input_field "trade_name" "Trade name" value=v help=h error=e %}`.

    Further: type, required, inputmode, autocomplete, maxlength, width ("2ch", "4ch", "10ch", "20ch"), autofocus,
    readonly, dir, id, css, note. `type="number"` gives a text box for digits of any script (`inputmode="numeric"`, left
    to right).
    """
    identity = control_id(name, options.get("id", ""))
    kind = options.get("type", "text")
    if kind == "number":
        kind, options = "text", {"inputmode": "numeric", "autocomplete": "off", **options}
    attributes = _attributes(
        {"type": kind, "id": identity, "name": name, "value": "" if value is None else value}, options
    )
    width = f" w-{options['width']}" if options.get("width") else ""
    described_by = describing(identity, options)
    control = format_html('<input class="form-control{}"{}{}>', width, attributes, described_by)
    return framed(name, label, options, control)


@register.simple_tag
def textarea_field(name: str, label: str, value: Any = "", rows: int = 4, **options: Any) -> SafeString:
    """`{% textarea_field "note" "Note" value=v rows=5 %}`; options as of `input_field`. Written in either direction."""
    options = {"dir": "auto", **options}
    identity = control_id(name, options.get("id", ""))
    attributes = _attributes({"id": identity, "name": name, "rows": rows}, options)
    described_by = describing(identity, options)
    control = format_html(
        '<textarea class="form-control"{}{}>{}</textarea>', attributes, described_by, value or ""
    )
    return framed(name, label, options, control)


@register.simple_tag
def select_field(
    name: str, label: str, options: Iterable[Sequence[Any]], value: Any = "", **rest: Any
) -> SafeString:
    """`{% select_field "district" "District" options=pairs value=v empty="Choose" %}`; pairs (value, label)."""
    identity = control_id(name, rest.get("id", ""))
    pairs = [("", rest["empty"]), *options] if "empty" in rest else list(options)
    context: dict[str, Any] = {"pairs": [(str(key), text, str(key) == str(value)) for key, text, *_ in pairs]}
    attributes = _attributes({"id": identity, "name": name}, rest)
    described_by = describing(identity, rest)
    context |= {"attributes": attributes, "described": described_by}
    return framed(name, label, rest, render_to_string("ui/components/select.html", context))


@register.simple_tag
def choice_field(
    name: str, label: str, options: Iterable[Sequence[Any]], value: Any = "", **rest: Any
) -> SafeString:
    """`{% choice_field "kind" "Kind" options=triples value=v %}`: radio cards; (value, label[, explanation]).

    `many=True` makes check boxes and takes a list as value; `grid=True` sets them side by side.
    """
    identity = control_id(name, rest.get("id", ""))
    many = bool(rest.get("many"))
    chosen = {str(one) for one in value} if many else {str(value)}
    choices = [
        {
            "id": identity if place == 0 else f"{identity}_{place}",
            "value": key,
            "label": text,
            "more": more,
            "on": str(key) in chosen,
        }
        for place, (key, text, more) in enumerate((*option, "")[:3] for option in options)
    ]
    context = {
        "name": name,
        "choices": choices,
        "type": "checkbox" if many else "radio",
        "grid": rest.get("grid", False),
    }
    return framed(name, label, rest, render_to_string("ui/components/choices.html", context), group=True)


@register.simple_tag
def check_field(name: str, label: str, value: Any = False, **options: Any) -> SafeString:
    """`{% check_field "agree" "I agree" value=v error=e %}`: one check box with its words beside it."""
    identity = control_id(name, options.get("id", ""))
    context = {**options, "id": identity, "name": name, "label": label, "on": bool(value)}
    context["described"] = describing(identity, options)
    return SafeString(render_to_string("ui/components/check.html", context))


_FLAGS = ("autofocus", "readonly", "disabled", "multiple")
_COPIED = (
    "inputmode",
    "autocomplete",
    "maxlength",
    "minlength",
    "dir",
    "list",
    "placeholder",
    "accept",
    "enterkeyhint",
    "pattern",
)


def _attributes(fixed: Mapping[str, Any], options: Mapping[str, Any]) -> SafeString:
    """Attributes of a control; `data_x_y=..` becomes `data-x-y`; `required` is said by aria, not by the browser."""
    pairs = [(key, value) for key, value in fixed.items()]
    pairs += [(key, options[key]) for key in _COPIED if options.get(key) not in (None, "")]
    pairs += [
        (key.replace("_", "-"), value) for key, value in options.items() if key.startswith(("data_", "hx_"))
    ]
    flags = [key for key in _FLAGS if options.get(key)]
    if options.get("required", True):
        pairs.append(("aria-required", "true"))
    rendered = [format_html(' {}="{}"', key, value) for key, value in pairs] + [f" {flag}" for flag in flags]
    return SafeString("".join(rendered))  # every part was escaped above or is a constant
