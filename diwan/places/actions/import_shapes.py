"""Load real boundaries and streets from a file, and say what is wrong with it.

Invalid polygons are reported and mended (`shapely.make_valid`); overlapping pairs are reported with their area and
loaded as they are, since which of two districts is right is not ours to decide.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyogrio.raw
import shapely
from django.db import transaction
from pyproj import Geod
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.kit.arabic import normalise, sort_key
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.models import Municipality
from diwan.places.models import District, DistrictShape, Street

_GEOD: Final = Geod(ellps="WGS84")
_LEAST_OVERLAP_M2: Final = 1.0
_NAMES_AR: Final = ("name_ar", "name:ar", "arabic_name", "name", "NAME_AR", "district", "name_arabic")
_NAMES_EN: Final = ("name_en", "name:en", "english_name", "NAME_EN", "name_english")


class UnreadableFile(DiwanError):
    """The file holds no layer that can be read."""

    code = "places.unreadable_file"
    message = N_(
        "The file cannot be read as a map layer: {detail}. Give a GeoJSON, GeoPackage or Shapefile in WGS84."
    )


@dataclass(slots=True)
class Report:
    """What was loaded and what was found wrong. Areas in square metres."""

    districts: int = 0
    streets: int = 0
    skipped: list[str] = field(default_factory=list)
    invalid: list[tuple[str, str]] = field(default_factory=list)
    overlaps: list[tuple[str, str, float]] = field(default_factory=list)


@transaction.atomic
def import_shapes(
    *, path: Path, municipality: Municipality, source: str, by: Actor, check_only: bool = False
) -> Report:
    """Load polygons as districts of a municipality and lines as streets; with `check_only` only report.

    A district with the same name that lies in the municipality gets its new shape from today on; its old shape ends.
    """
    report = Report()
    polygons: list[tuple[str, str, BaseGeometry]] = []
    lines: list[tuple[str, str, BaseGeometry]] = []
    for number, (shape, properties) in enumerate(features(path), start=1):
        name_ar, name_en = _name(properties, _NAMES_AR), _name(properties, _NAMES_EN)
        label = name_ar or name_en or f"#{number}"
        if shape is None or shape.is_empty:
            report.skipped.append(label)
            continue
        if not shape.is_valid:
            report.invalid.append((label, shapely.is_valid_reason(shape)))
            shape = shapely.make_valid(shape)
        target = polygons if shape.geom_type in ("Polygon", "MultiPolygon", "GeometryCollection") else lines
        target.append((label, name_en or label, shape))
    report.overlaps = _overlaps(polygons)
    if not check_only:
        _store(polygons, lines, municipality=municipality, source=source, report=report)
        audit_row(
            by=by, action="places.imported", object_type="municipality", object_id=municipality.pk,
            municipality_id=municipality.pk, values={"source": source, "districts": report.districts},
        )  # fmt: skip
    return report


def features(path: Path) -> Iterator[tuple[BaseGeometry | None, Mapping[str, Any]]]:
    """Shape and properties of each feature of a map layer. Raises UnreadableFile."""
    try:
        meta, _, geometry, columns = pyogrio.raw.read(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise UnreadableFile(detail=str(error)) from error
    names = list(meta["fields"])
    for number, wkb in enumerate(geometry):
        shape = shapely.from_wkb(wkb) if wkb is not None else None
        yield shape, {name: columns[index][number] for index, name in enumerate(names)}


def _name(properties: Mapping[str, Any], keys: Sequence[str]) -> str:
    for key in keys:
        value = properties.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _overlaps(polygons: Sequence[tuple[str, str, BaseGeometry]]) -> list[tuple[str, str, float]]:
    shapes = [shape for _, _, shape in polygons]
    tree = STRtree(shapes)
    found = []
    for number, shape in enumerate(shapes):
        for other in tree.query(shape, predicate="overlaps"):
            if other <= number:
                continue
            area = abs(_GEOD.geometry_area_perimeter(shape.intersection(shapes[other]))[0])
            if area >= _LEAST_OVERLAP_M2:
                found.append((polygons[number][0], polygons[other][0], round(area, 1)))
    return sorted(found, key=lambda row: -row[2])


def _store(
    polygons: Sequence[tuple[str, str, BaseGeometry]], lines: Sequence[tuple[str, str, BaseGeometry]], *,
    municipality: Municipality, source: str, report: Report,
) -> None:  # fmt: skip
    today = clock.today()
    for name_ar, name_en, shape in polygons:
        district = _district(name_ar, name_en, municipality)
        DistrictShape.objects.filter(district=district, valid_to__isnull=True, valid_from__lt=today).update(
            valid_to=today
        )
        DistrictShape.objects.filter(district=district, valid_from=today, valid_to__isnull=True).delete()
        add_shape(district=district, municipality=municipality, shape=shape, valid_from=today, source=source)
        report.districts += 1
    for name_ar, name_en, line in lines:
        add_street(name_ar=name_ar, name_en=name_en, line=line)
        report.streets += 1


def _district(name_ar: str, name_en: str, municipality: Municipality) -> District:
    known = District.objects.filter(sort_key=sort_key(name_ar), shapes__municipality=municipality).first()
    if known is not None:
        return known
    code = f"{municipality.code}-{hashlib.sha256(name_ar.encode()).hexdigest()[:8]}"
    district, _ = District.objects.get_or_create(
        code=code, defaults={"name_ar": name_ar, "name_en": name_en, "sort_key": sort_key(name_ar)}
    )
    return district


def add_shape(
    *, district: District, municipality: Municipality, shape: BaseGeometry, valid_from: date, source: str,
    valid_to: date | None = None, approximate: bool = False,
) -> DistrictShape:  # fmt: skip
    """Store the shape of a district from a date on. The geometry is WGS84 (lng, lat)."""
    return DistrictShape.objects.create(
        district=district, municipality=municipality, shape=shapely.to_wkb(shape), approximate=approximate,
        source=source, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip


def add_street(*, name_ar: str, name_en: str, line: BaseGeometry) -> Street:
    """Store a named street; its point is the middle of the line."""
    middle = (
        line.interpolate(0.5, normalized=True)
        if line.geom_type == "LineString"
        else line.representative_point()
    )
    return Street.objects.create(
        name_ar=name_ar, name_en=name_en, search_key=f"{normalise(name_ar)} {normalise(name_en)}",
        line=shapely.to_wkb(line), lat=middle.y, lng=middle.x,
    )  # fmt: skip
