"""Typed reading of plain data. Everything wrong is noted with its place; reading goes on with something usable."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from diwan.catalogue.source import CatalogueError, Source, Where, Wrong
from diwan.flow.reader import FAULTS
from diwan.flow.table import Text
from diwan.forms.options import unknown

NO_TEXT = Text("", "")


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
            self.wrong("a mapping of keys is expected here", said="flow.not_a_mapping")
            value = {}
        self.value: Mapping[str, Any] = value

    def wrong(self, message: str, *path: str | int, said: str = "", **params: Any) -> None:
        """Note a fault at `path` below this mapping; `said` names the message of the flow that says the same in both
        languages, with its parameters."""
        place = (*self.path, *path)
        file, line = self.source.where(place)
        told = (FAULTS[said], params) if said else None
        self.faults.append(Wrong(message, place, file, line, told))

    def _unknown(self, name: str, known: tuple[str, ...], what: str, *path: str | int) -> None:
        near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
        said = f"flow.unknown_{what}"
        if near:
            self.wrong(unknown(name, known, what=what), *path, said=f"{said}_near", name=name, near=near[0])
        else:
            names = ", ".join(sorted(known))
            self.wrong(unknown(name, known, what=what), *path, said=said, name=name, known=names)

    def raise_faults(self) -> None:
        """CatalogueError when anything was wrong."""
        if self.faults:
            raise CatalogueError(self.faults)

    def keys(self, known: Iterable[str], required: Iterable[str] = ()) -> None:
        """Refuse unknown keys, naming the nearest known one; name the missing ones."""
        known = tuple(known)
        for key in self.value:
            if key not in known:
                self._unknown(str(key), known, "key", key)
        for key in required:
            if self.value.get(key) is None:
                self.wrong(f"the key {key} is missing", said="flow.missing", name=key)

    def has(self, key: str) -> bool:
        """Whether the key has a value."""
        return self.value.get(key) is not None

    def text(self, key: str, default: str = "") -> str:
        """A text; codes must be written as text (`code: "0101"`)."""
        found = self.value.get(key)
        if found is None:
            return default
        if not isinstance(found, str) or not found.strip():
            hint = f' (write it in quotes: "{found}")' if isinstance(found, int) else ""
            self.wrong(f"a text is expected here{hint}", key, said="" if hint else "flow.not_a_text")
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
        self._unknown(value, names, "value", *path)
        return False

    def flag(self, key: str, *, default: bool = False) -> bool:
        """true or false."""
        found = self.value.get(key, default)
        if isinstance(found, bool):
            return found
        self.wrong("true or false is expected here", key, said="flow.not_a_flag")
        return default

    def number(self, key: str, default: int = 0, *, least: int = 0) -> int:
        """A whole number of at least `least`."""
        found = self.value.get(key, default)
        if isinstance(found, int) and not isinstance(found, bool) and found >= least:
            return found
        self.wrong(f"a whole number of {least} or more is expected here", key)
        return default

    def days(self, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """A list of whole numbers of days, each once, the largest first."""
        found = self._list(key) if self.has(key) else default
        for index, item in enumerate(found):
            if not isinstance(item, int) or isinstance(item, bool) or item < 1:
                self.wrong("a whole number of days is expected here", key, index)
        return tuple(sorted({item for item in found if isinstance(item, int)}, reverse=True))

    def both(self, key: str, default: Text = NO_TEXT) -> Text:
        """A text in both languages."""
        found = self.value.get(key)
        if found is None:
            return default
        if not isinstance(found, Mapping):
            self.wrong("a text in both languages is expected here: {ar: ..., en: ...}", key)
            return default
        Doc(self.source, (*self.path, key), faults=self.faults).keys(("ar", "en"))
        for language in ("ar", "en"):
            if not isinstance(found.get(language), str) or not found[language].strip():
                self.wrong(
                    f"the text is missing in language {language}",
                    key,
                    said="flow.missing_language",
                    name=language,
                )
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
                self.wrong("a text is expected here", key, index, said="flow.not_a_text")
            elif item in names:
                self.wrong(f"{item} is named twice", key, index, said="flow.repeated", name=item)
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
                    inner.wrong(f"the text is missing in language {language}")
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
            self.wrong("a list is expected here", key, said="flow.not_a_list")
            return ()
        return found
