"""A service on its way to another amanah: what it consists of, as one sealed file.

The file is a ZIP with two members: `package.json` (canonical JSON, UTF-8) and `package.p7s` (the seal of the amanah
that made it, `documents.sealing`). The JSON holds::

    {format, from: {ar, en}, made_on, service: definition, number, inner: [definitions of what it opens or leads to],
     lookups: {name: [{code, name: {ar, en}, data, search}]}}

`lookups` has the rows that the definitions name, and whole the lists from which their forms let people choose.
Districts, municipalities and lists that other modules keep are never taken along: they are the receiver's own.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from diwan.catalogue import registry
from diwan.catalogue.compiling import OF_THE_MAP
from diwan.catalogue.errors import Unusable
from diwan.catalogue.inner import child_steps
from diwan.catalogue.loader import read_definition
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.queries import internal_service, lookups_on
from diwan.catalogue.schema import Definition
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.source import CatalogueError, from_plain
from diwan.documents.sealing import sealed_kind
from diwan.flow import Table, from_json
from diwan.flow.table import Text
from diwan.forms.lookups import Row
from diwan.kit.arabic import normalise, sort_key
from diwan.kit.canonical import canonical_json
from diwan.kit.errors import N_, DiwanError
from diwan.people.queries import municipality_by_code

FORMAT: Final = 1
KIND: Final = "service_package"
CONTENT, SEAL = "package.json", "package.p7s"
MOST_BYTES: Final = 8 * 1024 * 1024
HEAD_OFFICE: Final = "000"
WHOLE: Final = None
"""In what is needed: every row of the lookup."""

Needs = dict[str, set[str] | None]


class NoPackage(DiwanError):
    """The file is no package of a service, or is damaged."""

    code = "catalogue.no_package"
    message = N_("This file is no package of a service. Ask whoever sent it for a fresh one.")


class PackageTooLarge(NoPackage):
    """The file, or what is packed in it, is larger than any package."""

    code = "catalogue.package_too_large"
    message = N_("The file is larger than 8 MB. No package of a service is.")


class PackageTooNew(NoPackage):
    """A later version of the product made the package."""

    code = "catalogue.package_too_new"
    message = N_("A newer version of the platform made this package. Update yours, then bring it in again.")


@dataclass(frozen=True, slots=True)
class Package:
    """A package as read: where it comes from, its definitions, and the rows of lookups that come with it."""

    made_by: Mapping[str, str]
    made_on: str
    number: int
    service: Mapping[str, Any]
    inner: tuple[Mapping[str, Any], ...]
    lookups: Mapping[str, tuple[Row, ...]]


@sealed_kind(KIND)
def package_of(version_id: int) -> bytes:
    """The canonical JSON of a published version with all that it needs. LookupError for one that is not published."""
    version = ServiceVersion.objects.filter(pk=version_id, state=ServiceVersion.State.PUBLISHED).first()
    if version is None or version.valid_from is None:
        raise LookupError(version_id)
    day = version.valid_from
    versions = [version, *_inner(version, day)]
    shelf = lookups_on(day)
    rows: dict[str, dict[str, Row]] = {}
    for each in versions:
        for name, row in _rows(_read(each), _table(each), shelf):
            rows.setdefault(name, {})[row.code] = row
    home = municipality_by_code(HEAD_OFFICE)
    content = {
        "format": FORMAT,
        "from": {"ar": home.name_ar, "en": home.name_en} if home is not None else {"ar": "", "en": ""},
        "made_on": day.isoformat(),
        "number": version.number,
        "service": version.definition,
        "inner": [each.definition for each in versions[1:]],
        "lookups": {
            name: [
                {
                    "code": row.code,
                    "name": {"ar": row.name.ar, "en": row.name.en},
                    "data": row.data,
                    "search": row.search_key,
                }
                for row in sorted(found.values(), key=lambda row: row.code)
            ]
            for name, found in sorted(rows.items())
        },
    }
    return canonical_json(content)


def pack(content: bytes, seal: bytes) -> bytes:
    """The file; the same content and seal give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in ((CONTENT, content), (SEAL, seal)):
            file.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpack(data: bytes) -> tuple[bytes, bytes]:
    """Content and seal of a file. Raises NoPackage, PackageTooLarge."""
    if len(data) > MOST_BYTES:
        raise PackageTooLarge
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            if sorted(file.namelist()) != [CONTENT, SEAL]:
                raise NoPackage
            if sum(member.file_size for member in file.infolist()) > MOST_BYTES:
                raise PackageTooLarge
            return file.read(CONTENT), file.read(SEAL)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        raise NoPackage from error


