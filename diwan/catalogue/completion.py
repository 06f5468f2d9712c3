"""What can be written where in a service's text, for the completion of an editor: keys by place, values by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import F

from diwan.catalogue import registry, schema
from diwan.catalogue.form_loader import FIELD, FILE_KINDS, SLOT
from diwan.catalogue.loader import KEYS, NOTICES
from diwan.catalogue.rule_loader import CHECK, FEE, RESULT
from diwan.catalogue.shelf import Shelf
from diwan.flow import table as flow
from diwan.flow.compiler import KEYS as WORKFLOW_KEYS
from diwan.flow.steps import KEYS as STEP_KEYS
from diwan.notify.queries import notice_titles
from diwan.people.models import Unit

LISTED: Final = 400
"""Values offered of one lookup."""
_ACTION: Final = (
    "to", "label", "effect", "reason", "reasons", "note", "notices", "step_up", "guard", "cancels",
)  # fmt: skip
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "": KEYS, "workflow": WORKFLOW_KEYS, "pages": ("key", "title", "intro", "when", "by", "documents", "groups"),
    "groups": ("key", "title", "help", "when", "fields"), "fields": FIELD, "documents": SLOT, "checks": CHECK,
    "fees": FEE, "result": RESULT, "actions": _ACTION,
    "interventions": ("to", "roles", "label", "allowed_in", "reason"),
    "branches": ("to", "when", "value", "why"), "deadline": ("amount", "unit", "late"), "late": ("at", "act"),
    "silence": ("outcome", "text"), "expected": ("amount", "unit", "text"), "withdraw": ("to", "allowed_in"),
    "returns": ("most", "to", "why"), "facts": ("key", "kind", "of", "lookup", "column", "when", "table", "type"),
    "lamp": ("code", "says", "when", "text", "fix", "article", "fields"), "questions": ("question", "answer"),
    "reasons": schema.REASON_LISTS, "notices": NOTICES, "term": ("years", "starts", "calendar", "ends"),
    "rules": ("id", "when", "then", "why"), "tables": ("hit", "aggregate", "inputs", "outputs", "rules", "otherwise"),
}  # fmt: skip
_BOTH: Final = ("ar", "en")
_TEXTS: Final = (
    "title", "label", "public", "name", "summary", "help", "text", "fix", "why", "explain", "intro", "question",
    "answer", "fee", "validity", "gets", "who",
)  # fmt: skip
_KINDS: Final[Mapping[str, str]] = {
    "steps": "step", "fields": "field", "facts": "fact", "checks": "check", "fees": "fee", "follow_ups": "follow_up",
    "consequences": "consequence",
}  # fmt: skip
_LOOKUPS: Final[Mapping[str, str]] = {
    "role": "roles", "chair": "roles", "roles": "roles", "rate": "fee_rates", "register": "registers",
    "article": "articles", "entity": "entities", "checklist": "checklists",
}  # fmt: skip


def completion(lookups: Shelf, language: str) -> dict[str, Any]:
    """`keys`: place -> keys; `steps`: kind of step -> keys; `kinds`: place -> kinds; `values`: key -> values. A value
    is [code, what it is called]; `to` marks the keys whose value is a step of the text itself."""
    kinds = {place: _named(registry.kinds(group), language) for place, group in _KINDS.items()}
    return {
        "keys": {**{place: list(keys) for place, keys in _KEYS.items()}, **{key: list(_BOTH) for key in _TEXTS}},
        "steps": {kind: list(keys) for kind, keys in STEP_KEYS.items()},
        "kinds": kinds,
        "values": {
            **_fixed(language), "department": _departments(language), "notices": _notices(language),
            **{key: _rows(lookups, name, language) for key, name in _LOOKUPS.items()},
        },
        "reasons": _rows(lookups, "reasons", language),
        "to": [
            "to", "start", "resume", "on_late", "on_paid", "on_expired", "no_quorum", "of", "otherwise", "allowed_in",
            "cancels", "not_same_person_as", "ends", "authority", "outcomes",
        ],
    }  # fmt: skip


def _departments(language: str) -> list[list[str]]:
    """Departments that have units, by the name of the highest of them."""
    units = Unit.objects.filter(valid_to__isnull=True).order_by(
        "department", F("parent_id").asc(nulls_first=True), "id"
    )
    named = "name_en" if language == "en" else "name_ar"
    found: dict[str, str] = {}
    for code, name in units.exclude(department="").values_list("department", named):
        found.setdefault(code, name)
    return [[code, name] for code, name in found.items()]


def _notices(language: str) -> list[list[str]]:
    """Messages that a workflow can send."""
    return [[code, title[language]] for code, title in sorted(notice_titles().items())]


def _fixed(language: str) -> dict[str, list[list[str]]]:
    """Values that are the same everywhere."""
    plain: Mapping[str, Iterable[str]] = {
        "class": schema.CLASSES, "audiences": schema.AUDIENCES, "channels": schema.CHANNELS, "opens": schema.OPENS,
        "on_fail": schema.ON_FAIL, "vat": schema.VAT_CLASSES, "state": flow.STATES, "holder": flow.HOLDERS,
        "unit": flow.UNITS, "effect": flow.ACTION_EFFECTS, "reason": flow.REASONS, "note": flow.REASONS,
        "scope": flow.SCOPES, "majority": flow.MAJORITIES, "clock": ("runs", "paused"), "kinds": FILE_KINDS,
        "hit": ("unique", "first", "any", "priority", "collect"), "aggregate": ("sum", "min", "max", "count"),
        "required": ("true", "false"), "step_up": ("true",), "terminates": ("true",), "internal": ("true",),
    }  # fmt: skip
    made = {key: [[value, ""] for value in values] for key, values in plain.items()}
    made["act"] = [*_named(registry.kinds("act"), language), *([act, ""] for act in flow.LATE_ACTS)]
    made["template"] = _named(registry.kinds("template"), language)
    made["guard"] = _named(registry.kinds("guard"), language)
    return made


def _named(kinds: Iterable[registry.Kind], language: str) -> list[list[str]]:
    return [[kind.name, kind.title.en if language == "en" else kind.title.ar] for kind in kinds]


def _rows(lookups: Shelf, name: str, language: str) -> list[list[str]]:
    rows = lookups.rows(name) if name in lookups.names() else ()
    return [[row.code, row.name.en if language == "en" else row.name.ar] for row in rows[:LISTED]]
