"""The difference between two versions of a service in words: parts, what happened to each thing, values."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diwan.catalogue import registry
from diwan.catalogue.difference import ADDED, CHANGED, GONE, PARTS, Change
from diwan.flow.table import Deadline, Exit, Late, Table, Text
from diwan.forms.plan import in_language
from diwan.kit.errors import N_

_PARTS: Final = {
    "card": N_("The service's card"), "form": N_("Questions of the form"), "papers": N_("Papers"),
    "facts": N_("Facts derived from the answers"), "lamp": N_("What the lamp says before sending"),
    "checks": N_("Automatic checks"), "fees": N_("Fees"), "workflow": N_("The way of the request"),
    "notices": N_("Messages"), "reasons": N_("Lists of reasons"), "result": N_("The document and what it brings about"),
}  # fmt: skip
_ACTS: Final = {ADDED: N_("New"), GONE: N_("Gone"), CHANGED: N_("Changed")}
_SIGNS: Final = {ADDED: "success", GONE: "error", CHANGED: "info"}
_ASPECTS: Final = {
    "name": N_("Name"), "summary": N_("Summary"), "label": N_("Wording"), "help": N_("Help"),
    "required": N_("Required"),
    "when": N_("Asked when"), "shown_when": N_("Shown when"), "page": N_("Page"), "kind": N_("Kind"),
    "options": N_("Choices"), "title": N_("Title"), "public": N_("What the applicant reads"), "state": N_("State"),
    "holder": N_("Who has it"), "exits": N_("Ways out"), "deadline": N_("Deadline"),
    "silence": N_("What silence means"),
    "role": N_("Who does it"), "scope": N_("Where it is done"), "entity": N_("Outside body"),
    "not_same_person_as": N_("Not the same person as"), "may_change": N_("What may be changed"),
    "notices": N_("Messages"), "branches": N_("Branches"), "otherwise": N_("Otherwise"), "next": N_("Goes on to"),
    "to": N_("Goes to"), "checklist": N_("Checklist"), "template": N_("Document"), "authority": N_("Authority"),
    "table": N_("Decision table"), "start": N_("First step"), "withdraw": N_("Withdrawing"), "cancel": N_("Cancelling"),
    "reopen": N_("Reopening"), "returns": N_("Returns"), "interventions": N_("Rulings over the whole"),
    "rate": N_("Price"), "quantity": N_("Quantity"), "years": N_("Years"), "vat": N_("VAT"),
    "explain": N_("Explanation"),
    "passes": N_("Passes when"), "on_fail": N_("When it fails"), "text": N_("Text"), "fix": N_("What to do"),
    "expected": N_("Expected time"), "validity": N_("Validity"), "fee_text": N_("Fee in words"),
    "bill_days": N_("Days to pay"), "draft_days": N_("Days a draft is kept"), "department": N_("Department"),
    "audiences": N_("For whom"), "channels": N_("Where it is offered"), "steps": N_("Steps on the card"),
    "who": N_("Who may apply"), "gets": N_("What one gets"), "synonyms": N_("Words it is found by"),
    "max_mb": N_("Largest file (MB)"), "least": N_("At least"), "most": N_("At most"), "kinds": N_("Kinds of files"),
    "value": N_("Value"), "result": N_("Document"), "entry": N_("Register entry"), "renewal": N_("Renewal"),
    "paused": N_("Clock stands still"), "act": N_("Automatic act"), "effect": N_("Meaning"), "reason": N_("Reason"),
    "allowed_in": N_("From which steps"), "keeps": N_("Answers it keeps"), "sections": N_("Sections"),
    "rows": N_("Lines"), "conditions": N_("Conditions"), "roles": N_("Who may"), "source": N_("Value"),
    "step_up": N_("With a fresh code"), "late": N_("When late"), "amount": N_("Amount"), "unit": N_("Unit"),
}  # fmt: skip
_LATE: Final = {
    "remind": N_("remind"), "escalate": N_("a level up"), "reassign": N_("back to the unit"),
    "silence": N_("silence speaks"),
}  # fmt: skip
_MOST = 240


def told(
    changes: Iterable[Change], language: str, *, old: Table | None, new: Table | None
) -> list[dict[str, Any]]:
    """Parts that changed, each with its changes as the page shows them."""
    before, after = _Teller(language, old), _Teller(language, new)
    by_part: dict[str, list[dict[str, Any]]] = {}
    for change in changes:
        by_part.setdefault(change.part, []).append(
            {
                "act": _(_ACTS[change.act]), "sign": _SIGNS[change.act],
                "name": in_language(change.name, language) if change.name else _aspect(change.key),
                "details": [
                    {
                        "aspect": _aspect(one.aspect),
                        "before": before.say(_named(change, one.aspect, one.before)),
                        "after": after.say(_named(change, one.aspect, one.after)),
                    }
                    for one in change.details
                ],
            }
        )  # fmt: skip
    return [
        {"key": part, "title": _(_PARTS[part]), "changes": by_part[part]} for part in PARTS if part in by_part
    ]


def _named(change: Change, aspect: str, value: Any) -> Any:
    """Kinds of questions by their name."""
    return registry.kind("field", value).title if change.part == "form" and aspect == "kind" else value


def period_words(deadline: Deadline) -> str:
    """A deadline in words; one that a rule gives as the rule says it."""
    if not isinstance(deadline.amount, int):
        return str(deadline.amount)
    amount = deadline.amount
    words = {
        "working_days": ngettext("%(n)s working day", "%(n)s working days", amount),
        "working_hours": ngettext("%(n)s working hour", "%(n)s working hours", amount),
        "elapsed_hours": ngettext("%(n)s hour", "%(n)s hours", amount),
    }
    return words[deadline.unit] % {"n": amount}


class _Teller:
    """Says values of one version in one language; steps by their title."""

    def __init__(self, language: str, table: Table | None) -> None:
        self.language = language
        self.steps = table.steps if table is not None else {}

    def say(self, value: Any) -> str:
        """A value in words, cut where it is long."""
        said = self._said(value)
        return said if len(said) <= _MOST else f"{said[:_MOST]}…"

    def _said(self, value: Any) -> str:
        if value is None or value == "" or value == () or value == {}:
            return ""
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, Text):
            return in_language(value, self.language)
        if isinstance(value, Deadline):
            late = " · ".join(self._said(rung) for rung in value.late)
            return f"{period_words(value)} ({late})" if late else period_words(value)
        if isinstance(value, Late):
            return f"{value.at} %: {_(_LATE[value.act])}"
        if isinstance(value, Exit):
            label = in_language(value.label, self.language) if value.label else value.key
            return f"{label} {self._arrow} {self._step(value.to)}"
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, tuple | list | frozenset):
            return ("، " if self.language == "ar" else ", ").join(self._said(item) for item in value)
        if hasattr(value, "__dataclass_fields__"):
            parts = [(spec.name, getattr(value, spec.name)) for spec in fields(value)]
            told_ones = [(name, one) for name, one in parts if one not in (None, "", (), False)]
            return " · ".join(f"{_aspect(name)}: {self._said(one)}" for name, one in told_ones)
        return self._step(str(value))

    def _mapping(self, value: Mapping[str, Any]) -> str:
        if set(value) == {"ar", "en"}:
            return str(value[self.language])
        if all(isinstance(item, Exit) for item in value.values()):
            return " · ".join(self._said(item) for item in value.values())
        return " · ".join(f"{_aspect(str(key))}: {self._said(item)}" for key, item in value.items())

    def _step(self, key: str) -> str:
        step = self.steps.get(key)
        text = (step.title or step.public) if step is not None else None
        return key if text is None else in_language(text, self.language)

    @property
    def _arrow(self) -> str:
        return "←" if self.language == "ar" else "→"


def _aspect(name: str) -> str:
    return _(_ASPECTS[name]) if name in _ASPECTS else name