def read_package(content: bytes) -> Package:
    """What a package holds. Raises NoPackage, PackageTooNew."""
    try:
        found = json.loads(content)
        if isinstance(found["format"], int) and found["format"] > FORMAT:
            raise PackageTooNew
        if found["format"] != FORMAT or b"\\u0000" in canonical_json(found):
            raise NoPackage
        return Package(
            made_by={language: str(found["from"][language]) for language in ("ar", "en")},
            made_on=date.fromisoformat(found["made_on"]).isoformat(),
            number=int(found["number"]),
            service=_mapping(found["service"]),
            inner=tuple(_mapping(each) for each in found["inner"]),
            lookups={str(name): tuple(_row(row) for row in rows) for name, rows in found["lookups"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoPackage from error


def needs(definition: Definition, table: Table | None) -> Needs:
    """Lookup -> codes of rows that a service names; `WHOLE` for a list from which its form lets people choose."""
    found: Needs = {}
    for name, code in _named(definition, table):
        known = found.setdefault(name, set())
        if code and known is not None:
            known.add(code)
    for name in _lists(definition):
        if name not in OF_THE_MAP and name not in registry.living_lookups():
            found[name] = WHOLE
    return found


def _named(definition: Definition, table: Table | None) -> Iterator[tuple[str, str]]:
    for codes in definition.reasons.values():
        yield from (("reasons", code) for code in codes)
    for check in definition.checks:
        yield "reasons", check.reason or ""
        yield "articles", check.article or ""
        yield "registers", check.register if check.kind == "register" else ""
    named = [rule.article for rule in definition.form.lamp] + [line.article for line in definition.fees]
    yield from (("articles", article or "") for article in named)
    for step in table.steps.values() if table is not None else ():
        yield "roles", step.role or ""
        yield "roles", step.vote.chair if step.vote is not None else ""
        yield "entities", step.entity or ""
        yield "checklists", step.checklist or ""
    if table is not None:
        yield "roles", table.cancel.role if table.cancel is not None else ""
        yield "roles", table.reopen.role if table.reopen is not None else ""
        for rule in table.interventions.values():
            yield from (("roles", role) for role in rule.roles)


def _lists(definition: Definition) -> Iterator[str]:
    for field in definition.form.fields():
        if field.kind in ("lookup", "lookups"):
            yield str(field.option("lookup"))
    for fact in definition.form.facts:
        if "lookup" in fact.options:
            yield str(fact.options["lookup"])


def _rows(definition: Definition, table: Table | None, shelf: Shelf) -> Iterator[tuple[str, Row]]:
    for name, codes in needs(definition, table).items():
        for row in shelf.rows(name):
            if codes is WHOLE or row.code in codes:
                yield name, row
    for pattern in rates(definition):
        yield from (("fee_rates", row) for row in shelf.rows("fee_rates") if pattern.match(row.code))


def rates(definition: Definition) -> Iterator[re.Pattern[str]]:
    """What the codes of the rates of each fee line look like; a fact in braces may be anything."""
    for line in definition.fees:
        parts = re.split(r"\{[a-z_.]+\}", line.rate)
        yield re.compile("[A-Za-z0-9_-]+".join(re.escape(part) for part in parts) + r"\Z")


def _inner(version: ServiceVersion, on: date) -> list[ServiceVersion]:
    """The versions of that day of what a service opens or is followed by, and of what these open in turn."""
    found: dict[str, ServiceVersion] = {}
    todo = [version]
    while todo:
        read = _read(todo.pop())
        named = [str(step.get("service")) for _key, step in child_steps(read)]
        for slug in (*named, *(each.service for each in read.follow_ups)):
            service = internal_service(slug, on) if slug not in found else None
            if service is not None:
                found[slug] = ServiceVersion.objects.get(pk=service.version_id)
                todo.append(found[slug])
    return list(found.values())


def _read(version: ServiceVersion) -> Definition:
    try:
        return read_definition(from_plain(version.definition))
    except CatalogueError as error:
        raise Unusable(error.faults) from error


def _table(version: ServiceVersion) -> Table | None:
    table = version.compiled["table"]
    return from_json(table) if table is not None else None


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise NoPackage
    return value


def _row(value: Mapping[str, Any]) -> Row:
    name = Text(str(value["name"]["ar"]), str(value["name"]["en"]))
    code = str(value["code"])
    search = normalise(" ".join((name.ar, name.en, str(value["search"]), code)))
    return Row(code, name, dict(_mapping(value["data"])), sort_key(name.ar), search)
