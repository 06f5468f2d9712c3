"""Real boundaries and streets from a file: loaded, with a report of what is wrong with them."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError

from diwan.audit.models import AuditRow
from diwan.kit import clock
from diwan.people.actor import system
from diwan.people.models import Municipality
from diwan.places import queries
from diwan.places.actions import import_shapes
from diwan.places.actions.import_shapes import UnreadableFile
from diwan.places.models import District, DistrictShape, Street
from diwan.places.queries import find_named, locate

pytestmark = pytest.mark.usefixtures("city")
JEDDAH = Path(__file__).resolve().parents[3] / "shared" / "data" / "saudi" / "jeddah_districts.geojson"
BY = system("tests")


@pytest.fixture(autouse=True)
def _ask_the_map_anew() -> None:
    """The map is remembered for a minute; each test begins without it."""
    queries.forget()


def square(lng: float, lat: float, side: float = 0.01) -> dict[str, Any]:
    """A square polygon of so many degrees."""
    corners = [(lng, lat), (lng + side, lat), (lng + side, lat + side), (lng, lat + side), (lng, lat)]
    return {"type": "Polygon", "coordinates": [corners]}


def bow_tie(lng: float, lat: float) -> dict[str, Any]:
    """A polygon that crosses itself."""
    corners = [(lng, lat), (lng + 0.01, lat + 0.01), (lng + 0.01, lat), (lng, lat + 0.01), (lng, lat)]
    return {"type": "Polygon", "coordinates": [corners]}


def write(path: Path, *features: tuple[str, dict[str, Any] | None]) -> Path:
    """A GeoJSON file of these names and shapes."""
    path.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"name_ar": name, "name_en": f"{name} en"},
                        "geometry": shape,
                    }
                    for name, shape in features
                ],
            }
        )
    )
    return path


def town() -> Municipality:
    """The municipality into which the tests load."""
    return Municipality.objects.get(code="101")


def test_districts_and_streets_are_loaded_and_found(tmp_path: Path) -> None:
    street = {"type": "LineString", "coordinates": [(10.0, 10.0), (10.02, 10.0)]}
    path = write(tmp_path / "a.geojson", ("حي الورد", square(10, 10)), ("شارع القرمز البعيد", street))
    report = import_shapes(path=path, municipality=town(), source="a survey", by=BY)
    assert (report.districts, report.streets, report.invalid, report.overlaps) == (1, 1, [], [])
    found = locate(lat=10.005, lng=10.005, on=clock.today())
    assert found is not None
    assert (found.municipality_code, District.objects.get(code=found.district_code).name_ar) == (
        "101",
        "حي الورد",
    )
    assert [row.name_ar for row in find_named("القرمز")] == ["شارع القرمز البعيد"]
    assert AuditRow.objects.filter(action="places.imported").exists()


def test_what_is_invalid_is_mended_and_what_overlaps_is_told(tmp_path: Path) -> None:
    path = write(
        tmp_path / "b.geojson",
        ("حي الفراشة", bow_tie(20, 20)),
        ("حي أول", square(21, 21)),
        ("حي ثان", square(21.005, 21)),
        ("حي بلا شكل", None),
    )
    report = import_shapes(path=path, municipality=town(), source="b", by=BY)
    assert [name for name, _ in report.invalid] == ["حي الفراشة"]
    assert "Self-intersection" in report.invalid[0][1]
    ((one, other, area),) = report.overlaps
    assert {one, other} == {"حي أول", "حي ثان"}
    assert 500_000 < area < 700_000, "square metres"
    assert report.skipped == ["حي بلا شكل"]
    kept = DistrictShape.objects.get(district__name_ar="حي الفراشة")
    assert shapely.from_wkb(bytes(kept.shape)).is_valid


def test_a_new_shape_ends_the_old_one_from_its_day_on(tmp_path: Path) -> None:
    first = write(tmp_path / "c.geojson", ("حي النقل", square(30, 30)))
    import_shapes(path=first, municipality=town(), source="c", by=BY)
    with clock.moved(clock.now() + timedelta(days=10)):
        moved = write(tmp_path / "d.geojson", ("حي النقل", square(31, 30)))
        import_shapes(path=moved, municipality=town(), source="d", by=BY)
        queries.forget()
        today = clock.today()
        assert locate(lat=30.005, lng=31.005, on=today) is not None
        assert locate(lat=30.005, lng=30.005, on=today) is None
        assert locate(lat=30.005, lng=30.005, on=today - timedelta(days=5)) is not None


def test_only_looking_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "e.geojson", ("حي الورد", square(10, 10)))
    before = (DistrictShape.objects.count(), Street.objects.count())
    report = import_shapes(path=path, municipality=town(), source="e", by=BY, check_only=True)
    assert report.overlaps == []
    assert (DistrictShape.objects.count(), Street.objects.count()) == before


def test_what_is_no_map_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.geojson"
    path.write_text("no map")
    with pytest.raises(UnreadableFile):
        import_shapes(path=path, municipality=town(), source="f", by=BY)
    with pytest.raises(CommandError, match="no municipality 999"):
        call_command("places", "import", str(path), "--municipality", "999")


@pytest.mark.skipif(not JEDDAH.exists(), reason="the folder with real boundaries is not beside this checkout")
def test_the_districts_of_jeddah() -> None:
    said = StringIO()
    call_command("places", "import", str(JEDDAH), "--municipality", "102", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0] == "districts 116, streets 0, skipped 0"
    assert not [line for line in lines if line.startswith("invalid, mended:")], "each of its shapes is valid"
    areas = [float(line.split()[-2].replace(",", "")) for line in lines if line.startswith("overlap:")]
    assert areas == sorted(areas, reverse=True)
    assert len([area for area in areas if area > 50_000]) == 2, "two pairs overlap by more than five hectares"
    assert max(areas[2:]) < 11_000, "the others are slivers along drawn edges"
    loaded = DistrictShape.objects.filter(source=JEDDAH.name, valid_to__isnull=True)
    assert loaded.count() == 116, "no two of them share a name"
