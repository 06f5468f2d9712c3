"""Why an automatic act came out as it did, in plain words: for the pages of the case and of its applicant."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from diwan.cases.models import CheckResult, History
from diwan.cases.routing import body_name
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row, shelf
from diwan.catalogue.registry import UnknownKind, kind
from diwan.catalogue.schema import Check
from diwan.forms import registry as fields
from diwan.forms.plan import in_language
from diwan.kit import clock
from diwan.kit.dates import joined
from diwan.kit.errors import N_
from diwan.people.models import Unit

_TOLD: Final = 5
#: Acts that belong to the one before them: rules that routed the case on.
ALONG: Final = frozenset({"decided"})


@dataclass(frozen=True, slots=True)
class Explained:
    """Sentences, what was read (label, value), the rule by its name, and the number of the service's version."""

    sentences: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]
    version: int

    def without_inputs(self) -> "Explained":
        """The same for somebody who is not to read what was read."""
        return replace(self, inputs=())


def explained(
    rows: Sequence[History], service: CompiledService, language: str, *, plain: bool = False
) -> Explained | None:
    """Why one act, with the routing that followed it (`rows`, the act first), came out so; None when people decided.

    `plain`: only inputs that have a label in the reader's language and no names of rules, for who isn't an employee.
    """
    sentences: list[str] = []
    inputs: dict[str, str] = {}
    rules: list[str] = []
    version = 0
    for row in rows:
        why: Mapping[str, Any] = row.why or {}
        if is_automatic(row):
            version = version or _version(why, service)
            sentences.append(_sentence(row, why, service, language))
            inputs |= _inputs(why.get("inputs"), service, language, plain=plain)
            rules.append(str(why.get("rule") or ""))
        for same in _by_step(why.get("routed", ())):
            version = version or _version(same[0], service)
            sentences += _routings(same, service, language)
            inputs |= _inputs(same[0].get("inputs"), service, language, plain=plain)
            rules.append(str(same[0].get("rule") or ""))
    if not sentences:
        return None
    told = tuple(dict.fromkeys(text for text in sentences if text))
    return Explained(
        told, tuple(inputs.items()), () if plain else tuple(dict.fromkeys(filter(None, rules))), version
    )


def with_routing(rows: Iterable[History]) -> list[list[History]]:
    """Acts, the newest first as given, each with the routing by rule that it brought about."""
    groups: list[list[History]] = []
    along: list[History] = []
    for row in rows:
        if row.act in ALONG:
            along.insert(0, row)
        else:
            groups.append([row, *along])
            along = []
    return groups


def is_automatic(row: History) -> bool:
    """Whether the machine did it: by a rule, a clock, a register or a paid bill."""
    return row.capacity.startswith("system:")


def _version(why: Mapping[str, Any], service: CompiledService) -> int:
    version_id = why.get("version")
    if not isinstance(version_id, int) or version_id == service.version_id:
        return service.number
    return service_of(version_id).number


def _sentence(row: History, why: Mapping[str, Any], service: CompiledService, language: str) -> str:
    text = why.get("text")
    if isinstance(text, Mapping) and text.get(language):
        return str(text[language])
    says = _SAYS.get(row.act)
    if says is not None:
        return says(row, why, service, language)
    plain = _PLAIN.get(row.act)
    return _(plain) if plain is not None else _("Done automatically, as the service provides.")


def _decided(row: History, why: Mapping[str, Any], service: CompiledService, language: str) -> str:
    named = {"step": service.title(row.step, language), "to": service.title(row.outcome, language)}
    if why.get("branch") == -1:
        return _("No special case of “{step}” applied, so it went on to: {to}.").format(**named)
    return _("A rule of the service at “{step}” led to: {to}.").format(**named)


def _checked(row: History, why: Mapping[str, Any], service: CompiledService, language: str) -> str:
    """What the outcome of an automatic act means, in the words of the declared kind."""
    step = service.flow.steps.get(row.step)
    try:
        declared = kind("act", (step.act if step is not None else None) or "")
    except UnknownKind:
        return f"{service.title(row.step, language)}: {service.outcome(row.step, row.outcome, language)}"
    says = declared.says.get(row.outcome)
    if says is not None:
        return in_language(says, language)
    return f"{in_language(declared.title, language)}: {service.outcome(row.step, row.outcome, language)}"


def _expired(row: History, why: Mapping[str, Any], service: CompiledService, language: str) -> str:
    if str(why.get("rule", "")).endswith(".bill"):
        return _("The bill was not paid in its time.")
    return _("The time for “{step}” ended without an answer.").format(step=service.title(row.step, language))


def _late(row: History, why: Mapping[str, Any], service: CompiledService, language: str) -> str:
    step = service.title(row.step, language)
    percent = (why.get("inputs") or {}).get("percent", 100)
    if percent < 100:
        return _("{percent} per cent of the time for “{step}” had passed.").format(percent=percent, step=step)
    return _("The time for “{step}” had passed.").format(step=step)


