"""Answering a form: read a page, check the whole, prefill, compare. Pure; the caller keeps and shows.

`values` maps field key -> JSON value; `documents` maps slot key -> list of upload ids. Problems are by field
or slot key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diwan.forms.asking import (
    Values,
    clean,
    environment,
    evaluated,
    holds,
    page_groups,
    plan_pages,
    slots_of,
    visible,
    visible_fields,
    visible_slots,
)
from diwan.forms.context import FormContext
from diwan.forms.plan import Field, FormPlan, Group, Page, Slot
from diwan.forms.raw import Raw
from diwan.forms.registry import kind
from diwan.kit.errors import N_, InvalidValue, Problem, plural_message

__all__ = [
    "Examined", "Problems", "Read", "Values", "answered", "changes", "clean", "environment", "examine", "holds",
    "malformed", "missing", "page_groups", "parse_page", "plan_pages", "prefill", "raw_from_values", "read_json",
    "short_pages", "validate_all", "visible", "visible_fields", "visible_slots",
]  # fmt: skip

Problems = dict[str, Problem]

_MORE_FILES = plural_message(
    "Attach one file here.",
    "Attach {least} files here; {missing} more to go.",
    count="least",
)
_NO_SUCH = N_("This answer is not asked for here.")


@dataclass(frozen=True, slots=True)
class Read:
    """What reading a page gave: the values that hold, problems by field, and what was typed where it does not hold."""

    values: Values
    problems: Problems
    typed: dict[str, list[str]]


def parse_page(
    plan: FormPlan,
    page: Page,
    raw: Raw,
    values: Mapping[str, Any],
    context: FormContext,
    *,
    partial: bool = False,
) -> Read:
    """Read what was typed on a page over the answers so far.

    Fields appear as earlier answers of the same page decide; `partial` (autosave, "save and leave") does not miss
    answers. A value that does not hold is left out of `values` and stays in `typed`.
    """
    found: Values = dict(values)
    problems: Problems = {}
    typed: dict[str, list[str]] = {}
    for group in page.groups:
        for field in group.fields:
            if field.fixed:
                continue
            found.pop(field.key, None)
            if not _asked(plan, page, group, field, found, context):
                continue
            try:
                value = kind(field.kind).read(raw, field, context)
            except InvalidValue as error:
                problems[field.key] = error.problem
                typed |= raw.only({field.key})
                continue
            if value is not None:
                found[field.key] = value
            elif field.required and not partial:
                problems[field.key] = missing(field)
    return Read(found, problems, typed)


def _asked(
    plan: FormPlan, page: Page, group: Group, field: Field, values: Mapping[str, Any], context: FormContext
) -> bool:
    """Whether a question is asked given the answers before it; without conditions it always is."""
    if not (page.when or group.when or field.when):
        return True
    return field.key in {item.key for item in visible_fields(plan, values, context)}


def missing(field: Field) -> Problem:
    """The problem of a required question without an answer."""
    return Problem("forms.missing", kind(field.kind).missing)


def malformed() -> Problem:
    """The problem of an answer that is no answer of its kind."""
    return Problem("forms.malformed", N_("This answer has the wrong form. Enter it again."))


@dataclass(frozen=True, slots=True)
class Examined:
    """A whole application, read once: its problems in order of the form, the answers that count, and their facts."""

    problems: Problems
    values: Values
    facts: dict[str, Any]


def examine(
    plan: FormPlan,
    values: Mapping[str, Any],
    documents: Mapping[str, Sequence[Any]],
    context: FormContext,
    *,
    just_read: bool = False,
) -> Examined:
    """Everything that sending an application asks of its form, with the conditions evaluated once.

    `problems` is that of `validate_all`, `values` that of `clean`, `facts` that of `derive` over these values. Answers
    that `read_json` has `just_read` in the same context hold already; what is fixed is looked at all the same.
    """
    shown, known = evaluated(plan, values, context)
    problems: Problems = {}
    for _page, _group, field in shown:
        problem = _problem(field, values.get(field.key), context, holds=just_read and not field.fixed)
        if problem is not None:
            problems[field.key] = problem
    problems |= _tampered(plan, values, context)
    fields = {field.key for field in plan.fields()}
    problems |= {key: Problem("forms.unknown", _NO_SUCH) for key in values if key not in fields}
    problems |= _missing_papers(plan, slots_of(plan, known, context), documents)
    return Examined(problems, known.values, known.facts.derived())


def validate_all(
    plan: FormPlan,
    values: Mapping[str, Any],
    documents: Mapping[str, Sequence[Any]],
    context: FormContext,
) -> Problems:
    """Problems of the whole application in order of the form; empty when it can be submitted.

    Answers to questions that are not asked are no problem (`clean` drops them); keys that the form does not have are.
    """
    return examine(plan, values, documents, context).problems


def _problem(field: Field, value: Any, context: FormContext, *, holds: bool = False) -> Problem | None:
    """What is wrong with the answer to a question that is asked; one that `holds` has only to be there."""
    if value is None:
        return missing(field) if field.required else None
    reader = kind(field.kind)
    if not reader.well_formed(value):
        return missing(field) if field.kind == "declaration" else malformed()
    if holds:
        return None
    try:
        reader.check(value, field, context)
    except InvalidValue as error:
        return error.problem
    return None


def _tampered(plan: FormPlan, values: Mapping[str, Any], context: FormContext) -> Problems:
    """Fixed answers that differ from what they are taken from."""
    first = prefill(plan, context, fixed_only=True)
    return {
        field.key: Problem("forms.fixed", N_("This answer cannot be changed here."))
        for field in plan.fields()
        if field.fixed and kind(field.kind).changed(first.get(field.key), values.get(field.key))
    }


def _missing_papers(
    plan: FormPlan, slots: Sequence[Slot], documents: Mapping[str, Sequence[Any]]
) -> Problems:
    problems: Problems = {}
    for slot in slots:
        count = len(documents.get(slot.key, ()))
        if slot.required and count < slot.least:
            params = {"least": slot.least, "missing": slot.least - count}
            problems[slot.key] = Problem("forms.paper_missing", _MORE_FILES, params)
        elif count > slot.most:
            text = N_("Too many files here. Remove some.")
            problems[slot.key] = Problem("forms.too_many_papers", text, {"most": slot.most})
    return problems | {
        key: Problem("forms.unknown", _NO_SUCH)
        for key in documents
        if documents[key] and plan.slot(key) is None
    }


def read_json(plan: FormPlan, data: Mapping[str, Any], context: FormContext) -> Read:
    """Read answers given as JSON (a partner's application): the same readers, the same refusals as the pages."""
    found: Values = prefill(plan, context, fixed_only=True)
    problems: Problems = {}
    for field in plan.fields():
        given = data.get(field.key)
        if given is None or field.fixed:
            continue
        reader = kind(field.kind)
        try:
            value = reader.read(Raw(reader.raw(given, field)), field, context)
        except InvalidValue as error:
            problems[field.key] = error.problem
            continue
        except (TypeError, ValueError, KeyError, AttributeError):
            problems[field.key] = malformed()
            continue
        if value is not None:
            found[field.key] = value
    problems |= {key: Problem("forms.unknown", _NO_SUCH) for key in data if plan.field(key) is None}
    return Read(found, problems, {})


def raw_from_values(
    fields: Sequence[Field], values: Mapping[str, Any], typed: Mapping[str, list[str]] | None = None
) -> Raw:
    """The inputs of a page as they are shown: what was typed wins over what is stored."""
    inputs: dict[str, Any] = {}
    for field in fields:
        mine = {name: value for name, value in (typed or {}).items() if name.split("-")[0] == field.key}
        inputs |= mine or kind(field.kind).raw(values.get(field.key), field)
    return Raw(inputs)


def prefill(plan: FormPlan, context: FormContext, *, fixed_only: bool = False) -> Values:
    """First values from what is known of the applicant and of the entry that is renewed; nothing is asked twice.

    `fixed_only`: only of the answers that cannot be changed.
    """
    values: Values = {}
    for field in plan.fields():
        if field.prefill is None or (fixed_only and not field.fixed):
            continue
        source, _, name = field.prefill.partition(".")
        held: Mapping[str, Any] = context.applicant if source == "applicant" else context.entry
        given = held.get(name)
        if given in (None, ""):
            continue
        reader = kind(field.kind)
        try:
            values[field.key] = reader.read(Raw(reader.raw(given, field)), field, context)
        except InvalidValue:
            continue
    return values


def short_pages(
    plan: FormPlan, values: Mapping[str, Any], context: FormContext, *, also: Sequence[str] = ()
) -> list[Page]:
    """The pages of a renewal with "nothing has changed": those that ask what is never kept, and those with something to
    mend (`also`: keys of fields named by problems or by the lamp)."""
    needed = {
        page.key
        for page, _group, field in visible(plan, values, context)
        if (not field.keep and not field.fixed) or field.key in also
    }
    needed |= {page.key for page in plan.pages if set(page.slots) & set(also)}
    return [page for page in plan.pages if page.key in needed]


def changes(
    plan: FormPlan, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Field -> (before, after) for what differs for a reader."""
    return {
        field.key: (before.get(field.key), after.get(field.key))
        for field in plan.fields()
        if kind(field.kind).changed(before.get(field.key), after.get(field.key))
    }


def answered(
    plan: FormPlan, values: Mapping[str, Any], context: FormContext
) -> Iterator[tuple[Page, Group, Field, Any]]:
    """Every question asked with its answer (None: none), for the page of all answers."""
    for page, group, field in visible(plan, values, context):
        yield page, group, field, values.get(field.key)
