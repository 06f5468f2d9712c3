"""Reads the form of a service: facts, pages, fields, document slots, rules of the lamp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from diwan.catalogue import registry
from diwan.catalogue.reader import MISSING, REPEATED, Doc
from diwan.catalogue.schema import About, Renewal
from diwan.flow.table import Text
from diwan.forms.lamp import NEEDS_APPROVAL, RETURNED
from diwan.forms.options import check_options
from diwan.forms.plan import Fact, Field, FormPlan, Group, LampRule, Page, Slot
from diwan.forms.registry import kind
from diwan.kit.errors import N_

FIELD = ("key", "kind", "label", "help", "required", "when", "prefill", "keep", "personal")
SLOT = ("key", "label", "help", "when", "required", "kinds", "max_mb", "least", "most", "keep")
PAPERS = ("pdf", "image")
FILE_KINDS = (*PAPERS, "audio")


def read_form(doc: Doc) -> FormPlan:
    """Read `facts`, `pages`, `documents` and `lamp` of a service."""
    slots = tuple(_slot(item) for item in doc.items("documents"))
    pages = tuple(_page(item, [slot.key for slot in slots]) for item in doc.items("pages"))
    plan = FormPlan(
        pages=pages,
        slots=slots,
        facts=tuple(fact for item in doc.items("facts") if (fact := _fact(item)) is not None),
    )
    _once(doc, "pages", [page.key for page in pages])
    _once(doc, "pages", [group.key for page in pages for group in page.groups])
    _once(doc, "pages", [field.key for field in plan.fields()] + [slot.key for slot in slots])
    _once(doc, "facts", [fact.key for fact in plan.facts])
    placed = [key for page in pages for key in page.slots]
    _once(doc, "documents", placed)
    for index, slot in enumerate(slots):
        if pages and slot.key not in placed:
            doc.wrong(N_("No page asks for the document {name}."), "documents", index, name=slot.key)
    keys = {field.key for field in plan.fields()} | {slot.key for slot in slots}
    rules = tuple(_lamp(item, keys) for item in doc.items("lamp"))
    return FormPlan(pages, slots, plan.facts, rules)


def renewing(form: FormPlan, renewal: Renewal) -> FormPlan:
    """The form of a renewal: every answer starts from the entry; some cannot be changed, some are asked each time."""

    def changed(field: Field) -> Field:
        asked, fixed = field.key in renewal.asks, field.key in renewal.fixed
        return replace(field, prefill=f"entry.{field.key}", keep=not asked, fixed=fixed)

    return _with_fields(form, changed)


def concerning(form: FormPlan, about: About) -> FormPlan:
    """The form of a service about an entry: what is `fixed` is shown as the entry has it."""

    def changed(field: Field) -> Field:
        if field.key not in about.fixed:
            return field
        return replace(field, prefill=f"entry.{field.key}", keep=False, fixed=True)

    return _with_fields(form, changed)


def _with_fields(form: FormPlan, changed: Callable[[Field], Field]) -> FormPlan:
    pages = tuple(
        replace(
            page,
            groups=tuple(replace(group, fields=tuple(map(changed, group.fields))) for group in page.groups),
        )
        for page in form.pages
    )
    return replace(form, pages=pages)


def _once(doc: Doc, key: str, names: list[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        doc.wrong(REPEATED, key, name=name)


def _page(doc: Doc, slots: list[str]) -> Page:
    doc.keys(("key", "title", "intro", "when", "by", "documents", "groups"), ("key", "title"))
    if not doc.has("groups") and not doc.has("documents"):
        doc.wrong(N_("A page asks for something: groups or documents."))
    return Page(
        key=doc.text("key"),
        title=doc.both("title"),
        groups=tuple(_group(item) for item in doc.items("groups")),
        slots=doc.texts("documents", slots),
        intro=doc.maybe_both("intro"),
        when=doc.maybe("when"),
        by=doc.maybe("by") or "",
    )


def _group(doc: Doc) -> Group:
    doc.keys(("key", "title", "help", "when", "fields"), ("key", "fields"))
    return Group(
        key=doc.text("key"),
        fields=tuple(found for item in doc.items("fields") if (found := _field(item)) is not None),
        title=doc.maybe_both("title"),
        help=doc.maybe_both("help"),
        when=doc.maybe("when"),
    )


def _field(doc: Doc) -> Field | None:
    name = doc.text("kind")
    for key in ("key", "kind", "label"):
        if not doc.has(key):
            doc.wrong(MISSING, name=key)
    if not name or not doc.known(name, registry.names("field") - {"file"}, "kind"):
        return None
    options = doc.rest(FIELD)
    _options(doc, registry.kind("field", name), options, FIELD)
    personal = name in ("person_id", "national_id", "iqama", "mobile", "iban")
    return Field(
        key=doc.text("key"),
        kind=kind(name).name,
        label=doc.both("label"),
        help=doc.maybe_both("help"),
        required=doc.flag("required", default=True),
        when=doc.maybe("when"),
        prefill=doc.maybe("prefill"),
        keep=doc.flag("keep", default=name != "declaration"),
        personal=doc.flag("personal", default=personal),
        options=options,
    )


def _options(doc: Doc, found: registry.Kind, options: dict[str, object], common: tuple[str, ...]) -> None:
    """Note what is wrong with the options; a common key that is misspelt is named too."""
    for fault in check_options(found.options, options):
        if fault.problem.code.startswith("unknown_key"):
            doc.keys((*common, *(option.name for option in found.options)))
            continue
        doc.wrong(fault.problem.message, *fault.path, **fault.problem.params)


def _fact(doc: Doc) -> Fact | None:
    common = ("key", "kind")
    name = doc.text("kind")
    if not doc.has("key") or not name:
        doc.wrong(N_("The keys key and kind are needed."))
        return None
    if not doc.known(name, registry.names("fact"), "kind"):
        return None
    options = doc.rest(common)
    _options(doc, registry.kind("fact", name), options, common)
    return Fact(doc.text("key"), name, options)


def _slot(doc: Doc) -> Slot:
    doc.keys(SLOT, ("key", "label"))
    return Slot(
        key=doc.text("key"),
        label=doc.both("label"),
        help=doc.maybe_both("help"),
        when=doc.maybe("when"),
        required=doc.flag("required", default=True),
        kinds=doc.texts("kinds", FILE_KINDS) or PAPERS,
        max_mb=doc.number("max_mb", 10, least=1),
        least=doc.number("least", 1, least=1),
        most=doc.number("most", 1, least=1),
        keep=doc.flag("keep", default=True),
    )


def _lamp(doc: Doc, keys: set[str]) -> LampRule:
    doc.keys(("code", "says", "when", "text", "fix", "article", "fields"), ("code", "says", "when", "text"))
    return LampRule(
        code=doc.text("code"),
        says=doc.one_of("says", (RETURNED, NEEDS_APPROVAL), RETURNED),
        when=doc.text("when", "false"),
        text=doc.both("text", Text("", "")),
        fix=doc.maybe_both("fix"),
        article=doc.maybe("article"),
        fields=doc.texts("fields", keys),
    )
