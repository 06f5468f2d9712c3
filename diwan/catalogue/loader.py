"""A service definition from plain data (YAML or stored JSON) into the dataclasses of `schema`.

Strict: an unknown key is an error with file, line and nearest known key; every text is in both languages;
codes are text.
Everything wrong is told at once (`CatalogueError`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from diwan.catalogue import schema
from diwan.catalogue.form_loader import concerning, read_form, renewing
from diwan.catalogue.reader import Doc
from diwan.catalogue.rule_loader import (
    read_about,
    read_checks,
    read_consequences,
    read_contests,
    read_entry,
    read_fees,
    read_follow_ups,
    read_renewal,
    read_result,
)
from diwan.catalogue.source import Source
from diwan.flow.table import UNITS, Deadline
from diwan.kit.errors import N_

KEYS = (
    "slug", "code", "class", "audiences", "department", "icon", "name", "summary", "gets", "who", "steps", "synonyms",
    "channels", "expected", "validity", "fee", "questions", "related", "facts", "pages", "documents", "lamp", "checks",
    "tables", "fees", "bill_days", "draft_days", "workflow", "notices", "reasons", "result", "entry", "renewal",
    "about", "contests", "follow_ups", "consequences", "instant", "quiet", "internal", "rating", "opens",
)  # fmt: skip
INTERNAL_KEYS = (
    "slug", "code", "class", "department", "icon", "name", "summary", "expected", "workflow", "notices", "reasons",
    "quiet", "internal", "pages", "facts", "tables",
)  # fmt: skip
"""Keys of an internal service: it has no card and no result; its pages are what whoever works on it reads."""
INTERNAL_REQUIRED = (
    "slug",
    "code",
    "class",
    "department",
    "name",
    "summary",
    "expected",
    "workflow",
    "reasons",
)
REQUIRED = (
    "slug", "code", "class", "audiences", "department", "name", "summary", "gets", "who", "channels", "expected", "fee",
)  # fmt: skip
RUNNING = ("pages", "steps", "reasons", "notices")
"""Keys that a service with a workflow must have."""
NOTICES = (
    "submitted", "returned", "blocked", "external", "visit", "approved", "billed", "issued", "rejected", "withdrawn",
    "cancelled", "lapsed", "resolved", "closed", "disputed", "merged", "stay_denied",
)  # fmt: skip
"""Events of a case that a service answers with a notice."""
_SLUG = re.compile(r"[a-z][a-z0-9-]{2,79}\Z")
_CODE = re.compile(r"[A-Z]{2}-\d{3}\Z")


def read_definition(source: Source) -> schema.Definition:
    """Read a whole service. CatalogueError with every fault."""
    doc = Doc(source)
    definition = _read(doc)
    doc.raise_faults()
    return definition


def _read(doc: Doc) -> schema.Definition:
    if doc.value.get("internal"):
        doc.keys(INTERNAL_KEYS, INTERNAL_REQUIRED)
    else:
        doc.keys(KEYS, (*REQUIRED, *(RUNNING if doc.has("workflow") else ())))
    slug, code = doc.text("slug"), doc.text("code")
    if slug and not _SLUG.match(slug):
        doc.wrong(N_("A slug is small letters, digits and dashes."), "slug")
    if code and not _CODE.match(code):
        doc.wrong(N_("A service code is two capital letters, a dash and three digits."), "code")
    form = read_form(doc)
    keys = {field.key for field in form.fields()} | {slot.key for slot in form.slots}
    renewal = read_renewal(doc, keys)
    if renewal is not None:
        form = renewing(form, renewal)
    about = read_about(doc, keys)
    if about is not None:
        form = concerning(form, about)
    return schema.Definition(
        slug=slug,
        code=code,
        service_class=doc.one_of("class", schema.CLASSES, "informational"),
        audiences=doc.texts("audiences", schema.AUDIENCES),
        department=doc.text("department"),
        name=doc.both("name"),
        summary=doc.both("summary"),
        gets=doc.boths("gets"),
        who=doc.boths("who"),
        steps=doc.boths("steps"),
        synonyms=doc.texts("synonyms"),
        channels=doc.texts("channels", schema.CHANNELS),
        expected=_expected(doc),
        validity=doc.maybe_both("validity"),
        fee_text=doc.both("fee"),
        body=_questions(doc),
        icon=doc.text("icon"),
        form=form,
        checks=read_checks(doc, keys),
        tables=_tables(doc),
        fees=read_fees(doc),
        workflow=_workflow(doc),
        deadline=_deadline(doc),
        notices=_notices(doc),
        reasons=_reasons(doc),
        result=read_result(doc),
        entry=read_entry(doc, keys),
        renewal=renewal,
        about=about,
        contests=read_contests(doc),
        follow_ups=read_follow_ups(doc),
        consequences=read_consequences(doc),
        bill_days=doc.number("bill_days", 10, least=1),
        draft_days=doc.number("draft_days", 30, least=1),
        instant=doc.flag("instant"),
        quiet=doc.flag("quiet"),
        internal=doc.flag("internal"),
        rating=doc.flag("rating", default=not doc.value.get("quiet", False)),
        related=doc.texts("related"),
        opens=doc.one_of("opens", schema.OPENS, schema.OPENS[0]) if doc.has("opens") else None,
    )


def _expected(doc: Doc) -> schema.Expected:
    inner = doc.inner("expected")
    if inner is None:
        return schema.Expected(0, UNITS[0], doc.both("name"))
    inner.keys(("amount", "unit", "text"), ("amount", "text"))
    return schema.Expected(inner.number("amount"), inner.one_of("unit", UNITS, UNITS[0]), inner.both("text"))


def _questions(doc: Doc) -> tuple[schema.Question, ...]:
    made = []
    for item in doc.items("questions"):
        item.keys(("question", "answer"), ("question", "answer"))
        made.append(schema.Question(item.both("question"), item.both("answer")))
    return tuple(made)


def _workflow(doc: Doc) -> str | Mapping[str, Any] | None:
    found = doc.value.get("workflow")
    if found is None or isinstance(found, str | Mapping):
        return found
    doc.wrong(N_("The name of a workflow, or a workflow, is expected here."), "workflow")
    return None


def _tables(doc: Doc) -> dict[str, Mapping[str, Any]]:
    """Decision tables by name, unread: the compiler of tables says what is wrong with them."""
    found: dict[str, Mapping[str, Any]] = {}
    inner = doc.inner("tables")
    for name, table in (inner.value if inner is not None else {}).items():
        if isinstance(table, Mapping):
            found[name] = table
        else:
            doc.wrong(N_("A decision table is expected here."), "tables", name)
    return found


def _deadline(doc: Doc) -> Deadline | None:
    """The promised time is the deadline of the whole; the workflow says what happens when it is late."""
    inner = doc.inner("expected")
    if inner is None or not doc.has("workflow") or not inner.value.get("amount"):
        return None
    return Deadline(inner.number("amount"), inner.one_of("unit", UNITS, UNITS[0]))


def _notices(doc: Doc) -> dict[str, str]:
    found = doc.mapping("notices")
    for event in found:
        doc.known(event, NOTICES, "notices", event)
    return found


def _reasons(doc: Doc) -> dict[str, tuple[str, ...]]:
    inner = doc.inner("reasons")
    if inner is None:
        return {}
    applied_for = doc.has("workflow") and not doc.value.get("internal")
    inner.keys(schema.REASON_LISTS, ("return", "reject") if applied_for else ())
    return {name: inner.texts(name) for name in inner.value}
