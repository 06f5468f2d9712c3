"""Carrying a position over to another workflow of the same service: where it then stands, or why it cannot.

A token keeps its id, its frames and its data; only the names of its steps may change, by a mapping that whoever moves
the cases gives. Its step must exist there with the same kind and, where somebody outside is already asked or the
machine already works (a payment, a document, a message), with the same meaning. What an approval authorises stays
authorised, and nothing is authorised by carrying it over. From the resulting position the new workflow is walked, with
the proof of `flow.soundness`: an end can be reached whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from diwan.flow.graph import reached, successors
from diwan.flow.position import Join, Position, Token
from diwan.flow.soundness import flaw_from, same_place
from diwan.flow.table import ORIGIN, ROUTING, Step, Table

GONE = "gone"
KIND = "kind"
MEANING = "meaning"
ORIGIN_GONE = "origin"
SPLIT = "split"
APPROVAL = "approval"
STUCK = "stuck"
TOO_MANY = "too_many"

_SEAT: Final = ("role", "scope", "department_from", "nearest")
#: Kind -> fields of the step that must be alike under whoever is waited for. A kind that is not named here is alike
#: only when nothing but words, people and periods differs.
_MEANING: Final[Mapping[str, tuple[str, ...]]] = {
    "task": (),
    "visit": ("checklist",),
    "applicant": (),
    "choice": ("exits",),
    "outside": (),
    "automatic": ("act",),
    "payment": (),
    "document": ("template", "authority"),
    "wait": ("message", "until"),
    "chain": ("key", "up_to", *_SEAT, "exits"),
    "child": ("service", "passes", "exits"),
    "party": ("key", "party", "mobile", "shows", "exits"),
    "vote": ("key", "vote", "role", "exits"),
}
_WORDS_AND_PEOPLE: Final = frozenset(
    {"title", "public", "notices", "deadline", "silence", "state", "holder", "paused", "role", "scope",
     "department_from", "nearest", "not_same_person_as", "may_change", "same_officer", "exits", "on_expired"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a position cannot be carried over: one of the codes above, the step it stands at, and the one meant there."""

    code: str
    step: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """The position in the new workflow; None with the reasons when there is none."""

    position: Position | None
    hindrances: tuple[Hindrance, ...] = ()


@dataclass(eq=False)
class Transplant:
    """From one workflow to another. ``steps`` maps steps of the old one to those meant in the new one, where their
    names differ. Remembers the proof for each place, so that many cases cost little more than one."""

    old: Table
    new: Table
    steps: Mapping[str, str] = field(default_factory=dict)
    _proofs: dict[Position, str | None] = field(default_factory=dict, repr=False)

    def name(self, step: str) -> str:
        """The step of the new workflow that stands for a step of the old one."""
        return self.steps.get(step, step)

    def carry(self, position: Position) -> Carried:
        """The position in the new workflow, or every reason against it. An ended case stays where it is."""
        found = tuple(dict.fromkeys(self._hindrances(position)))
        if found:
            return Carried(None, found)
        moved = Position(
            tokens=tuple(self._token(token) for token in position.tokens),
            joins=tuple(
                Join(join.id, self.name(join.split), join.expected, join.arrived) for join in position.joins
            ),
            next_id=position.next_id,
            returns=position.returns,
        )
        flaw = self._flaw(moved)
        if flaw is not None:
            code = TOO_MANY if flaw == "flow.too_many_states" else STUCK
            return Carried(None, (Hindrance(code, position.tokens[0].step, moved.tokens[0].step),))
        return Carried(moved)

    def _token(self, token: Token) -> Token:
        data = dict(token.data)
        if ORIGIN in data:
            data[ORIGIN] = self.name(data[ORIGIN])
        return Token(token.id, self.name(token.step), token.frames, data)

    def _hindrances(self, position: Position) -> Iterator[Hindrance]:
        if not position.tokens:
            yield Hindrance(GONE, position.end or "")
        for token in position.tokens:
            yield from self._of_token(token)
        for join in position.joins:
            split = self.new.steps.get(self.name(join.split))
            old = self.old.steps[join.split]
            if (
                split is None
                or split.kind != old.kind
                or (old.key in self.old.joins) != (split.key in self.new.joins)
            ):
                yield Hindrance(SPLIT, join.split, self.name(join.split))

    def _of_token(self, token: Token) -> Iterator[Hindrance]:
        to = self.name(token.step)
        old, new = self.old.steps[token.step], self.new.steps.get(to)
        if new is None:
            yield Hindrance(GONE, token.step, to)
            return
        if new.kind != old.kind or new.kind in ROUTING:
            yield Hindrance(KIND, token.step, to)
            return
        if not self._means_the_same(old, new):
            yield Hindrance(MEANING, token.step, to)
        origin = token.data.get(ORIGIN)
        if origin is not None and self.name(origin) not in self.new.steps:
            yield Hindrance(ORIGIN_GONE, origin, self.name(origin))
        yield from (Hindrance(APPROVAL, token.step, step) for step in self._unapproved(token.step, to))

    def _means_the_same(self, old: Step, new: Step) -> bool:
        names = _MEANING.get(old.kind)
        if names is None:
            names = tuple(spec.name for spec in fields(Step) if spec.name not in _WORDS_AND_PEOPLE)
        return all(self._renamed(name, old) == _told(name, new) for name in names)

    def _renamed(self, name: str, step: Step) -> Any:
        if name == "authority":
            return tuple(self.name(key) for key in step.authority)
        return _told(name, step)

    def _unapproved(self, old: str, new: str) -> Iterator[str]:
        """Documents that could go out from there without the approval that the new workflow asks for."""
        ahead = successors(self.new)
        for key, step in self.new.steps.items():
            if not step.authority or key not in reached((new,), ahead, without=frozenset(step.authority)):
                continue
            before = self._document_before(key)
            if before is None or before.key not in reached(
                (old,), successors(self.old), without=frozenset(before.authority)
            ):
                yield key

    def _document_before(self, key: str) -> Step | None:
        """The document step of the old workflow that this one stands for, when the same steps authorise it."""
        wanted = self.new.steps[key]
        for step in self.old.steps.values():
            if self.name(step.key) == key and self._means_the_same(step, wanted):
                return step
        return None

    def _flaw(self, position: Position) -> str | None:
        place = same_place(self.new, position)
        if place not in self._proofs:
            self._proofs[place] = flaw_from(self.new, place)
        return self._proofs[place]


def _told(name: str, step: Step) -> Any:
    """A field of a step as it is compared: of the ways out only which there are, not where they lead."""
    if name == "exits":
        return frozenset(step.exits)
    if name == "key":
        return step.key
    return getattr(step, name)
