"""The test people: who applies, and who works at the posts. None of them has an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from diwan.catalogue.compiled import CompiledService
from diwan.flow.table import Text
from diwan.sandbox.errors import NoSuchPerson

FILE: Final = Path(__file__).with_name("people.yaml")


@dataclass(frozen=True, slots=True)
class TestPerson:
    """Somebody who applies: `snapshot` as a case keeps it. One who is `staff` too works under that code."""

    code: str
    about: Text
    snapshot: Mapping[str, Any]
    staff: str = ""

    @property
    def name(self) -> Text:
        """What people call them."""
        whole = "establishment" if self.snapshot["kind"] == "establishment" else "name"
        return Text(self.snapshot[f"{whole}_ar"], self.snapshot[f"{whole}_en"])


@cache
def applicants() -> Mapping[str, TestPerson]:
    """Those who can apply, by code."""
    return {
        code: TestPerson(code, Text(**given["about"]), given["snapshot"], given.get("staff", ""))
        for code, given in _data()["applicants"].items()
    }


@cache
def employees() -> Mapping[str, Text]:
    """Names of those who work, by code. Each of them holds every role: who may not act twice is what one tries out."""
    return {code: Text(**name) for code, name in _data()["employees"].items()}


@cache
def _data() -> Any:
    return YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))


def applicant(code: str) -> TestPerson:
    """The applicant with this code. Raises NoSuchPerson."""
    found = applicants().get(code)
    if found is None:
        raise NoSuchPerson
    return found


def fitting(service: CompiledService) -> list[TestPerson]:
    """Who can apply for a service: people, an establishment or an employee, as it says."""
    if service.definition.for_staff:
        kinds = {"employee"}
    else:
        names = {"individual": "individual", "business": "establishment"}
        kinds = {names[audience] for audience in service.audiences if audience in names}
    found = [person for person in applicants().values() if _kind(person) in kinds]
    return found or list(applicants().values())


def _kind(person: TestPerson) -> str:
    return "employee" if person.staff else str(person.snapshot["kind"])
