"""The registers as the walker asks them: the records of the plan, without a network, and their moods by case."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from diwan.demo.plan.registers import seed
from diwan.kit import clock
from diwan.kit.ports import Answer

_KEYS: Final = {
    "people": "national_id", "commercial": "number", "leases": "number", "deeds": "number", "civil_defence": "number",
    "building_permits": "number", "sanctions": "party_id",
}  # fmt: skip
_records: dict[str, dict[str, Mapping[str, Any]]] = {}
_moods: dict[str, str] = {}


def know(day: date) -> None:
    """Read the records of the plan."""
    planned = seed(day)
    for register, records in planned.items():
        _records[register] = {record[_KEYS[register]]: record for record in records}


def set_mood(case_id: int, mood: str) -> None:
    """How the registers answer for one case: `silent`, `suspended`, or as usual (empty)."""
    _moods[f"case-{case_id}"] = mood


class PlannedRegisters:
    """Answers from the plan. Fills `diwan.kit.ports.RegisterClient`."""

    def ask(self, register: str, query: Mapping[str, Any], *, request_id: str, timeout: float) -> Answer:
        """The record of the plan; a lease that the plan does not list is in force and the party's own."""
        mood = _moods.get(request_id, "")
        if mood == "silent" and register == "leases":
            return Answer("silent", asked_at=clock.now(), took_ms=4000)
        key = str(query.get(_KEYS[register], ""))
        record = _records.get(register, {}).get(key)
        if record is None and register == "leases":
            record = _lease(key, query)
        if record is None:
            return Answer("not_found", asked_at=clock.now(), took_ms=12)
        if mood == "suspended" and register == "commercial":
            record = {**record, "status": "suspended"}
        return Answer("answered", data=record, asked_at=clock.now(), took_ms=11)


def _lease(number: str, query: Mapping[str, Any]) -> Mapping[str, Any]:
    today = clock.today()
    return {
        "number": number, "status": "active", "tenant_id": query.get("party_id", ""), "unit": {"area_m2": 60},
        "starts_on": (today - timedelta(days=200)).isoformat(), "ends_on": (today + timedelta(days=1300)).isoformat(),
    }  # fmt: skip
