"""The surroundings of a service's form: lookups and map of today, who applies, what is renewed."""

from collections.abc import Callable, Mapping
from typing import Any

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.surroundings import surroundings
from diwan.forms.context import FormContext

Entry = Callable[[str], Mapping[str, Any]]
Belongs = Callable[[str, Mapping[str, Any]], bool]
_find_entry: list[Entry] = []
_belongs: list[Belongs] = []


def entries_come_from(find: Entry) -> Entry:
    """Register how the entry to be renewed is found by its number (the registers are above this package)."""
    _find_entry[:] = [find]
    return find


def entries_belong_by(belongs: Belongs) -> Belongs:
    """Register how it is told whether an entry is that of an applicant's snapshot."""
    _belongs[:] = [belongs]
    return belongs


def entry_is_of(number: str, applicant: Mapping[str, Any]) -> bool:
    """Whether the entry of this number belongs to the applicant."""
    return bool(number) and bool(_belongs) and _belongs[0](number, applicant)


def entry_of(number: str) -> Mapping[str, Any]:
    """The answers kept in a register entry, with `kind`, `number`, `status`, `valid_from`, `valid_to`; else empty."""
    return _find_entry[0](number) if number and _find_entry else {}


def entry_number(facts: Mapping[str, Any]) -> str:
    """The number of the register entry that a case renews or is about; empty without one."""
    return str(facts.get("renews") or facts.get("about") or "")


def form_context(
    service: CompiledService, *, applicant: Mapping[str, Any], renews: str = "", part: str | None = ""
) -> FormContext:
    """Everything a form of this service is read, checked and shown with today; `renews` is the number of the entry that
    it renews or is about."""
    return surroundings(service, applicant=applicant, entry=entry_of(renews), part=part)
