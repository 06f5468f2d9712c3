"""What is stored of every automatic act: rule, version, inputs and result. `cases.explaining` puts it into words.

`History.why` holds `rule` (its name or text), `version` (of the service, by id), `inputs` (what it read), `result`,
`text` ({ar, en}, where the rule has words of its own), and with an act that opened tasks `routed`: one such map for
each desk that a rule found, with `to` (department, entity, nearest, same_officer) and `step`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from diwan.flow.effects import Decided
from diwan.people.actor import Actor


def complete(
    why: Mapping[str, Any] | None, *, by: Actor, version_id: int, result: str, routed: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any] | None:  # fmt: skip
    """The why of an act with all that has to stand in it; None for an act of a person that no rule had a part in."""
    kept: dict[str, Any] = {}
    if why is not None or by.is_system:
        rule = by.capacity.partition(":")[2] if by.is_system else ""
        kept = {"rule": rule, "version": version_id, "inputs": {}, "result": result, **(why or {})}
    if routed:
        kept["routed"] = [dict(one) for one in routed]
    return kept or None


def of_decision(effect: Decided, *, version_id: int) -> dict[str, Any]:
    """Why a rule routed the case."""
    return {
        "rule": effect.rule, "branch": effect.index, "inputs": dict(effect.inputs), "fired": list(effect.fired),
        "version": version_id, "result": effect.to,
        "text": {"ar": effect.why.ar, "en": effect.why.en} if effect.why else None,
    }  # fmt: skip
