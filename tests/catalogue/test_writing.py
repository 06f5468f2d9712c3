"""A definition written as YAML reads back as the same definition; what is typed is read with limits."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from diwan.catalogue.actions.begin_draft import OUTLINE
from diwan.catalogue.compiling import compile_service
from diwan.catalogue.loader import read_definition
from diwan.catalogue.packaged import Packaged
from diwan.catalogue.source import CatalogueError, from_plain, read_text
from diwan.catalogue.writing import as_yaml
from tests.conftest import Some

GROWS = "".join(
    f"{name}: &{name} [{', '.join(['*' + of] * 8)}]\n" for of, name in zip("abcde", "bcdef", strict=True)
)


def test_every_packaged_service_reads_back_as_it_was_stored(packaged: Packaged, some_of: Some[Any]) -> None:
    for service in some_of(packaged.services):
        stored = json.loads(json.dumps(service.plain, sort_keys=True))
        text = as_yaml(stored)
        assert read_text(text).data == stored, service.definition.slug
        assert text.startswith("slug: ")


def test_codes_dates_and_notes_stay_texts() -> None:
    stored = {
        "slug": "x",
        "a": "0101",
        "b": "2026-01-01",
        "c": "0.50",
        "d": "yes",
        "e": "#x: 'y'",
        "f": "1\n2\n",
    }
    assert read_text(as_yaml(stored)).data == stored


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x]\n" + GROWS,
        "- &a [*a]\n",
        "[" * 3000,
        "x: " + "y" * 400_000,
        "a: [\n",
        "- {include: ../services/x}\n",
        "",
    ],
    ids=["grows", "holds itself", "deep", "long", "broken", "a path", "empty"],
)
def test_what_no_service_is(text: str) -> None:
    with pytest.raises(CatalogueError):
        read_text(text)


WRONG: list[Any] = [None, 5, "x", [], {}, ["a"], {"a": 1}, True, [[1]], [{"kind": "x"}], {"ar": 1}]


def test_a_service_changed_anyhow_is_compiled_or_refused(packaged: Packaged) -> None:
    """Whoever types in the workshop is never met by a crash."""
    source, chance, refused = read_text(OUTLINE), random.Random(4), 0
    compile_service(read_definition(source), packaged.shelf(), source=source)
    for _ in range(150):
        changed = copy.deepcopy(source.data)
        *way, last = chance.choice(list(_places(changed)))
        inner = changed
        for key in way:
            inner = inner[key]
        inner[last] = chance.choice(WRONG)
        try:
            compile_service(read_definition(from_plain(changed)), packaged.shelf())
        except CatalogueError as error:
            refused += bool(error.faults)
    assert refused > 100


def _places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*way, key)
        if isinstance(item, dict | list):
            yield from _places(item, (*way, key))
