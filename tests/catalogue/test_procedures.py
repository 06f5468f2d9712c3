"""Every template of a city's procedures is a packaged workflow, and generated actors take it through every exit to
every end: tokens are never lost or doubled, whatever people do and whatever rules answer.
"""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path

import pytest

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.packaged import Packaged
from diwan.catalogue.source import ROOT
from diwan.flow import Table, advance, start
from diwan.flow.effects import Decided
from diwan.flow.events import Event
from diwan.flow.soundness import _events
from diwan.flow.table import ORIGIN
from tests.flow.test_properties import Walk

PROCEDURES: dict[str, dict[str, str]] = {
    "LIC": {"shop-licence-with-approvals": "shop_licence"},
    "LICI": {"shop-licence-instant": "shop_licence_machine"},
    "REN": {"shop-licence-renewal": "shop_licence_machine"},
    "CAN": {"shop-licence-cancellation": "shop_licence_cancellation"},
    "TRF": {"shop-licence-transfer": "shop_licence_transfer"},
    "ENG": {"building-permit": "building_permit", "survey-decision": "survey_decision"},
    "PER": {"road-occupation": "road_occupation", "night-permit": "linked_permit"},
    "DEC": {"land-use-change": "land_use_change", "shop-licence-correction": "shop_licence_correction"},
    "940": {"report": "report"},
    "BID": {"investment-opportunity": "investment_opportunity"},
    "OBJ": {"object-to-decision": "objection", "object-to-licence-decision": "licence_objection"},
    "REG": {"accredit-engineering-office": "office_accreditation"},
    "APT": {"appointment": "appointment"},
    "PAY": {"tobacco-disclosure": "fee_disclosure"},
    "PRT": {"propose-idea": "idea"},
    "IPC": {"payment-certificate": "payment_certificate"},
    "COR": {"letter": "correspondence"},
    "IFD": {"statement-request": "statement"},
    "PRC": {"purchase-request": "purchase"},
    "FIN": {"budget-transfer": "budget_transfer"},
    "ITS": {"it-support": "support_ticket"},
    "GOV": {"process-change": "process_change"},
    "HR": {"leave-request": "leave"},
    "AST": {"supplies-request": "supplies"},
}
"""Code of a template -> its services and the workflow that each runs on."""
NO_CASE = {"INFO": ("burial-guide", "regulations-library"), "INQ": ("track-request", "fee-calculator")}
"""Templates of which nothing is left to wait for: a page that is read or asked, and no case."""
CODES = frozenset(
    ("INFO", "INQ", "LIC", "LICI", "REN", "CAN", "TRF", "ENG", "PER", "DEC", "940", "BID", "IPC", "COR", "IFD", "OBJ",
     "REG", "APT", "PAY", "PRT", "HR", "PRC", "FIN", "AST", "ITS", "GOV")
)  # fmt: skip
"""Every code of the list of templates."""
SERVICES = ROOT / "services"
WALKS = 4000
"""Walks at most; most workflows have shown everything after some dozens."""


