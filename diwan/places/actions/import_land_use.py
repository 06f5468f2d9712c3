"""Load zones of land use from a file whose features name their use by a code of `LandUse.Use`."""

from dataclasses import dataclass, field
from pathlib import Path

import shapely
from django.db import transaction

from diwan.audit.actions import audit_row
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.models import Municipality
from diwan.places.actions.import_shapes import features
from diwan.places.models import LandUse


@dataclass(slots=True)
class ZoneReport:
    """What was loaded, which features named no known use, and which shapes had to be mended."""

    zones: int = 0
    unknown: list[str] = field(default_factory=list)
    invalid: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def import_land_use(
    *, path: Path, municipality: Municipality, column: str, source: str, by: Actor, check_only: bool = False
) -> ZoneReport:
    """Load polygons as zones from today on; zones of an earlier load of the same source end today.

    `column` is the property that holds the use. Raises UnreadableFile.
    """
    report, rows, today = ZoneReport(), [], clock.today()
    for number, (shape, properties) in enumerate(features(path), start=1):
        use = str(properties.get(column) or "").strip()
        if shape is None or shape.is_empty or use not in LandUse.Use.values:
            report.unknown.append(f"#{number} {use}".strip())
            continue
        if not shape.is_valid:
            report.invalid.append((f"#{number}", shapely.is_valid_reason(shape)))
            shape = shapely.make_valid(shape)
        rows.append(LandUse(use=use, shape=shapely.to_wkb(shape), source=source, valid_from=today))
    report.zones = len(rows)
    if not check_only:
        LandUse.objects.filter(source=source, valid_to__isnull=True).update(valid_to=today)
        LandUse.objects.bulk_create(rows)
        audit_row(
            by=by, action="places.land_use.imported", object_type="municipality", object_id=municipality.pk,
            municipality_id=municipality.pk, values={"source": source, "zones": report.zones},
        )  # fmt: skip
    return report
