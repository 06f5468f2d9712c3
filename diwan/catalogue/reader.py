"""Typed reading of plain data. Everything wrong is noted with its place; reading goes on with something usable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from diwan.catalogue.source import CatalogueError, Source, Where, Wrong
from diwan.flow.reader import FAULTS
from diwan.flow.table import Text
from diwan.kit.errors import N_
from diwan.kit.naming import unknown

NO_TEXT = Text("", "")
MAPPING, LIST, TEXT, FLAG, MISSING, MISSING_LANGUAGE, REPEATED = (
    FAULTS[f"flow.{name}"]
    for name in (
        "not_a_mapping",
        "not_a_list",
        "not_a_text",
        "not_a_flag",
        "missing",
        "missing_language",
        "repeated",
    )
)
QUOTE = N_('A text is expected here; write it in quotes: "{value}"')
NUMBER = N_("A whole number of {least} or more is expected here.")
DAYS = N_("A whole number of days is expected here.")
BOTH = N_("A text in both languages is expected here: ar and en.")


class Doc:
    """A mapping somewhere in a source. Shares the list of faults with everything read from the same source."""

    __slots__ = ("faults", "path", "source", "value")

    def __init__(self, source: Source, path: Where = (), *, faults: list[Wrong] | None = None) -> None:
        self.source = source
        self.path = path
        self.faults: list[Wrong] = [] if faults is None else faults
        value: Any = source.data
        for part in path:
            value = value[part]
        if not isinstance(value, Mapping):
            self.wrong(MAPPING)
            value = {}
        self.value: Mapping[str, Any] = value

    def wrong(self, message: str, /, *path: str | int, **params: Any) -> None:
        """Note a fault at `path` below this mapping: a message id with its parameters."""
        place = (*self.path, *path)
        file, line = self.source.where(place)
        self.faults.append(Wrong(message, place, file, line, params))

    def _unknown(self, name: str, known: tuple[str, ...], *path: str | int, is_key: bool = False) -> None:
        found = unknown(name, known, is_key=is_key)
        self.wrong(found.message, *path, **found.params)

    def raise_faults(self) -> None:
        """CatalogueError when anything was wrong."""
        if self.faults:
            raise CatalogueError(self.faults)

    def keys(self, known: Iterable[str], required: Iterable[str] = ()) -> None:
        """Refuse unknown keys, naming the nearest known one; name the missing ones."""
        known = tuple(known)
        for key in self.value:
            if key not in known:
                self._unknown(str(key), known, key, is_key=True)
        for key in required:
            if self.value.get(key) is None:
                self.wrong(MISSING, name=key)

    def has(self, key: str) -> bool:
        """Whether the key has a value."""
        return self.value.get(key) is not None

    def text(self, key: str, default: str = "") -> str:
        """A text; codes must be written as text (`code: "0101"`)."""
        found = self.value.get(key)
        if found is None:
            return default
        if not isinstance(found, str) or not found.strip():
            if isinstance(found, int):
                self.wrong(QUOTE, key, value=found)
            else:
                self.wrong(TEXT, key)
            return default
        return found

    def maybe(self, key: str) -> str | None:
        """A text, or None when the key is absent."""
        return self.text(key) or None

    def one_of(self, key: str, known: Iterable[str], default: str) -> str:
        """One of the known values."""
        found = self.text(key, default)
        return found if self.known(found, known, key) else default

    def known(self, value: str, known: Iterable[str], *path: str | int) -> bool:
        """Whether the value is known; noted with the nearest one when not."""
        names = tuple(known)
        if value in names:
            return True
        self._unknown(value, names, *path)
        return False

    def flag(self, key: str, *, default: bool = False) -> bool:
        """true or false."""
        found = self.value.get(key, default)
        if isinstance(found, bool):
            return found
        self.wrong(FLAG, key)
        return default

    def number(self, key: str, default: int = 0, *, least: int = 0) -> int:
        """A whole number of at least `least`."""
        found = self.value.get(key, default)
        if isinstance(found, int) and not isinstance(found, bool) and found >= least:
            return found
        self.wrong(NUMBER, key, least=least)
        return default

    def days(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """A list of whole numbers of days, each once, the largest first."""
        found = self._list(key) if self.has(key) else default
        for index, item in enumerate(found):
            if not isinstance(item, int) or isinstance(item, bool) or item < 1:
                self.wrong(DAYS, key, index)
        return tuple(sorted({item for item in found if isinstance(item, int)}, reverse=True))

    def both(self, key: str, default: Text = NO_TEXT) -> Text:
        """A text in both languages."""
        found = self.value.get(key)
        if found is None:
            return default
        if not isinstance(found, Mapping):
            self.wrong(BOTH, key)
            return default
        Doc(self.source, (*self.path, key), faults=self.faults).keys(("ar", "en"))
        for language in ("ar", "en"):
            if not isinstance(found.get(language), str) or not found[language].strip():
                self.wrong(MISSING_LANGUAGE, key, name=language)
        return Text(str(found.get("ar") or ""), str(found.get("en") or ""))

    def maybe_both(self, key: str) -> Text | None:
        """A text in both languages, or None when the key is absent."""
        return self.both(key) if self.has(key) else None

    def texts(self, key: str, known: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of texts, each once."""
        found = self._list(key)
        names: list[str] = []
        for index, item in enumerate(found):
            if not isinstance(item, str) or not item.strip():
                self.wrong(TEXT, key, index)
            elif item in names:
                self.wrong(REPEATED, key, index, name=item)
            elif known is None or self.known(item, known, key, index):
                names.append(item)
        return tuple(names)

    def boths(self, key: str) -> tuple[Text, ...]:
        """A list of texts in both languages."""
        made: list[Text] = []
        for index, _item in enumerate(self._list(key)):
            inner = Doc(self.source, (*self.path, key, index), faults=self.faults)
            inner.keys(("ar", "en"))
            for language in ("ar", "en"):
                if not isinstance(inner.value.get(language), str) or not inner.value[language].strip():
                    inner.wrong(MISSING_LANGUAGE, name=language)
            made.append(Text(str(inner.value.get("ar") or ""), str(inner.value.get("en") or "")))
        return tuple(made)

    def items(self, key: str) -> list[Doc]:
        """A list of mappings."""
        return [
            Doc(self.source, (*self.path, key, index), faults=self.faults)
            for index, _ in enumerate(self._list(key))
        ]

    def inner(self, key: str) -> Doc | None:
        """A mapping, or None when the key is absent."""
        return Doc(self.source, (*self.path, key), faults=self.faults) if self.has(key) else None

    def mapping(self, key: str) -> dict[str, str]:
        """A mapping of texts to texts."""
        inner = self.inner(key)
        return {} if inner is None else {name: inner.text(name) for name in inner.value}

    def rest(self, taken: Iterable[str]) -> dict[str, Any]:
        """What is left beside the keys taken: the options of a kind."""
        known = set(taken)
        return {key: value for key, value in self.value.items() if key not in known and value is not None}

    def _list(self, key: str) -> Sequence[Any]:
        found = self.value.get(key)
        if found is None:
            return ()
        if isinstance(found, str) or not isinstance(found, Sequence):
            self.wrong(LIST, key)
            return ()
        return found
