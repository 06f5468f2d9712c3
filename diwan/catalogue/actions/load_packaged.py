"""Load the packaged catalogue. Packaged YAML is upstream: it never overwrites a local change, it proposes a merge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import ProtectedError

from diwan.catalogue import remembered
from diwan.catalogue.merging import merge, only_wording
from diwan.catalogue.models import Holiday, LookupRow, Service, ServiceVersion, WorkingCalendar
from diwan.catalogue.packaged import Packaged, PackedRow, PackedService, read_packaged
from diwan.catalogue.search_text import search_text_of
from diwan.catalogue.shelf import Shelf
from diwan.catalogue.versions import compiled_from, new_version, put_into_force, tell
from diwan.kit import clock
from diwan.people.actor import Actor, system
from diwan.people.models import OutsideEntity

FIRST_DAY: Final = date(2024, 1, 1)
"""A service that was never here before holds from this day, so that older cases can be entered."""
_LOCK: Final = 710_001
_PACKAGED, _LOCAL = ServiceVersion.Origin.PACKAGED, ServiceVersion.Origin.LOCAL


@dataclass(slots=True)
class Loaded:
    """What loading did, by slug: published, patched in wording, proposed as a merge; rows of lookups added or
    changed."""

    published: list[str] = field(default_factory=list)
    patched: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    rows: int = 0
    calendars: int = 0

    @property
    def nothing(self) -> bool:
        """Whether everything was here already."""
        return not (self.published or self.patched or self.proposed or self.rows or self.calendars)


@transaction.atomic
def load_packaged(*, packaged: Packaged | None = None) -> Loaded:
    """Bring the packaged services, lookups and calendars into the database; again changes nothing.

    Raises CatalogueError when a packaged file has faults.
    """
    packaged = packaged or read_packaged()
    by, done = system("packaged"), Loaded()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    done.rows = sum(_load_row(row) for row in packaged.rows)
    done.calendars = sum(_load_calendar(data) for data in packaged.calendars)
    _load_entities(packaged.shelf())
    remembered.forget()
    for service in packaged.services:
        _load_service(service, packaged.shelf(), done, by=by)
    remembered.forget()
    return done


def _load_row(packed: PackedRow) -> int:
    """Add or correct a packaged row; a local row of the same code is left alone. 1 when something changed."""
    row = packed.row
    same = LookupRow.objects.filter(lookup=packed.lookup, code=row.code)
    if same.filter(origin=_LOCAL).exists():
        return 0
    values = {
        "name_ar": row.name.ar, "name_en": row.name.en, "sort_key": row.sort_key, "search_key": row.search_key,
        "data": dict(row.data), "valid_to": packed.valid_to,
    }  # fmt: skip
    found = same.filter(valid_from=packed.valid_from).first()
    if found is None:
        LookupRow.objects.create(
            lookup=packed.lookup, code=row.code, origin=_PACKAGED, valid_from=packed.valid_from, **values
        )
        return 1
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    if changed:
        LookupRow.objects.filter(pk=found.pk).update(**values)
    return 1 if changed else 0


def _load_calendar(data: Mapping[str, Any]) -> int:
    """Add a packaged calendar with its holidays. One that is here keeps its rules and its holidays: they are
    local data."""
    if WorkingCalendar.objects.filter(code=data["code"]).exists():
        return 0
    calendar = WorkingCalendar.objects.create(
        code=data["code"],
        name_ar=data["name"]["ar"],
        name_en=data["name"]["en"],
        rules=data["rules"],
        origin=_PACKAGED,
    )
    Holiday.objects.bulk_create(
        Holiday(
            calendar=calendar, name_ar=row["ar"], name_en=row["en"], date_from=row["first"], date_to=row["last"],
            source="packaged seed",
        )
        for row in data.get("holidays", ())
    )  # fmt: skip
    return 1


def _load_entities(lookups: Shelf) -> None:
    """The outside bodies that services name can hold tasks and members."""
    for row in lookups.rows("entities"):
        OutsideEntity.objects.get_or_create(
            code=row.code, defaults={"name_ar": row.name.ar, "name_en": row.name.en, "sort_key": row.sort_key}
        )


def _load_service(packed: PackedService, lookups: Shelf, done: Loaded, *, by: Actor) -> None:
    slug = packed.definition.slug
    service, _ = Service.objects.get_or_create(
        slug=slug, defaults={"code": packed.definition.code, "created_at": clock.now()}
    )
    versions = list(service.versions.select_for_update().order_by("number"))
    packaged = [version for version in versions if version.origin == _PACKAGED]
    if any(version.hash == packed.hash for version in packaged):
        return
    if any(
        version.origin == _LOCAL and version.state == ServiceVersion.State.PUBLISHED for version in versions
    ):
        _propose(service, versions, packed, lookups)
        done.proposed.append(slug)
        return
    latest = packaged[-1] if packaged else None
    if latest is not None and only_wording(latest.definition, packed.plain):
        _patch(latest, packed, by=by)
        done.patched.append(slug)
        return
    version = new_version(
        service, packed.plain, origin=_PACKAGED, read=packed.definition, compiled=packed.compiled
    )
    put_into_force(version, valid_from=_first_day(latest, version), by=by)
    done.published.append(slug)


def _first_day(latest: ServiceVersion | None, version: ServiceVersion) -> date:
    """From when a new packaged version holds: today, also when the last one began today; one that nobody used gives way
    to it altogether."""
    today = clock.today()
    if latest is None or latest.valid_from is None:
        return FIRST_DAY
    if latest.valid_from < today:
        return today
    started, number = latest.valid_from, latest.number
    try:
        with transaction.atomic():
            latest.delete()
    except ProtectedError:
        return started
    version.number = number
    ServiceVersion.objects.filter(service=version.service, valid_from__lt=started, valid_to=started).update(
        valid_to=None
    )
    return started


def _patch(latest: ServiceVersion, packed: PackedService, *, by: Actor) -> None:
    latest.definition = dict(packed.plain)
    latest.compiled = dict(packed.compiled)
    latest.hash = packed.hash
    latest.search_text = search_text_of(packed.definition)
    latest.patch += 1
    latest.save()
    tell(latest, action="catalogue.version.patched", by=by)


def _propose(service: Service, versions: list[ServiceVersion], packed: PackedService, lookups: Shelf) -> None:
    """Keep the packaged definition merged into the local one as a draft, with the places where both changed."""
    base: Mapping[str, Any] = next(
        (version.definition for version in reversed(versions) if version.origin == _PACKAGED), {}
    )
    local = next(version for version in reversed(versions) if version.origin == _LOCAL)
    merged, conflicts = merge(base, local.definition, dict(packed.plain))
    read, compiled = compiled_from(merged, lookups)
    draft = new_version(service, merged, origin=_PACKAGED, read=read, compiled=compiled)
    draft.hash = packed.hash
    draft.merge = {"from": local.pk, "conflicts": conflicts}
    draft.save()
