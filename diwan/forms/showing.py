"""A page of a form as templates show it: each field with its label, help, typed text, error and widget.

    {% for group in groups %}{% for field in group.fields %}{% include field.template %}{% endfor %}{% endfor %}

The templates in `templates/forms/` read one variable, `field`. A button named `look` with the key of a field
asks the view to
read the page with `partial=True` and show it again (search in a lookup, search for a street): so it works
without scripts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from diwan.forms.context import FormContext
from diwan.forms.entry import page_groups, raw_from_values, visible_slots
from diwan.forms.plan import Field, FormPlan, Page, Slot, in_language
from diwan.forms.raw import Raw
from diwan.forms.registry import kind
from diwan.kit.dates import Part
from diwan.kit.errors import Problem, text_of

LOOK = "look"
"""Name of the button that only looks something up."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field for its template. `note` is shown under the control: a remark of the officer, or the former value."""

    key: str
    id: str
    kind: str
    template: str
    label: str
    help: str
    required: bool
    fixed: bool
    error: str
    note: str
    remark: str
    shown: tuple[Part, ...]
    widget: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its fields."""

    key: str
    title: str
    help: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class SlotView:
    """A document slot for its template; `files` are what was uploaded (mappings of the view's making)."""

    key: str
    id: str
    label: str
    help: str
    required: bool
    error: str
    remark: str
    accept: str
    camera: bool
    multiple: bool
    most: int
    limit: int
    files: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the error summary: the control's id and what to do."""

    id: str
    text: str
    label: str


def message(problem: Problem) -> str:
    """The sentence of a problem in the language in force; a service's own words (`texts`) win."""
    own = problem.params.get("texts")
    if own:
        return str(own["en" if (get_language() or "ar").startswith("en") else "ar"])
    return text_of(problem, gettext=gettext, ngettext=ngettext)


def control_id(key: str) -> str:
    """The id of a field's first control, as the form tags make it."""
    return f"id_{key}"


def group_views(
    plan: FormPlan,
    page: Page,
    values: Mapping[str, Any],
    context: FormContext,
    language: str,
    *,
    typed: Mapping[str, list[str]] | None = None,
    problems: Mapping[str, Problem] | None = None,
    remarks: Mapping[str, str] | None = None,
    looking: Raw | None = None,
) -> list[GroupView]:
    """The groups of a page, ready to be shown.

    `typed` is what did not hold (it wins over `values`), `problems` by field key, `remarks` the officer's
    words by field
    key, `looking` what was posted when only something is looked up.
    """
    views = []
    for group, fields in page_groups(plan, page, values, context):
        raw = looking or raw_from_values(fields, values, typed)
        made = tuple(
            field_view(
                field, raw, values.get(field.key), context, language, (problems or {}), (remarks or {})
            )
            for field in fields
        )
        title = "" if group.title is None else in_language(group.title, language)
        views.append(
            GroupView(group.key, title, "" if group.help is None else in_language(group.help, language), made)
        )
    return views


def field_view(
    field: Field,
    raw: Raw,
    value: Any,
    context: FormContext,
    language: str,
    problems: Mapping[str, Problem],
    remarks: Mapping[str, str],
) -> FieldView:
    """One field, ready to be shown."""
    reader = kind(field.kind)
    found = problems.get(field.key)
    return FieldView(
        key=field.key,
        id=control_id(field.key),
        kind=field.kind,
        template="forms/fixed.html" if field.fixed else reader.template,
        label=in_language(field.label, language),
        help="" if field.help is None else in_language(field.help, language),
        required=field.required,
        fixed=field.fixed,
        error="" if found is None else message(found),
        note="",
        remark=remarks.get(field.key, ""),
        shown=reader.show(value, field, language, context),
        widget=reader.widget(field, raw, language, context),
    )


def slot_views(
    plan: FormPlan,
    page: Page,
    values: Mapping[str, Any],
    context: FormContext,
    language: str,
    *,
    files: Mapping[str, Sequence[Any]],
    problems: Mapping[str, Problem] | None = None,
    remarks: Mapping[str, str] | None = None,
) -> list[SlotView]:
    """The document slots of a page that apply, ready to be shown."""
    asked = {slot.key: slot for slot in visible_slots(plan, values, context)}
    return [
        slot_view(
            asked[key], language, files.get(key, ()), (problems or {}).get(key), (remarks or {}).get(key, "")
        )
        for key in page.slots
        if key in asked
    ]


def slot_view(
    slot: Slot, language: str, files: Sequence[Any], problem: Problem | None, remark: str = ""
) -> SlotView:
    """One document slot, ready to be shown."""
    accept = {"pdf": ".pdf,application/pdf", "image": "image/*", "audio": "audio/*"}
    return SlotView(
        key=slot.key,
        id=control_id(slot.key),
        label=in_language(slot.label, language),
        help="" if slot.help is None else in_language(slot.help, language),
        required=slot.required,
        error="" if problem is None else message(problem),
        remark=remark,
        accept=",".join(accept[name] for name in slot.kinds),
        camera=False,
        multiple=slot.most > 1,
        most=slot.most,
        limit=slot.max_mb * 1_000_000,
        files=tuple(files),
    )


def summary(plan: FormPlan, problems: Mapping[str, Problem], language: str) -> list[Summary]:
    """The error summary: a line a problem in the order of the form, with the label of what it is about."""
    lines = []
    for key, problem in problems.items():
        found = plan.field(key) or plan.slot(key)
        label = "" if found is None else in_language(found.label, language)
        lines.append(Summary(control_id(key), message(problem), label))
    return lines
