"""Records of the registers: what the seed file and the control API hold, else a default made from the number."""

import json
from pathlib import Path
from typing import Any

from peers.registers import defaults

Record = dict[str, Any]
KEY_FIELDS = {
    "people": "national_id",
    "commercial": "number",
    "leases": "number",
    "deeds": "number",
    "civil_defence": "number",
    "building_permits": "number",
    "sanctions": "party_id",
}
NO_STATUS = {
    "people": "suspended",
    "commercial": "suspended",
    "leases": "expired",
    "deeds": "cancelled",
    "civil_defence": "expired",
    "building_permits": "cancelled",
    "sanctions": "not_found",
}


class SeedError(SystemExit):
    """The seed file cannot be used; the message says where."""


def load_seed(path: Path) -> dict[str, dict[str, Record]]:
    """Read `{"people": [record, ...], "commercial": [...], ...}`; keys are the fields of `KEY_FIELDS`."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SeedError(f"seed file {path}: {error}") from None
    if not isinstance(raw, dict):
        raise SeedError(f"seed file {path}: an object of registers is expected")
    seed: dict[str, dict[str, Record]] = {}
    for register, records in raw.items():
        if register not in KEY_FIELDS:
            raise SeedError(
                f"seed file {path}: unknown register {register!r}; known: {', '.join(KEY_FIELDS)}"
            )
        seed[register] = {}
        for place, record in enumerate(records):
            if not isinstance(record, dict) or not isinstance(record.get(KEY_FIELDS[register]), str):
                raise SeedError(
                    f"seed file {path}: {register}[{place}] has no {KEY_FIELDS[register]} as text"
                )
            seed[register][record[KEY_FIELDS[register]]] = record
    return seed


class Records:
    """Look-up by number: a record set through the control API wins, then the seed, then the default."""

    def __init__(self, seed: dict[str, dict[str, Record]]) -> None:
        self._seed = seed
        self._set: dict[str, dict[str, Record | None]] = {name: {} for name in KEY_FIELDS}

    def put(self, register: str, key: str, record: Record | None) -> None:
        """Hold `record` for this number until the peer restarts; None means "not found"."""
        if record is not None:
            record = {**record, KEY_FIELDS[register]: key}
        self._set[register][key] = record

    def drop(self, register: str, key: str) -> None:
        """Forget what was put."""
        self._set[register].pop(key, None)

    def count(self, register: str) -> int:
        """Records from the seed file."""
        return len(self._seed.get(register, {}))

    def find(self, register: str, query: dict[str, str]) -> Record | None:
        """The record that the query names, or None. A birth date that differs is "not found"."""
        key = query[KEY_FIELDS[register]]
        if key in self._set[register]:
            record = self._set[register][key]
        elif key in self._seed.get(register, {}):
            record = self._seed[register][key]
        else:
            record = defaults.make(register, key, query)
        if record is None:
            return None
        asked = query.get("birth_date")
        if register == "people" and asked and record.get("birth_date") != asked:
            return None
        return dict(record)
