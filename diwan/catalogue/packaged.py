"""The catalogue as it comes with the product: YAML under `services/`, `workflows/`, `lookups/`, `calendars/`,
checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from diwan.catalogue.compiling import compile_service, plain
from diwan.catalogue.inner import NOT_INTERNAL, inner_faults
from diwan.catalogue.loader import read_definition
from diwan.catalogue.reader import REPEATED, Doc
from diwan.catalogue.schema import Definition
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.source import NAME, ROOT, CatalogueError, Source, Where, Wrong, read_yaml
from diwan.flow.table import Text
from diwan.forms.lookups import Row
from diwan.kit.arabic import normalise, sort_key
from diwan.kit.canonical import digest
from diwan.kit.errors import N_

_ROW = ("code", "name", "synonyms", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class PackedRow:
    """A row of a packaged lookup with its dates."""

    lookup: str
    row: Row
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class PackedService:
    """A packaged service: its definition as plain JSON (workflow inside), its hash, what it compiles to."""

    definition: Definition
    plain: Mapping[str, Any]
    hash: str
    compiled: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Packaged:
    """Everything that comes with the product."""

    services: tuple[PackedService, ...]
    rows: tuple[PackedRow, ...]
    calendars: tuple[Mapping[str, Any], ...]

    def shelf(self) -> Shelf:
        """The packaged lookups, the latest row of each code."""
        return shelf_of(self.rows)


def shelf_of(rows: tuple[PackedRow, ...]) -> Shelf:
    """Rows on a shelf; of several with one code the latest."""
    latest: dict[str, dict[str, Row]] = {}
    for packed in sorted(rows, key=lambda packed: packed.valid_from):
        latest.setdefault(packed.lookup, {})[packed.row.code] = packed.row
    return Shelf({name: list(found.values()) for name, found in latest.items()})


def read_packaged(root: Path = ROOT) -> Packaged:
    """Read and compile the whole packaged catalogue. CatalogueError with every fault of every file."""
    faults: list[Wrong] = []
    rows: list[PackedRow] = []
    for path in sorted((root / "lookups").glob("*.yaml")):
        _gather(faults, lambda path=path: rows.extend(read_lookup(path)))
    shelf = shelf_of(tuple(rows))
    services: list[PackedService] = []
    for path in sorted((root / "services").rglob("*.yaml")):
        _gather(faults, lambda path=path: services.append(read_service(path, shelf, root=root)))
    calendars: list[Mapping[str, Any]] = []
    for path in sorted((root / "calendars").glob("*.yaml")):
        _gather(faults, lambda path=path: calendars.append(plain(read_yaml(path).data)))
    faults += _repeated(services)
    if faults:
        raise CatalogueError(faults)
    return Packaged(tuple(services), tuple(rows), tuple(calendars))


def _gather(faults: list[Wrong], run: Any) -> None:
    try:
        run()
    except CatalogueError as error:
        faults.extend(error.faults)


def _repeated(services: list[PackedService]) -> list[Wrong]:
    """A slug or code used by two services; a related service that does not exist."""
    found: list[Wrong] = []
    for name in ("slug", "code"):
        used = [getattr(service.definition, name) for service in services]
        found += [
            Wrong(
                N_("Two services have {value} as their {name}."),
                (name,),
                params={"name": name, "value": value},
            )
            for value in sorted({v for v in used if used.count(v) > 1})
        ]
    slugs = {service.definition.slug for service in services if not service.definition.internal}
    internal = {service.definition.slug for service in services if service.definition.internal}
    for service in services:
        entry = service.definition.entry
        named = (
            *service.definition.related,
            *((entry.renewal,) if entry is not None and entry.renewal else ()),
        )
        missing = [slug for slug in named if slug not in slugs]
        found += [
            Wrong(
                N_("{service} names the service {name}, which does not exist."),
                params={"service": service.definition.slug, "name": slug},
            )
            for slug in missing
        ]
        found += [
            Wrong(NOT_INTERNAL, params={"service": service.definition.slug, "name": follow_up.service})
            for follow_up in service.definition.follow_ups
            if follow_up.service not in internal
        ]
    inner = {
        service.definition.slug: service.definition for service in services if service.definition.internal
    }
    for service in services:
        found += inner_faults(service.definition, inner.get)
    return found


def read_service(path: Path, shelf: Shelf, *, root: Path = ROOT) -> PackedService:
    """Read, complete and compile one service file."""
    source = read_yaml(path, parts=root / "parts")
    inline_workflow(source, root)
    definition = read_definition(source)
    compiled = compile_service(definition, shelf, source=source)
    data = plain(source.data)
    return PackedService(definition, data, digest(data), compiled)


def inline_workflow(source: Source, root: Path) -> None:
    """Put a workflow that is named by the service in its place, with the positions of its own file."""
    name = source.data.get("workflow") if isinstance(source.data, dict) else None
    if not isinstance(name, str):
        return
    path = root / "workflows" / f"{name}.yaml"
    if NAME.fullmatch(name) is None or not path.is_file():
        known = ", ".join(sorted(entry.stem for entry in (root / "workflows").glob("*.yaml")))
        file, line = source.where(("workflow",))
        raise CatalogueError(
            [
                Wrong(
                    N_("There is no workflow {name}. Known workflows: {known}."),
                    ("workflow",),
                    file,
                    line,
                    {"name": name, "known": known},
                )
            ]
        )
    workflow = read_yaml(path, parts=root / "parts")
    source.data["workflow"] = workflow.data
    inner: dict[Where, tuple[str, int]] = {
        ("workflow", *where): place for where, place in workflow.places.items()
    }
    source.places.update(inner)


def read_lookup(path: Path) -> list[PackedRow]:
    """Read a lookup: `lookup`, `valid_from`, `columns` (the further columns) and `rows`.

    Synonyms go into the search key; a lookup that names them among its columns keeps them as they were written too.
    """
    source = read_yaml(path)
    doc = Doc(source)
    doc.keys(("lookup", "about", "valid_from", "columns", "rows"), ("lookup", "valid_from", "rows"))
    columns = doc.texts("columns")
    name, since = doc.text("lookup"), _day(doc, "valid_from")
    made = []
    for item in doc.items("rows"):
        item.keys((*_ROW, *columns), ("code", "name"))
        names, synonyms = item.both("name"), item.texts("synonyms")
        words = " ".join((names.ar, names.en, *synonyms, item.text("code")))
        further = plain(item.rest([key for key in _ROW if key not in columns]))
        row = Row(item.text("code"), names, further, sort_key(names.ar), normalise(words))
        until = _day(item, "valid_to") if item.has("valid_to") else None
        made.append(
            PackedRow(name, row, _day(item, "valid_from") if item.has("valid_from") else since, until)
        )
    seen = [(packed.row.code, packed.valid_from) for packed in made]
    for code, _since in sorted({pair for pair in seen if seen.count(pair) > 1}):
        doc.wrong(REPEATED, "rows", name=code)
    doc.raise_faults()
    return made


@cache
def packaged_columns(name: str) -> tuple[str, ...]:
    """The further columns that the packaged file of a lookup declares; none for a lookup that is not packaged."""
    path = ROOT / "lookups" / f"{name}.yaml"
    if NAME.fullmatch(name) is None or not path.is_file():
        return ()
    return tuple(str(column) for column in read_yaml(path).data.get("columns") or ())


def _day(doc: Doc, key: str) -> date:
    try:
        return date.fromisoformat(doc.text(key))
    except ValueError:
        doc.wrong(N_("A date is expected here, written like 2026-01-31."), key)
        return date(2000, 1, 1)


__all__ = [
    "Packaged",
    "PackedRow",
    "PackedService",
    "Text",
    "packaged_columns",
    "read_lookup",
    "read_packaged",
    "read_service",
    "shelf_of",
]
