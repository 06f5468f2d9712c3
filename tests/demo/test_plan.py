"""The plan of the city: whole, without gaps and overlaps, and the same every time."""

import json
import random
from datetime import date
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point

from diwan.demo.plan.city import LIVE, MOVED_ON, ground
from diwan.demo.plan.people import person_number, society
from diwan.demo.plan.registers import seed
from diwan.demo.plan.shapes import cells, centres, land, to_degrees
from diwan.demo.plan.source import read
from diwan.demo.plan.staff import organisation
from diwan.kit.ids import commercial_register, mobile, national_id, unified_number
from diwan.people.registry import is_declared
from peers.registers.records import load_seed


def _land() -> shapely.Polygon:
    return shapely.Polygon([to_degrees(x, y) for x, y in land().exterior.coords])


def test_the_districts_are_the_land_without_gaps_or_overlaps() -> None:
    shapes = [quarter.shape for quarter in ground().quarters]
    assert len(shapes) >= 60
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-12)
    assert whole.symmetric_difference(_land()).area < _land().area * 1e-5


@pytest.mark.parametrize("number", range(5))
def test_any_drawing_of_cells_is_a_coverage(number: int) -> None:
    rng = random.Random(number)
    drawn = cells(centres(40, near=(0.0, 0.0), rng=rng), rng=rng)
    assert len(drawn) == 40
    assert shapely.coverage_is_valid(drawn)


def test_every_municipality_is_one_piece_with_its_seat_inside() -> None:
    for town in ground().towns.values():
        piece = shapely.union_all([quarter.shape for quarter in ground().quarters_of(town.code)])
        assert piece.geom_type == "Polygon"
        assert piece.contains(Point(town.seat))
    assert set(ground().towns) == set(LIVE)


def test_names_are_there_in_both_languages_and_once() -> None:
    plan = ground()
    for named in (
        [(q.name_ar, q.name_en) for q in plan.quarters],
        [(w.name_ar, w.name_en) for w in plan.ways],
    ):
        assert len({name_ar for name_ar, _ in named}) == len({name_en for _, name_en in named}) == len(named)
    assert len(plan.ways) >= 150
    assert len(plan.marks) >= 120
    names = [(row.name_ar, row.name_en) for rows in (plan.quarters, plan.ways, plan.marks) for row in rows]
    assert all(name_ar and name_en.isascii() for name_ar, name_en in names)


def test_streets_and_landmarks_lie_on_the_land() -> None:
    whole = shapely.union_all([quarter.shape for quarter in ground().quarters]).buffer(1e-5)
    assert all(whole.contains(way.line) for way in ground().ways)
    assert all(whole.contains(Point(mark.lng, mark.lat)) for mark in ground().marks)


def test_one_district_passed_to_its_neighbour() -> None:
    moved = [quarter for quarter in ground().quarters if quarter.former]
    assert [(quarter.town, quarter.code[:3] == quarter.former) for quarter in moved] == [("101", True)]
    assert date(2027, 1, 1) > MOVED_ON


def test_numbers_hold_their_checks_and_are_used_once() -> None:
    humans, shops = society().humans.values(), society().shops.values()
    assert len(shops) >= 200
    assert [national_id(human.national_id) for human in humans] == [human.national_id for human in humans]
    assert [mobile(human.mobile) for human in humans] == [human.mobile for human in humans]
    for shop in shops:
        assert unified_number(shop.unified) and commercial_register(shop.cr)
    for numbers in (
        [human.national_id for human in humans], [human.mobile for human in humans], [shop.cr for shop in shops],
        [shop.unified for shop in shops], [shop.lease for shop in shops],
    ):  # fmt: skip
        assert len(set(numbers)) == len(numbers)


def test_unnamed_people_have_numbers_of_the_range_kept_for_the_demo() -> None:
    unnamed = [human.national_id for human in society().humans.values() if not human.named]
    assert all(number[1:4] == "099" for number in unnamed)
    assert person_number("1", 101) in unnamed


def test_the_seed_is_one_that_the_registers_take(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps(seed(date(2026, 11, 21))), encoding="utf-8")
    taken = load_seed(path)
    assert {name: len(rows) for name, rows in taken.items()}["commercial"] >= 200
    states = [record["status"] for record in taken["commercial"].values()]
    assert states.count("suspended") == 1
    assert [record["status"] for record in taken["leases"].values()].count("expired") == 1


def test_the_organisation_has_a_post_for_everybody_named() -> None:
    plan = organisation()
    assert {row["name"] for row in read("cast")["staff"]} <= {post.login for post in plan.posts}
    assert {role for post in plan.posts for role in post.roles} <= {role.code for role in plan.roles}
    assert all(is_declared(code) for role in plan.roles for code in role.permissions)
    for town in ground().towns:
        officers = [post for post in plan.posts if post.code.startswith(f"{town}-LIC") and post.level == 6]
        assert len(officers) >= 3


def test_the_plan_is_the_same_when_drawn_again() -> None:
    first = ground()
    ground.cache_clear()
    assert [quarter.shape.wkb for quarter in ground().quarters] == [
        quarter.shape.wkb for quarter in first.quarters
    ]
    assert ground().marks == first.marks
