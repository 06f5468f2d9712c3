"""A people register in memory, named by the tests in the setting `REGISTER_CLIENT`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from diwan.kit import clock
from diwan.kit.ports import Answer


class MemoryRegister:
    """Answers `people` from what the test put there; `mood` is up, silent or malformed."""

    mood: ClassVar[str] = "up"
    people: ClassVar[dict[str, dict[str, Any]]] = {}

    def ask(self, register: str, query: Mapping[str, Any], *, request_id: str, timeout: float) -> Answer:
        """The person with that identity and birth date."""
        if self.mood == "silent":
            return Answer("silent", asked_at=clock.real_now())
        if self.mood == "malformed":
            return Answer("answered", {"name": "?"}, asked_at=clock.real_now())
        found = self.people.get(str(query["national_id"]))
        if register != "people" or found is None or found["birth_date"] != query["birth_date"]:
            return Answer("not_found", asked_at=clock.real_now())
        return Answer("answered", found, asked_at=clock.real_now())
