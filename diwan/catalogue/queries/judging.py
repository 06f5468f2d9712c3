"""Whether a service as typed can be used: read, compiled and proven as a packaged file is, each fault at its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diwan.catalogue.compiling import compile_service, plain
from diwan.catalogue.loader import read_definition
from diwan.catalogue.models import Service
from diwan.catalogue.packaged import inline_workflow
from diwan.catalogue.queries.following import unfollowed
from diwan.catalogue.schema import Definition
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.source import ROOT, CatalogueError, Source, Wrong, read_text
from diwan.kit import clock
from diwan.kit.errors import N_


@dataclass(frozen=True, slots=True)
class Judged:
    """What a text says, as far as it could be read; `faults` in the order of lines. Without any it is whole."""

    faults: tuple[Wrong, ...] = ()
    plain: Mapping[str, Any] | None = None
    read: Definition | None = None
    compiled: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """What the text calls its service, "" when it does not say."""
        name = (self.plain or {}).get("name")
        found = name.get("ar") if isinstance(name, Mapping) else None
        return str(found or (self.plain or {}).get("slug") or "")[:200]


def judge(text: str, lookups: Shelf, *, service: Service | None) -> Judged:
    """Read and compile a text. ``service``: the one that it is a version of; None for a new one."""
    source = Source(None)
    try:
        source = read_text(text)
        inline_workflow(source, ROOT)
        read = read_definition(source)
        faults = _clashes(read, source, service)
        compiled = compile_service(read, lookups, source=source)
        faults += unfollowed(read, clock.today())
    except CatalogueError as error:
        return Judged(_in_order(error.faults), _mapping(source))
    if faults:
        return Judged(_in_order(faults), _mapping(source))
    return Judged((), plain(source.data), read, compiled)


def _mapping(source: Source) -> Mapping[str, Any] | None:
    return plain(source.data) if isinstance(source.data, Mapping) else None


def _in_order(faults: list[Wrong] | tuple[Wrong, ...]) -> tuple[Wrong, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))


def _clashes(read: Definition, source: Source, service: Service | None) -> list[Wrong]:
    """The slug stays that of the service; slug and code of a new one are nobody else's."""
    found: list[Wrong] = []

    def wrong(message: str, key: str, name: str) -> None:
        file, line = source.where((key,))
        found.append(Wrong(message, (key,), file, line, {"name": name}))

    if service is not None:
        if read.slug != service.slug:
            wrong(N_("The slug of a service stays: {name}."), "slug", service.slug)
        if read.code != service.code:
            wrong(N_("The code of a service stays: {name}."), "code", service.code)
        return found
    for other in Service.objects.all():
        if other.slug == read.slug:
            wrong(N_("There is a service {name} already; begin from its version."), "slug", other.slug)
        if other.code == read.code:
            wrong(N_("The code belongs to another service: {name}."), "code", other.slug)
    return found
