"""Drafts that go on with another version of the form: what was typed goes with them, and they say what changed.

A draft follows the version of its service in force; one that completes a case, or is another party's part of it,
follows its case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.models import Case, Draft
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import service_in_force
from diwan.forms.context import FormContext
from diwan.forms.entry import read_json, visible
from diwan.forms.plan import Field, FormPlan, Slot, text_json
from diwan.forms.registry import kind
from diwan.kit import clock

_ASKED_ALIKE = ("kind", "options", "required", "label", "fixed")
_PAPER_ALIKE = ("label", "required", "kinds", "least", "most")


def version_to_follow(draft: Draft, case: Case | None = None) -> int:
    """The version that the draft goes on with: its own, unless another one is in force or its case was moved. `case` is
    the one that it completes where that is at hand."""
    if draft.case_id is not None:
        return draft.version_id
    if case is not None:
        return case.version_id
    if draft.amends is not None:
        return Case.objects.values_list("version_id", flat=True).get(pk=draft.amends)
    found = service_in_force(service_of(draft.version_id).slug, clock.today())
    return draft.version_id if found is None or found.table is None else found.version_id


@dataclass(frozen=True, slots=True)
class Resumed:
    """A draft under another form: the answers that hold, what was typed, and what to say of the change."""

    values: dict[str, Any]
    typed: dict[str, list[str]]
    told: dict[str, Any]

    @property
    def says_something(self) -> bool:
        """Whether anything changed that the person meets."""
        return any(self.told[name] for name in ("fresh", "gone", "changed"))


def resumed(draft: Draft, old: CompiledService, new: CompiledService) -> Resumed:
    """The draft on the form of `new`. Answers no longer asked are kept aside and come back with their question."""
    kept = dict((draft.carried or {}).get("values", {}))
    context = form_context(new, applicant=snapshot_of_draft(draft), renews=draft.renews, part=draft.part)
    values: dict[str, Any] = {}
    typed = {name: list(texts) for name, texts in draft.typed.items() if new.form.field(name.split("-")[0])}
    aside: dict[str, Any] = {}
    for key, value in {**kept, **draft.data}.items():
        was, now = old.form.field(key), new.form.field(key)
        if now is None:
            aside[key] = value
        elif was is None or now.kind == was.kind:
            values[key] = value
        else:
            values, typed = _read_anew(key, value, was, new.form, context, values, typed)
    told = {
        "from": old.number, "to": new.number, "at": clock.now().isoformat(), "values": aside,
        **_told(draft, old, new, values, context),
    }  # fmt: skip
    return Resumed(values, typed, told)


def _read_anew(
    key: str, value: Any, was: Field, form: FormPlan, context: FormContext, values: dict[str, Any],
    typed: dict[str, list[str]],
) -> tuple[dict[str, Any], dict[str, list[str]]]:  # fmt: skip
    """An answer to a question of another kind now: what it reads as there, else it stands as it was typed."""
    read = read_json(form, {key: value}, context)
    if key in read.values and key not in read.problems:
        return {**values, key: read.values[key]}, typed
    texts = {
        name: [str(text) for text in (given if isinstance(given, list | tuple) else [given])]
        for name, given in kind(was.kind).raw(value, was).items()
    }
    return values, {**typed, **texts}


def _told(
    draft: Draft, old: CompiledService, new: CompiledService, values: Mapping[str, Any], context: FormContext
) -> dict[str, Any]:
    """Questions and papers that are new, gone or asked otherwise, of those that this person meets."""
    shown = [field for page, _group, field in visible(new.form, values, context) if page.by == draft.part]
    slots = [slot for slot in new.form.slots if _is_placed(new.form, slot, draft.part)]
    fresh = [text_json(one.label) for one in shown if old.form.field(one.key) is None]
    fresh += [text_json(one.label) for one in slots if old.form.slot(one.key) is None]
    changed = [text_json(one.label) for one in shown if _differs(old.form.field(one.key), one, _ASKED_ALIKE)]
    changed += [text_json(one.label) for one in slots if _differs(old.form.slot(one.key), one, _PAPER_ALIKE)]
    answered = {*draft.data, *(name.split("-")[0] for name in draft.typed)}
    gone = [
        text_json(one.label)
        for one in old.form.fields()
        if one.key in answered and new.form.field(one.key) is None
    ]
    gone += [text_json(one.label) for one in old.form.slots if new.form.slot(one.key) is None]
    return {"fresh": fresh, "gone": gone, "changed": changed}


def _is_placed(form: FormPlan, slot: Slot, part: str) -> bool:
    return any(slot.key in page.slots for page in form.pages if page.by == part)


def _differs(before: Any, after: Any, names: tuple[str, ...]) -> bool:
    return before is not None and any(getattr(before, name) != getattr(after, name) for name in names)
