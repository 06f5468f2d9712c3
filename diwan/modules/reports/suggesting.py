"""Which type of report is meant: words as people type them against the names and synonyms of the types. Pure.

Every type has phrases (synonyms, what a resident calls it, the official name). A phrase counts by the weight of its
words that the text holds and by the share of it that is held, so that "dead dog" finds dead animals before stray dogs.
A word is held as written, by its light stem, as the beginning of a word (somebody is still typing), or with one letter
wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final, Literal

from diwan.forms.lookups import Row
from diwan.kit.arabic import light_stem, tokens

Level = Literal["exact", "stem", "prefix", "near"]

MOST: Final = 3
WORDS_READ: Final = 40
LEVELS: Final[Mapping[Level, float]] = {"exact": 1.0, "stem": 0.85, "prefix": 0.6, "near": 0.5}
SYNONYM: Final = 1.0
CALLED: Final = 0.9
OFFICIAL: Final = 0.8
FALLOFF: Final = 0.004
"""What each further synonym counts less: the most usual stand first."""
FAINT: Final = 0.15
"""The weight of a word that says nothing about the type."""
SHARE: Final = 0.3
"""Types with less than this share of the best one's score are not offered."""
PREFIX_FROM: Final = 3
NEAR_FROM: Final = 4
_FAINT_WORDS: Final = frozenset(
    tokens(
        "في من على عند عن الى ما فيه يا هذا هذه التي الي اللي كل مره مرة مع يوجد هنا قدام جنب بعد قبل لو سمحت "
        "ابلغ بلاغ عندنا عندي كان كبيرة كبير the a an of in on is are my our there and to at for near please i we"
    )
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A type that may be meant: its code, the phrase that told (as written in the lookup), how its weakest word was
    found, and the score by which suggestions are ordered."""

    code: str
    phrase: str
    level: Level
    score: float


@dataclass(frozen=True, slots=True)
class _Phrase:
    code: str
    text: str
    words: tuple[str, ...]
    factor: float


class Types:
    """The phrases of all types, indexed by word. Made once for the rows of a day; never changed."""

    __slots__ = ("_deletions", "_phrases", "_postings", "_sorted", "_stems", "_weights", "rows")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)
        self._phrases = [phrase for row in rows for phrase in _phrases_of(row) if phrase.words]
        self._postings: dict[str, list[int]] = {}
        self._stems: dict[str, set[str]] = {}
        self._deletions: dict[str, set[str]] = {}
        holders: dict[str, set[str]] = {}
        for number, phrase in enumerate(self._phrases):
            for word in set(phrase.words):
                self._postings.setdefault(word, []).append(number)
                holders.setdefault(word, set()).add(phrase.code)
        for word in self._postings:
            self._stems.setdefault(light_stem(word), set()).add(word)
            for variant in _deletions(word) if len(word) >= NEAR_FROM else ():
                self._deletions.setdefault(variant, set()).add(word)
        self._sorted = sorted(self._postings)
        count = max(len(rows), 1)
        self._weights = {
            word: FAINT if word in _FAINT_WORDS else log(1 + count / len(codes))
            for word, codes in holders.items()
        }

    def suggest(self, text: str, *, most: int = MOST) -> list[Suggestion]:
        """Up to `most` types that the text may mean, the likeliest first; none when nothing fits."""
        held: dict[int, dict[str, Level]] = {}
        for asked in dict.fromkeys(tokens(text)[:WORDS_READ]):
            for word, level in self._found(asked).items():
                for number in self._postings[word]:
                    words = held.setdefault(number, {})
                    words[word] = _better(words.get(word), level)
        best: dict[str, Suggestion] = {}
        for number, words in held.items():
            made = self._weighed(self._phrases[number], words)
            if made is not None and (made.code not in best or made.score > best[made.code].score):
                best[made.code] = made
        ordered = sorted(best.values(), key=lambda made: (-made.score, made.code))
        return [made for made in ordered if made.score >= ordered[0].score * SHARE][:most]

    def _found(self, asked: str) -> dict[str, Level]:
        """Known words that the word asked for may be, each with the strongest way it was found."""
        found: dict[str, Level] = {}
        if len(asked) >= NEAR_FROM:
            near = {word for variant in _deletions(asked) for word in self._deletions.get(variant, ())}
            found.update((word, "near") for word in near if abs(len(word) - len(asked)) <= 1)
        if len(asked) >= PREFIX_FROM:
            found.update((word, "prefix") for word in self._beginning(asked))
        found.update((word, "stem") for word in self._stems.get(light_stem(asked), ()))
        if asked in self._postings:
            found[asked] = "exact"
        strongest = max((LEVELS[level] for level in found.values()), default=0.0)
        return {
            word: level for word, level in found.items() if LEVELS[level] >= min(strongest, LEVELS["stem"])
        }

    def _beginning(self, asked: str) -> Iterator[str]:
        for place in range(bisect_left(self._sorted, asked), len(self._sorted)):
            if not self._sorted[place].startswith(asked):
                return
            yield self._sorted[place]

    def _weighed(self, phrase: _Phrase, held: Mapping[str, Level]) -> Suggestion | None:
        whole = sum(self._weights[word] for word in phrase.words)
        parts = [(self._weights[word], held[word]) for word in phrase.words if word in held]
        weight = sum(part * LEVELS[level] for part, level in parts)
        telling = [level for part, level in parts if part > FAINT]
        if not telling:
            return None
        weakest = min(telling, key=lambda level: LEVELS[level])
        return Suggestion(phrase.code, phrase.text, weakest, weight * (weight / whole) * phrase.factor)


def suggest(text: str, rows: Sequence[Row] | Types) -> list[Suggestion]:
    """Up to three types that a text may mean, the likeliest first.

    `rows` are those of the lookup `report_types`; whoever asks often makes `Types` of them once.
    """
    return (rows if isinstance(rows, Types) else Types(rows)).suggest(text)


def _phrases_of(row: Row) -> Iterator[_Phrase]:
    for place, synonym in enumerate(row.data.get("synonyms", ())):
        yield _phrase(row.code, synonym, SYNONYM - FALLOFF * place)
    called = row.data.get("say", {})
    for text in (called.get("ar", ""), called.get("en", "")):
        yield _phrase(row.code, text, CALLED)
    for text in (row.name.ar, row.name.en):
        yield _phrase(row.code, text, OFFICIAL)


def _phrase(code: str, text: str, factor: float) -> _Phrase:
    return _Phrase(code, text, tuple(dict.fromkeys(tokens(text))), factor)


def _deletions(word: str) -> set[str]:
    """The word, and the word without each one of its letters."""
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _better(known: Level | None, found: Level) -> Level:
    return found if known is None or LEVELS[found] > LEVELS[known] else known
