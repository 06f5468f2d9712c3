"""The history of a case in whole sentences: who, in what capacity and on whose behalf, did what, from what to what."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from diwan.cases.models import History
from diwan.cases.wording import act_text
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import lookup_row
from diwan.forms.context import FormContext
from diwan.forms.registry import kind
from diwan.kit import clock
from diwan.kit.dates import joined
from diwan.kit.errors import N_

SENTENCES: Final = {
    "opened": N_("%(who)s submitted the application"),
    "acted": N_("%(who)s took the step %(step)s: %(outcome)s"),
    "returned": N_("%(who)s returned it for completion at the step %(step)s"),
    "resubmitted": N_("%(who)s completed it and sent it again"),
    "claimed": N_("%(who)s took the case over"),
    "assigned": N_("%(who)s assigned the case"),
    "released": N_("%(who)s gave the case back to the unit"),
    "withdrawn": N_("%(who)s withdrew the application"),
    "cancelled": N_("%(who)s cancelled the case"),
    "reopened": N_("%(who)s opened the case again"),
    "undone": N_("%(who)s took the last act back"),
}
CHANGED: Final = N_("%(who)s changed %(field)s from %(before)s to %(after)s")
ADDED: Final = N_("%(who)s added %(field)s: %(after)s")
REMOVED: Final = N_("%(who)s removed %(field)s: %(before)s")


def sentences(row: History, service: CompiledService, context: FormContext, language: str) -> list[str]:
    """One sentence for the act, then one for each answer that it changed; the language in force is `language`."""
    told = {
        "who": who(row, language),
        "step": service.title(row.step, language) if row.step else "",
        "outcome": service.outcome(row.step, row.outcome, language) if row.outcome else "",
    }
    pattern = SENTENCES.get(row.act)
    if pattern is None or (row.act == "acted" and not told["outcome"]):
        first = " · ".join(
            part
            for part in (f"{told['who']}: {act_text(row.act)}", told["step"], _rest(row, service, language))
            if part
        )
    else:
        first = _(pattern) % told
    return [
        first,
        *(_change(key, pair, row, service, context, language) for key, pair in row.changes.items()),
    ]


def reasons(row: History, language: str) -> list[str]:
    """Why: reasons, the words of the rule or register, the note."""
    found = [_name(code, language) for code in row.reasons]
    why: Mapping[str, Any] = row.why or {}
    text = why.get("text")
    if isinstance(text, Mapping) and text.get(language):
        found.append(str(text[language]))
    if row.note:
        found.append(row.note)
    return found


def who(row: History, language: str) -> str:
    """`Fahd Alotaibi (head of section, on behalf of ...)`."""
    name = row.actor_en if language == "en" else row.actor_ar
    title = row.title_en if language == "en" else row.title_ar
    within = [title] if title and title != name else []
    if row.on_behalf_of:
        arabic, _bar, english = row.on_behalf_of.partition(" | ")
        within.append(f"{_('on behalf of')} {(english or arabic) if language == 'en' else arabic}")
    return f"{name} ({(', ' if language == 'en' else '، ').join(within)})" if within else name


def shown(key: str, value: Any, service: CompiledService, context: FormContext, language: str) -> str:
    """An answer in words; papers by their number."""
    field = service.form.field(key)
    if field is None:
        return str(len(value)) if isinstance(value, list) else str(value or "")
    if value in (None, "", []):
        return ""
    return joined(kind(field.kind).show(value, field, language, context))


def _change(
    key: str, pair: Any, row: History, service: CompiledService, context: FormContext, language: str
) -> str:
    before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
    told = {
        "who": who(row, language),
        "field": service.label(key, language),
        "before": shown(key, before, service, context, language),
        "after": shown(key, after, service, context, language),
    }
    pattern = CHANGED if told["before"] and told["after"] else ADDED if told["after"] else REMOVED
    return _(pattern) % told


def _rest(row: History, service: CompiledService, language: str) -> str:
    """Where a rule led, or the number that an act ended in."""
    if row.act == "decided":
        return service.title(row.outcome, language)
    return row.outcome if row.act in ("paid", "issued", "followed") else ""


def _name(code: str, language: str) -> str:
    row = lookup_row("reasons", code, clock.today())
    return code if row is None else (row.name.en if language == "en" else row.name.ar)
