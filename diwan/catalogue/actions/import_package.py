"""A service from another amanah: examined first, then kept as drafts with the rows of lookups that are missing here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.catalogue.actions.draft_version import draft_version
from diwan.catalogue.actions.receive_package import SealNotValid, keep_package
from diwan.catalogue.actions.set_lookup_row import set_lookup_row
from diwan.catalogue.bundle import Package, read_package, unpack
from diwan.catalogue.dated_lookups import shelf
from diwan.catalogue.errors import NotAllowed, Unusable
from diwan.catalogue.inner import NOT_INTERNAL, inner_faults
from diwan.catalogue.models import ReceivedPackage, Service, ServiceVersion
from diwan.catalogue.needing import Need, needs_of
from diwan.catalogue.permissions import MANAGE
from diwan.catalogue.queries import internal_service
from diwan.catalogue.schema import Definition
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.source import Wrong
from diwan.catalogue.versions import compiled_from
from diwan.documents.sealing import VALID, SealFound, judge_seal
from diwan.forms.lookups import Row
from diwan.kit import clock
from diwan.kit.canonical import digest
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor

NEW, CHANGED, SAME = "new", "changed", "same"


class AlreadyImported(DiwanError):
    """The package was taken in before, and a draft that it became is still open."""

    code = "catalogue.already_imported"
    message = N_("This package was imported already: its draft is still open. Go on with that one.")


@dataclass(frozen=True, slots=True)
class Coming:
    """A service in a package: `new` here, `changed` against ours in force (its number and key), or the `same`."""

    slug: str
    name: Mapping[str, str]
    state: str
    ours: int = 0
    ours_id: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """What a package would bring. It can be taken in when its seal is valid and `faults` is empty.

    `needs` is all that the services name, and how each stands here. `rows` are missing here and come with it; `kept`
    are here already with other contents, and ours stay.
    """

    package: Package
    seal: SealFound
    services: Sequence[Coming] = ()
    needs: Sequence[Need] = ()
    rows: Sequence[tuple[str, Row]] = ()
    kept: Sequence[tuple[str, Row]] = ()
    faults: Sequence[Wrong] = ()


def examine_package(data: bytes) -> Examined:
    """Judge the seal and compile everything against our lookups and what would come with it; nothing is changed.

    What nobody vouches for is not looked into. Raises NoPackage.
    """
    content, signature = unpack(data)
    package, seal = read_package(content), judge_seal(content, signature)
    if seal.state != VALID:
        return Examined(package, seal)
    ours = shelf(None)
    rows, kept = [], []
    for name, found in package.lookups.items():
        for row in found:
            here = ours.row(name, row.code)
            if here is None:
                rows.append((name, row))
            elif (here.name, dict(here.data)) != (row.name, dict(row.data)):
                kept.append((name, row))
    definitions = [*package.inner, package.service]
    return Examined(
        package=package,
        seal=seal,
        services=[_coming(each) for each in definitions],
        needs=needs_of(definitions, ours, rows),
        rows=rows,
        kept=kept,
        faults=_faults(definitions, _with(ours, rows)),
    )


@transaction.atomic
def import_package(*, data: bytes, by: Actor) -> list[ServiceVersion]:
    """Keep the services of a package as drafts, the one that it is about last, and add the rows that are missing.

    What is here already is not changed; publishing is an act of its own, and whoever takes it in counts as one who
    wrote the drafts. Raises NotAllowed, NoPackage, SealNotValid, AlreadyImported, Unusable.
    """
    if not (by.is_system or by.can(MANAGE)):
        raise NotAllowed
    found = examine_package(data)
    if found.seal.state != VALID:
        raise SealNotValid
    row = keep_package(data=data, package=found.package, seal=found.seal, by=by)
    if open_drafts_of(row):
        raise AlreadyImported
    if found.faults:
        raise Unusable(found.faults)
    for name, one in found.rows:
        set_lookup_row(
            lookup=name, code=one.code, name=one.name, data=one.data, valid_from=clock.today(),
            synonyms=[one.search_key], by=by,
        )  # fmt: skip
    states = {each.slug: each.state for each in found.services}
    definitions = [*found.package.inner, found.package.service]
    drafts = [
        draft_version(definition=each, by=by) for each in definitions if states[str(each["slug"])] != SAME
    ]
    came = [f"{name}:{one.code}" for name, one in found.rows]
    row.imported_at, row.imported_by_id = clock.now(), by.account_id
    row.versions, row.rows = [*row.versions, *(draft.pk for draft in drafts)], [*row.rows, *came]
    row.save(update_fields=["imported_at", "imported_by", "versions", "rows"])
    audit_row(
        by=by, action="catalogue.package.imported", object_type="service_package", object_id=row.pk,
        municipality_id=None, fields=("definition",),
        values={
            "from": dict(found.package.made_by), "seal": found.seal.serial, "hash": digest(found.package.service),
            "rows": came, "drafts": [draft.pk for draft in drafts],
        },
    )  # fmt: skip
    return drafts


def open_drafts_of(row: ReceivedPackage) -> list[ServiceVersion]:
    """The drafts that a package became and that are neither published nor laid aside."""
    drafts = ServiceVersion.objects.filter(pk__in=row.versions, state=ServiceVersion.State.DRAFT)
    return list(drafts.exclude(written__ended_at__isnull=False).order_by("pk"))


def _coming(definition: Mapping[str, Any]) -> Coming:
    slug, name = str(definition.get("slug")), definition.get("name") or {}
    rows = ServiceVersion.objects.filter(service__slug=slug, state=ServiceVersion.State.PUBLISHED)
    ours = rows.order_by("-valid_from", "-number").first()
    if ours is None:
        return Coming(slug, name, NEW)
    return Coming(slug, name, SAME if ours.hash == digest(definition) else CHANGED, ours.number, ours.pk)


def _with(ours: Shelf, rows: Sequence[tuple[str, Row]]) -> Shelf:
    """Our lookups with the rows that would come."""
    found = {name: list(ours.rows(name)) for name in ours.names()}
    for name, row in rows:
        found.setdefault(name, []).append(row)
    return Shelf(found)


def _faults(definitions: Sequence[Mapping[str, Any]], lookups: Shelf) -> list[Wrong]:
    """What is wrong with each service; the first part of a path is its slug."""
    faults: list[Wrong] = []
    read: dict[str, Definition] = {}
    for each in definitions:
        try:
            found, _compiled = compiled_from(each, lookups)
            read[found.slug] = found
            faults += _code_taken(found)
        except Unusable as error:
            faults += [replace(fault, path=(str(each.get("slug")), *fault.path)) for fault in error.faults]

    def find(slug: str) -> Definition | None:
        if slug in read and read[slug].internal:
            return read[slug]
        here = internal_service(slug, clock.today())
        return here.definition if here is not None else None

    for definition in read.values():
        faults += inner_faults(definition, find)
        faults += [
            Wrong(
                NOT_INTERNAL,
                (definition.slug, "follow_ups"),
                params={"service": definition.slug, "name": each.service},
            )
            for each in definition.follow_ups
            if find(each.service) is None
        ]
    return faults


def _code_taken(definition: Definition) -> list[Wrong]:
    """A code names one service; another amanah may have given it to another one."""
    other = Service.objects.filter(code=definition.code).exclude(slug=definition.slug).first()
    if other is None:
        return []
    told = {"code": definition.code, "name": other.slug}
    return [Wrong(N_("The code {code} is that of {name} here."), (definition.slug, "code"), params=told)]