_SAYS: Final[Mapping[str, Callable[[History, Mapping[str, Any], CompiledService, str], str]]] = {
    "decided": _decided, "checked": _checked, "expired": _expired, "silence": _expired, "escalated": _late,
}  # fmt: skip
_PLAIN: Final = {
    "paid": N_("The payment provider confirmed that the bill is paid."),
    "issued": N_("It was approved and nothing is owed, so the document was numbered and sealed."),
    "followed": N_("The service provides for this once the document is issued."),
    "looked_into": N_("The rating was low, so somebody looks into it."),
    "reopened": N_("The committee accepted the objection to the decision."),
    "opened": N_("It follows from another case, as the service provides."),
    "child_ended": N_("The case that was opened for it has ended."),
    "told": N_("The message that it waited for has come."),
    "cancelled": N_("The case that it belongs to has ended."),
    "recounted": N_("The working calendar changed, and what is open follows it."),
}


def _by_step(routed: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Desks that one rule of a step found, together: a step of several instances has one for each."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in routed:
        found.setdefault((str(one.get("step")), str(one.get("to"))), []).append(one)
    return list(found.values())


def _routings(same: Sequence[Mapping[str, Any]], service: CompiledService, language: str) -> list[str]:
    if len(same) <= _TOLD:
        return [_routed(one, service, language) for one in same]
    step = service.title(str(same[0].get("step", "")), language)
    return [_("By a rule of the service, “{step}” is for {count} desks.").format(step=step, count=len(same))]


def _routed(one: Mapping[str, Any], service: CompiledService, language: str) -> str:
    step, result = service.title(str(one.get("step", "")), language), str(one.get("result", ""))
    if one.get("to") == "department":
        return _("By a rule of the service, “{step}” is for: {who}.").format(
            step=step, who=_department(result, language)
        )
    if one.get("to") == "entity":
        return _("By a rule of the service, “{step}” is for: {who}.").format(
            step=step, who=body_name(result, language)
        )
    if one.get("to") == "signer":
        return _("“{step}” went to the next who signs, by level.").format(step=step)
    if one.get("to") == "nearest":
        return _("“{step}” went to the nearest superior.").format(step=step)
    return _("“{step}” went back to the officer who had it before.").format(step=step)


def _department(code: str, language: str) -> str:
    units = Unit.objects.filter(department=code).order_by("parent_id", "id")
    names = units.values_list("name_ar", "name_en").first()
    return code if names is None else names[1] if language == "en" else names[0]


def _inputs(found: Any, service: CompiledService, language: str, *, plain: bool) -> dict[str, str]:
    """What was read, by its label; without one by its name, and not at all where it is to be `plain`."""
    told: dict[str, str] = {}
    for name, value in found.items() if isinstance(found, Mapping) else ():
        label, shown = _input(str(name), value, service, language)
        if value not in (None, "", [], {}) and not (plain and label is None):
            told[label or str(name)] = shown
    return told


def _input(name: str, value: Any, service: CompiledService, language: str) -> tuple[str | None, str]:
    group, _dot, key = name.rpartition(".")
    check = service.check(key)
    if check is not None and group in ("", "checks"):
        return in_language(check.name, language), _state(str(value))
    field = service.form.field(key) if group in ("", "form") else None
    if field is not None:
        context = service.context(on=clock.today(), lookups=shelf(clock.today()))
        shown = fields.kind(field.kind).show(value, field, language, context)
        return service.label(key, language), joined(shown)
    if group == "outcomes":
        return service.title(key, language), service.outcome(key, str(value), language)
    known = {
        "returns": _("Returned so far"), "score": _("Score of the visit"), "bill": _("Bill"),
        "percent": _("Per cent of the time"),
    }  # fmt: skip
    return known.get(key), _shown(value, language)


def _shown(value: Any, language: str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ("، " if language == "ar" else ", ").join(_shown(one, language) for one in value)
    if isinstance(value, Mapping):
        return ("، " if language == "ar" else ", ").join(
            f"{key}: {_shown(one, language)}" for key, one in value.items()
        )
    return str(value)


def _state(state: str) -> str:
    return {
        CheckResult.State.PASSED.value: _("In order"),
        CheckResult.State.FAILED.value: _("Not in order"),
        CheckResult.State.SILENT.value: _("No answer"),
        CheckResult.State.MANUAL.value: _("Checked by hand"),
    }.get(state, state)


def check_explained(
    check: CheckResult, declared: Check, service: CompiledService, language: str, *, plain: bool = False
) -> Explained:
    """Why a check came out as it did: who was asked what, the answer, the rule and its version. Read `plain` (by an
    outside body) it tells of no person: neither what was asked nor the answer."""
    why: Mapping[str, Any] = check.why
    row = lookup_row("registers", check.register, clock.today()) if check.register else None
    register = check.register if row is None else in_language(row.name, language)
    sentences = {
        CheckResult.State.PASSED.value: _("What was found meets the condition."),
        CheckResult.State.FAILED.value: in_language(declared.text, language)
        or _("What was found does not meet the condition."),
        CheckResult.State.SILENT.value: _("No answer came: an officer checks it."),
        CheckResult.State.MANUAL.value: _("No answer came: an officer has checked it."),
    }
    asked = _("Asked: {register}.").format(register=register) if register else ""
    inputs = _inputs(why.get("inputs"), service, language, plain=False)
    inputs |= _inputs(check.answer, service, language, plain=False)
    told = tuple(text for text in (sentences.get(check.state, check.state), asked) if text)
    if plain:
        return Explained(told, (), (), _version(why, service))
    return Explained(
        told, tuple(inputs.items()), (str(why.get("rule") or check.code),), _version(why, service)
    )