@cache
def _slugs() -> list[str]:
    """Packaged services that have a workflow, by the lines of their files: it is asked whenever tests are collected,
    and to read the files takes ten seconds (`test_the_slugs_are_those_of_services_with_a_workflow`)."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SERVICES.rglob("*.yaml"))]
    found = [
        re.search(r"^slug: *([a-z0-9-]+)", text, re.MULTILINE) for text in texts if "\nworkflow:" in text
    ]
    return [one[1] for one in found if one is not None]


def test_the_slugs_are_those_of_services_with_a_workflow(services: dict[str, CompiledService]) -> None:
    assert sorted(_slugs()) == sorted(
        slug for slug, one in services.items() if one.definition.workflow is not None
    )


def test_every_template_has_its_workflow(packaged: Packaged, services: dict[str, CompiledService]) -> None:
    """A template that is written stands in the table of the documentation too, in one line."""
    assert {*PROCEDURES, *NO_CASE} == CODES
    lines = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text(encoding="utf-8").splitlines()
    for code, found in PROCEDURES.items():
        for slug, workflow in found.items():
            assert services[slug].flow.key == workflow
            file = workflow.replace("_", "-")
            assert any(line.startswith(f"| {code} |") and slug in line and file in line for line in lines), (
                slug
            )
    for code, pages in NO_CASE.items():
        for slug in pages:
            assert services[slug].definition.workflow is None
            assert any(line.startswith(f"| {code} |") and slug in line for line in lines), slug
    reading = [one.definition for one in packaged.services if one.definition.service_class == "informational"]
    assert reading and all(one.workflow is None for one in reading)


def _ways(table: Table) -> set[str]:
    """Every exit of every step, and every branch of every decision and split, each as `step:exit`."""
    ways = {f"{key}:{outcome}" for key, step in table.steps.items() for outcome in step.exits}
    for key, step in table.steps.items():
        if step.kind == "decision":
            ways |= {f"{key}:{branch.to}" for branch in step.branches}
    return ways


def _onward(table: Table) -> dict[str, set[str]]:
    """Step -> the steps that a case can come to next."""
    returning = {
        exit_.to: {
            key for key, step in table.steps.items() for one in step.exits.values() if one.to == exit_.to
        }
        for step in table.steps.values()
        for exit_ in step.exits.values()
        if exit_.effect == "return"
    }
    found = {}
    for key, step in table.steps.items():
        tos = {exit_.to for exit_ in step.exits.values()} | {branch.to for branch in step.branches}
        tos |= {one for one in (step.otherwise, step.next, table.joins.get(key)) if one}
        found[key] = {to for one in tos for to in (returning.get(key, set()) if one == ORIGIN else {one})}
    return found


def _distances(onward: dict[str, set[str]], left: set[str]) -> dict[str, int]:
    """Step -> how many moves it is away from something that was not taken yet."""
    goals = {way.removeprefix("end:") if way.startswith("end:") else way.partition(":")[0] for way in left}
    found = dict.fromkeys(goals & set(onward), 0)
    for distance in range(1, len(onward)):
        near = {key for key, tos in onward.items() if key not in found and tos & set(found)}
        if not near:
            break
        found.update(dict.fromkeys(near, distance))
    return found


def _distance(table: Table, far: dict[str, int], one: tuple[str, Event]) -> int:
    """How far what can happen leads from something left; -1 where it is left itself."""
    label = one[0]
    key, _, outcome = label.partition(":")
    exit_ = table.steps[key].exits.get(outcome) if key in table.steps else None
    return far.get(label, far.get(exit_.to, 99) if exit_ is not None else 99)


@pytest.mark.parametrize("slug", _slugs())
def test_every_exit_is_taken_and_every_end_is_reached(
    slug: str, services: dict[str, CompiledService]
) -> None:
    """Actors mostly go where something is left to try, and now and then anywhere."""
    table = services[slug].flow
    onward = _onward(table)
    left = {f"end:{key}" for key, step in table.steps.items() if step.kind == "end"} | _ways(table)
    for seed in range(WALKS):
        walk = Walk(table, seed)
        found = walk.checked(start(table, {}, walk.evaluate))
        for _step in range(100):
            left -= {f"{one.step}:{one.to}" for one in found.effects if isinstance(one, Decided)}
            events = list(_events(table, walk.position))
            if not walk.position.tokens or not events:
                break
            far = {**_distances(onward, left), **dict.fromkeys(left, -1)}
            walk.random.shuffle(events)
            if walk.random.random() < 0.6:
                events.sort(key=partial(_distance, table, far))
            label, event = events[0]
            left.discard(label)
            found = walk.checked(advance(table, walk.position, event, {}, walk.evaluate))
        left.discard(f"end:{walk.position.end}")
        if not left:
            return
    raise AssertionError(f"never taken or reached: {sorted(left)}")
