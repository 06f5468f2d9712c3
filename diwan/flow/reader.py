"""Reads a plain definition and collects faults with their place instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from diwan.flow.errors import Fault
from diwan.flow.table import Text
from diwan.kit.errors import N_
from diwan.kit.naming import KEY, VALUE, unknown

Path = tuple[str | int, ...]
Where = Callable[[Path], tuple[str, int]]

FAULTS = {
    "flow.not_a_mapping": N_("A mapping of keys is expected here."),
    "flow.not_a_list": N_("A list is expected here."),
    "flow.not_a_text": N_("A text is expected here."),
    "flow.not_a_number": N_("A whole number above zero is expected here."),
    "flow.not_a_flag": N_("true or false is expected here."),
    "flow.unknown_key": KEY[0],
    "flow.unknown_key_near": KEY[1],
    "flow.unknown_value": VALUE[0],
    "flow.unknown_value_near": VALUE[1],
    "flow.missing": N_("The key {name} is missing."),
    "flow.missing_language": N_("The text is missing in language {name}."),
    "flow.repeated": N_("{name} is named twice."),
    "flow.too_large": N_("More than {most} are not allowed here."),
    "flow.bad_code": N_(
        "{name} is not a code: letters, digits, dot, dash and underscore, beginning with a letter."
    ),
    "flow.entity_once": N_("Name the entity either by entity or by entity_from."),
    "flow.party_first": N_(
        "A case cannot begin at {name}: another party is asked once the application is in."
    ),
    "flow.vote_twice": N_("A case can come to the vote {name} twice; votes given once would count again."),
    "flow.vote_choices": N_("A vote needs at least two choices."),
    "flow.vote_returns": N_("A committee decides and returns nothing: {name} must not be of effect return."),
    "flow.nearest_first": N_("A step for the nearest post above the employee cannot be the first one."),
    "flow.vote_quorum": N_("A quorum is at least two members."),
    "flow.wait_for_what": N_("A wait names a message, a date (until), or both."),
    "flow.on_date": N_(
        "on_date belongs to a wait for a message that also names until; without a message it is to."
    ),
    "flow.until_or_deadline": N_("A wait until a date has no deadline and no on_late besides."),
    "flow.each_inside": N_("Step {name} opens one for each inside another one for each."),
    "flow.item_outside": N_("item is known only between an each and its join, not at step {name}."),
    "flow.child_first": N_(
        "A case cannot begin at {name}: a case of its own is opened once this one exists."
    ),
    "flow.chain_approve": N_("A chain of signatures needs one action of effect approve, with step_up."),
    "flow.silence_without_deadline": N_("The silence rule needs a deadline."),
    "flow.late_silence_without_rule": N_("A late act of silence needs a silence rule in the same step."),
    "flow.late_order": N_("The rungs of lateness must rise."),
    "flow.return_target": N_("An action of effect return must lead to an applicant step, not to {name}."),
    "flow.resume_target": N_(
        "Step {name} cannot be resumed at: a person or an automatic act must work there."
    ),
    "flow.authority_step": N_(
        "Step {name} has no action of effect approve with step_up, so it gives no authority."
    ),
    "flow.authority_bypassed": N_("The document can be reached without passing {name}."),
    "flow.not_human": N_("Nobody works at step {name}."),
    "flow.not_a_split": N_("{name} is not a split or each step."),
    "flow.not_an_end": N_("{name} is not an end step."),
    "flow.two_joins": N_("Split {name} already has a join."),
    "flow.no_join": N_("Split {name} has no join."),
    "flow.no_exit": N_("There is no way out of step {name}."),
    "flow.unreachable": N_("No case can ever reach step {name}."),
    "flow.circle": N_("Steps {name} lead in a circle without anything to wait for."),
    "flow.rule": N_("The rule is wrong: {reason} (column {column})"),
    "flow.stuck": N_("A case can get stuck at {name}: from there no end can be reached."),
    "flow.broken": N_("A case can break at step {name}: {reason}"),
    "flow.join_never": N_("The join {name} can never fire."),
    "flow.step_longer": N_(
        "Step {name} may take longer ({amount}) than the whole ({most}) in the same unit."
    ),
    "flow.too_many_states": N_("The workflow has more than {most} positions; it cannot be proven sound."),
}


class Reader:
    """Typed access to a plain definition. Every method answers something usable and notes what is wrong."""

    def __init__(self, where: Where | None = None) -> None:
        self.faults: list[Fault] = []
        self._where = where

    def fault(self, code: str, path: Path, *, trail: tuple[str, ...] = (), **params: Any) -> None:
        """Note a fault at ``path``."""
        file, line = self._where(path) if self._where is not None else (None, None)
        self.faults.append(Fault(code, FAULTS[code], params, path, file, line, trail))

    def mapping(self, value: Any, path: Path) -> Mapping[str, Any]:
        """A mapping with text keys."""
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return value
        self.fault("flow.not_a_mapping", path)
        return {}

    def keys(
        self, value: Mapping[str, Any], path: Path, known: Iterable[str], required: Iterable[str] = ()
    ) -> None:
        """Refuse unknown keys, naming the nearest known one, and name missing ones."""
        known = tuple(known)
        for key in value:
            if key not in known:
                self._unknown(key, known, (*path, key), is_key=True)
        for key in required:
            if value.get(key) is None:
                self.fault("flow.missing", path, name=key)

    def known(self, name: str, names: Iterable[str], path: Path) -> bool:
        """Whether ``name`` is one of ``names``; noted when not."""
        names = tuple(names)
        if name in names:
            return True
        self._unknown(name, names, path)
        return False

    def _unknown(self, name: str, known: Sequence[str], path: Path, *, is_key: bool = False) -> None:
        found = unknown(name, known, is_key=is_key)
        self.fault(f"flow.{found.code}", path, **found.params)

    def text(self, value: Mapping[str, Any], key: str, path: Path) -> str | None:
        """A non-empty text, or None when the key is absent."""
        found = value.get(key)
        if found is None:
            return None
        if not isinstance(found, str) or not found.strip():
            self.fault("flow.not_a_text", (*path, key))
            return None
        return str(found)

    def choice(
        self, value: Mapping[str, Any], key: str, path: Path, names: Sequence[str], default: str
    ) -> str:
        """One of ``names``."""
        found = self.text(value, key, path)
        if found is None or not self.known(found, names, (*path, key)):
            return default
        return found

    def flag(self, value: Mapping[str, Any], key: str, path: Path, *, default: bool = False) -> bool:
        """true or false."""
        found = value.get(key, default)
        if not isinstance(found, bool):
            self.fault("flow.not_a_flag", (*path, key))
            return default
        return found

    def number(self, value: Mapping[str, Any], key: str, path: Path, *, default: int = 1) -> int:
        """A whole number above zero."""
        found = value.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or found < 1:
            self.fault("flow.not_a_number", (*path, key))
            return default
        return int(found)

    def texts(self, value: Mapping[str, Any], key: str, path: Path) -> tuple[str, ...]:
        """A list of texts without repetition; one text alone is a list of one."""
        found = value.get(key)
        if found is None:
            return ()
        if isinstance(found, str):
            found = [found]
        if not isinstance(found, Sequence):
            self.fault("flow.not_a_list", (*path, key))
            return ()
        names: dict[str, None] = {}
        for index, item in enumerate(found):
            if not isinstance(item, str) or not item:
                self.fault("flow.not_a_text", (*path, key, index))
            elif item in names:
                self.fault("flow.repeated", (*path, key, index), name=item)
            else:
                names[str(item)] = None
        return tuple(names)

    def rules(self, value: Mapping[str, Any], key: str, path: Path) -> dict[str, str]:
        """A mapping of names to rules (CEL)."""
        found: dict[str, str] = {}
        if value.get(key) is not None:
            listed = self.mapping(value[key], (*path, key))
            for name in listed:
                found[name] = self.text(listed, name, (*path, key)) or ""
        return found

    def both(self, value: Mapping[str, Any], key: str, path: Path) -> Text | None:
        """A text in Arabic and English, both present; None when the key is absent."""
        found = value.get(key)
        if found is None:
            return None
        path = (*path, key)
        texts = self.mapping(found, path)
        self.keys(texts, path, ("ar", "en"))
        for language in ("ar", "en"):
            if not isinstance(texts.get(language), str) or not texts[language].strip():
                self.fault("flow.missing_language", path, name=language)
        return Text(str(texts.get("ar", "")), str(texts.get("en", "")))

    def items(self, value: Mapping[str, Any], key: str, path: Path) -> list[tuple[Path, Mapping[str, Any]]]:
        """A list of mappings, each with its path."""
        found = value.get(key)
        if found is None:
            return []
        if isinstance(found, str) or not isinstance(found, Sequence):
            self.fault("flow.not_a_list", (*path, key))
            return []
        return [
            ((*path, key, index), self.mapping(item, (*path, key, index))) for index, item in enumerate(found)
        ]
