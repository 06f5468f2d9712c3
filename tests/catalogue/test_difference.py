"""What a version has that another has not, by part."""

from __future__ import annotations

import copy
from typing import Any

from django.utils import translation

from diwan.catalogue.compiled import build
from diwan.catalogue.difference import CHANGED, GONE, Change, difference
from diwan.catalogue.packaged import Packaged
from diwan.catalogue.versions import compiled_from
from diwan.flow.table import Text
from diwan.web.console.difference_words import told

SLUG = "shop-licence-with-approvals"


def changed(definition: dict[str, Any]) -> None:
    """A question gone, one asked otherwise, a paper optional, a fee at another rate, a step with less time, a card."""
    (premises,) = [page for page in definition["pages"] if page["key"] == "premises"]
    for group in premises["groups"]:
        for field in group["fields"]:
            if field["key"] == "unit_no":
                field["required"] = False
    definition["documents"][0]["label"] = {"ar": "واجهة", "en": "Front"}
    definition["fees"].pop()
    steps = definition["workflow"]["steps"]
    steps["review"]["deadline"]["amount"] = 1
    steps["section_approval"]["actions"].pop("back")
    definition["name"] = {"ar": "رخصة", "en": "Licence"}


def test_everything_that_differs_is_told_by_part(packaged: Packaged) -> None:
    shelf = packaged.shelf()
    (found,) = [one for one in packaged.services if one.definition.slug == SLUG]
    plain = copy.deepcopy(dict(found.plain))
    changed(plain)
    _read, compiled = compiled_from(plain, shelf)
    old, new = build(found.plain, found.compiled, shelf), build(plain, compiled, shelf)
    changes = difference(old.definition, new.definition, old.table, new.table)
    assert difference(old.definition, old.definition, old.table, old.table) == ()
    by_key: dict[tuple[str, str], Change] = {(one.part, one.key): one for one in changes}
    assert {part for part, _key in by_key} == {"card", "form", "papers", "fees", "workflow"}
    assert by_key["form", "unit_no"].name == Text("رقم الوحدة", "Unit number")
    assert [(one.aspect, one.before, one.after) for one in by_key["form", "unit_no"].details] == [
        ("required", True, False)
    ]
    (gone,) = [one for one in changes if one.part == "fees"]
    assert gone.act == GONE
    review, approval = by_key["workflow", "review"], by_key["workflow", "section_approval"]
    assert (review.act, [one.aspect for one in review.details]) == (CHANGED, ["deadline"])
    assert [one.aspect for one in approval.details] == ["exits"]
    with translation.override("en"):
        parts = told(changes, "en", old=old.table, new=new.table)
    words = {part["key"]: part["changes"] for part in parts}
    (said,) = [one for one in words["workflow"] if one["name"] == "Review"]
    assert said["details"][0]["before"] == "2 working days (75 %: remind · 100 %: a level up)"
    (ways,) = [one for one in words["workflow"] if one["name"] == "Approval of the head of section"]
    assert "Back to the officer → Review" in ways["details"][0]["before"]
    assert "Back to the officer" not in ways["details"][0]["after"]
