"""The words by which a case is found, and the question that finds them. One form for index and question.

Four kinds of lexemes stand in one vector: a word as it is spelled after normalisation; its light stem, marked by "_";
whose the case is (`a_` account, `e_` establishment, `m_` municipality, `u_` unit, `p_` post that filed it); and the
thousands in which its number lies (`k_` fine, `g_` coarse). No word holds "_", so the kinds cannot meet.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from diwan.cases.context import form_context
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import alike
from diwan.forms.registry import kind
from diwan.kit import clock, numbers
from diwan.kit.arabic import light_stem, tokens
from diwan.kit.dates import joined

FINE: Final = 14
COARSE: Final = 17
"""Powers of two: the newest 16,384 numbers are looked through first, then 131,072, then all."""
_MOST_WORDS: Final = 400
_LONGEST: Final = 60
_QUOTED: Final = re.compile(r"[\"«“]([^\"«»“”]+)[\"»”]")
_OF_APPLICANT: Final = (
    "name_ar", "name_en", "establishment_ar", "establishment_en", "national_id", "mobile", "cr_number",
    "unified_number",
)  # fmt: skip


def lexemes(case: Case, service: CompiledService) -> list[str]:
    """Everything that stands in the vector of a case."""
    found = dict.fromkeys(word for text in _texts(case, service) for word in tokens(text)[:_MOST_WORDS])
    words = [word[:_LONGEST] for word in found][:_MOST_WORDS]
    return [*words, *dict.fromkeys(f"_{light_stem(word)}" for word in words), *_marks(case)]


def _texts(case: Case, service: CompiledService) -> Iterable[str]:
    """Applicant, numbers, the service with its synonyms, and every answer in both languages as a reader sees it."""
    yield from (str(case.applicant.get(name) or "") for name in _OF_APPLICANT)
    yield numbers.case_number(case.pk)
    definition = service.definition
    yield from (definition.name.ar, definition.name.en, definition.code, *definition.synonyms)
    context = form_context(service, applicant=case.applicant)
    for field in service.form.fields():
        value = case.data.get(field.key)
        if value is None or field.kind == "declaration":
            continue
        for language in ("ar", "en"):
            yield joined(kind(field.kind).show(value, field, language, context))


def _marks(case: Case) -> list[str]:
    owners = {
        "a": case.account_id, "e": case.establishment_id, "m": case.municipality_id, "u": case.unit_id,
        "p": case.filed_by_id,
    }  # fmt: skip
    return [
        *(f"{letter}_{key}" for letter, key in owners.items() if key is not None),
        f"k_{case.pk >> FINE}",
        f"g_{case.pk >> COARSE}",
    ]


def question(text: str) -> str:
    """The tsquery of what was typed: every word has to be there by its stem or by one that means the same
    (`catalogue.queries.alike`), words in quotes as they are spelled.

    Empty when nothing was typed that a case could be found by.
    """
    exact = [word for quoted in _QUOTED.findall(text) for word in tokens(quoted)]
    free = tokens(_QUOTED.sub(" ", text))
    today = clock.today()
    wanted = [f"'{word[:_LONGEST]}'" for word in exact]
    wanted += [" | ".join(f"'_{stem[:_LONGEST]}'" for stem in alike(word, today)) for word in free]
    return " & ".join(f"({words})" if "|" in words else words for words in dict.fromkeys(wanted))


def belonging(owners: Mapping[str, Iterable[int]]) -> str:
    """The part of a tsquery that keeps to cases of these owners, by the letters of the marks; empty for none."""
    return " | ".join(f"'{letter}_{key}'" for letter, keys in owners.items() for key in keys)


def near(case_id: int) -> str:
    """The part of a tsquery that keeps to the fine range of numbers in which the case lies."""
    return f"'k_{case_id >> FINE}'"


def wide(case_id: int) -> str:
    """The part of a tsquery that keeps to the coarse range of numbers in which the case lies."""
    return f"'g_{case_id >> COARSE}'"
