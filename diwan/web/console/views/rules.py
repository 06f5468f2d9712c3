"""Rules of a version tried in the console: type values, see the result and which rows fired. Nothing is kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diwan.catalogue.compiled import CompiledService, load_definition
from diwan.catalogue.queries import lookups_on, previewing
from diwan.catalogue.schema import listed_answers
from diwan.flow.table import Text
from diwan.kit import clock, hijri
from diwan.kit.errors import DiwanError, InvalidValue
from diwan.people.doors import actor_of
from diwan.people.registry import EDIT_CATALOGUE
from diwan.rules import DecisionTable
from diwan.rules.decision import OTHERWISE
from diwan.rules.types import CelType
from diwan.ui.saying import say
from diwan.web.console.guards import needs_catalogue
from diwan.web.console.views.services import version_or_404
from diwan.web.signin.words import problems

CLASSES: Final = (1, 2, 3, 4, 5)
FEES: Final = "fees"
TABLE: Final = "table:"


@needs_catalogue
@require_GET
def rules(request: HttpRequest, version: int) -> HttpResponse:
    """All rules by where they stand; with `rule` the form of one, and with `try` what it answers."""
    row = version_or_404(version)
    actor, loaded = actor_of(request), load_definition(row)
    chosen = request.GET.get("rule", "")
    context: dict[str, Any] = {
        "row": row, "service": row.service, "name": loaded.name(actor.language), "chosen": chosen,
        "may_edit": actor.can(EDIT_CATALOGUE),
        "tables": [{"key": TABLE + name, "name": name} for name in previewing.tables(loaded)],
        "groups": _groups(loaded, chosen, actor.language),
        "has_fees": bool(loaded.fee_lines),
    }  # fmt: skip
    if chosen:
        context |= _tried(request, loaded, chosen)
    return render(request, "console/rules.html", context, status=422 if context.get("errors") else 200)


def _tried(request: HttpRequest, service: CompiledService, chosen: str) -> dict[str, Any]:
    """The form of the chosen rule and, once it is sent, the answer."""
    day, errors = _day(request)
    lookups = lookups_on(day)
    if chosen == FEES:
        types = previewing.read_by_fees(service)
    elif chosen.startswith(TABLE):
        types = previewing.read_by_table(service, _table(service, chosen))
    else:
        types = previewing.read_by_condition(service, _condition(service, chosen), lookups)
    typed = {name: request.GET.get(f"v.{name}", "")[:2000] for name in types}
    values, wrong = previewing.read_values(types, typed)
    errors |= {f"v.{name}": say(error) for name, error in wrong.items()}
    values.setdefault("today", day)
    found: dict[str, Any] = {
        "inputs": [
            _input(service, name, kind, typed[name], errors, actor_of(request).language)
            for name, kind in types.items() if name != "today"
        ],
        "day": day, "asks_class": chosen == FEES, "classes": [(str(one), str(one)) for one in CLASSES],
        "city_class": str(_class(request)), "is_table": chosen.startswith(TABLE), **problems(errors),
    }  # fmt: skip
    if chosen.startswith(TABLE):
        found |= {"table": _drawn(service, _table(service, chosen))}
    elif chosen != FEES:
        found |= {"text": _condition(service, chosen).text}
    if "try" in request.GET and not errors:
        found |= _answered(request, service, chosen, values, day)
    return found


def _answered(
    request: HttpRequest, service: CompiledService, chosen: str, values: Mapping[str, Any], day: date
) -> dict[str, Any]:
    lookups = lookups_on(day)
    try:
        if chosen == FEES:
            lines, totals = previewing.try_fees(
                service, values, on=day, city_class=_class(request), lookups=lookups
            )
            return {"answered": True, "lines": lines, "totals": totals}
        if chosen.startswith(TABLE):
            table = _table(service, chosen)
            verdict = table.evaluate(values)
            drawn = _drawn(service, table, verdict.fired)
            return {"answered": True, "verdict": verdict, "result": _words(verdict.value), "table": drawn}
        verdict = previewing.try_condition(service, _condition(service, chosen), values, lookups)
    except DiwanError as error:
        return {"answered": True, "refused": say(error)}
    return {"answered": True, "verdict": verdict, "result": _words(verdict.value)}


def _drawn(service: CompiledService, table: DecisionTable, fired: tuple[str, ...] = ()) -> dict[str, Any]:
    """A decision table as rows of texts, cells as they were written, the fired rows marked."""
    written = service.definition.tables[table.key]["rules"]
    rows = [
        {
            "id": row.id, "cells": [_cell(given.get("when") or {}, column.name) for column in table.inputs],
            "answers": [_words(row.outputs[column.name]) for column in table.outputs],
            "why": row.why, "fired": row.id in fired,
        }
        for row, given in zip(table.rows, written, strict=True)
    ]  # fmt: skip
    if table.otherwise is not None:
        answers = [_words(table.otherwise[column.name]) for column in table.outputs]
        rows.append(
            {
                "id": _("otherwise"),
                "cells": [""] * len(table.inputs),
                "answers": answers,
                "fired": OTHERWISE in fired,
            }
        )
    return {
        "hit": f"{table.hit} {table.aggregate or ''}".strip(), "rows": rows,
        "inputs": [(column.name, column.source.text) for column in table.inputs],
        "outputs": [column.name for column in table.outputs],
    }  # fmt: skip


def _cell(when: Mapping[str, Any], name: str) -> str:
    found = when.get(name)
    return ", ".join(_plain(one) for one in found) if isinstance(found, list | tuple) else _plain(found)


def _plain(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _words(value: Any) -> str:
    """A result in words: yes and no for true and false."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Mapping):
        return " · ".join(f"{key}: {_words(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_words(item) for item in value) if value else "[]"
    return "" if value is None else str(value)


def _input(
    service: CompiledService, name: str, kind: CelType, value: str, errors: Mapping[str, str], language: str
) -> dict[str, Any]:
    """One variable of the form: its name, what the form calls it, and how it is typed."""
    field, key = f"v.{name}", name.removeprefix("form.")
    asked = service.label(key, language) if name.startswith("form.") and service.has_field(key) else ""
    return {
        "field": field, "name": f"{asked} · {name}" if asked else name, "value": value,
        "error": errors.get(field, ""),
        "is_flag": kind is CelType.BOOL, "is_number": kind in (CelType.INT, CelType.DOUBLE),
        "is_list": kind in (CelType.STRINGS, CelType.LIST, CelType.MAP, CelType.DYN),
        "flags": [("true", _("Yes")), ("false", _("No"))], "choices": _choices(service, name),
        "help": _help(kind),
    }  # fmt: skip


def _help(kind: CelType) -> str:
    if kind is CelType.STRINGS:
        return _("One a line.")
    if kind is CelType.DATE:
        return _("Written like 2026-01-31.")
    return _("JSON.") if kind in (CelType.LIST, CelType.MAP, CelType.DYN) else ""


def _choices(service: CompiledService, name: str) -> list[tuple[str, str]]:
    """The codes that a question offers, where it has a short list of its own, or the answers of a decision table."""
    fact = next((one for one in service.form.facts if name == f"facts.{one.key}"), None)
    if fact is not None:
        return [(value, value) for value in listed_answers(service.definition, fact)]
    field = service.form.field(name.removeprefix("form.")) if name.startswith("form.") else None
    given = field.options.get("choices") if field is not None else None
    if not isinstance(given, list | tuple):
        return []
    return [
        (str(one["code"]), str(one["code"])) for one in given if isinstance(one, Mapping) and "code" in one
    ]


def _condition(service: CompiledService, key: str) -> previewing.Condition:
    found = next((rule for rule in previewing.conditions(service) if rule.key == key), None)
    if found is None:
        raise Http404
    return found


def _table(service: CompiledService, key: str) -> DecisionTable:
    found = previewing.tables(service).get(key.removeprefix(TABLE))
    if found is None:
        raise Http404
    return found


def _groups(service: CompiledService, chosen: str, language: str) -> list[dict[str, Any]]:
    """The conditions by what they are of; the group of the chosen one is open."""
    titles = {
        "pages": _("The form"), "documents": _("Documents"), "checks": _("Automatic checks"), "fees": _("Fees"),
        "workflow": _("The way of the request"),
    }  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {title: [] for title in titles.values()}
    for rule in previewing.conditions(service):
        title = titles.get(str(rule.place[0]), _("Other conditions"))
        shown = {"key": rule.key, "place": _place(service, rule, language), "text": rule.text}
        found.setdefault(title, []).append(shown)
    return [
        {"title": title, "rules": rules, "open": any(one["key"] == chosen for one in rules)}
        for title, rules in found.items() if rules
    ]  # fmt: skip


def _place(service: CompiledService, rule: previewing.Condition, language: str) -> str:
    """Where a rule stands, in words where there are some: the step, the question, the check, the line of the fee."""
    head, *rest = rule.place
    if head == "workflow":
        return f"{service.title(str(rest[1]), language)} · {_of_step(*rest[2:])}"
    named = _named(service, head, [part for part in rest if isinstance(part, int)])
    if named is None:
        return rule.key
    words = named if isinstance(named, str) else (named.en if language == "en" else named.ar)
    what = {"pass": _("what passes"), "asks": _("what the register is asked")}
    told = [what[part] for part in rest if isinstance(part, str) and part in what]
    return " · ".join([words, *told])


def _of_step(what: str | int, *more: str | int) -> str:
    """Which of a step's rules it is."""
    if what == "branches":
        return _("way %(number)s") % {"number": int(more[0]) + 1}
    return {
        "deadline": _("deadline"), "entity_from": _("which body"), "department_from": _("which department"),
        "party": _("which party"), "mobile": _("mobile number"),
    }[str(what)]  # fmt: skip


def _named(service: CompiledService, head: str | int, numbers: list[int]) -> Text | str | None:
    """What is at a place of the definition, by its numbers from outside in."""
    form = service.form
    if head == "pages":
        page = form.pages[numbers[0]]
        group = page.groups[numbers[1]] if len(numbers) > 1 else None
        if group is None:
            return page.title
        return group.fields[numbers[2]].label if len(numbers) > 2 else group.title or page.title
    if head == "result" and service.result is not None:
        return service.result.sections[numbers[0]].rows[numbers[1]].label
    if head == "documents":
        return form.slots[numbers[0]].label
    if head == "facts":
        return f"facts.{form.facts[numbers[0]].key}"
    if head == "lamp":
        return form.lamp[numbers[0]].text
    if head in ("checks", "fees"):
        found: tuple[Any, ...] = service.checks if head == "checks" else service.fee_lines
        return cast(Text, found[numbers[0]].name)
    return None


def _day(request: HttpRequest) -> tuple[date, dict[str, str]]:
    """The day that prices and lookups are of: typed, else today."""
    parts = {part: request.GET.get(f"day-{part}", "")[:10] for part in ("year", "month", "day")}
    if not any(parts.values()):
        return clock.today(), {}
    calendar: hijri.Calendar = "hijri" if request.GET.get("day-calendar") == "hijri" else "gregorian"
    try:
        return hijri.parse_date_parts(**parts, calendar=calendar), {}
    except InvalidValue as error:
        return clock.today(), {"day": say(error)}


def _class(request: HttpRequest) -> int:
    typed = request.GET.get("city_class", "1")
    return int(typed) if typed in [str(one) for one in CLASSES] else 1
