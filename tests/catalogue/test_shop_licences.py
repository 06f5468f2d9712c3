"""The packaged shop licences: facts, papers, lamp, fee, checks and every way through their workflows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.packaged import Packaged, shelf_of
from diwan.catalogue.registers import MalformedAnswer, bind_answer
from diwan.flow import (
    Cancelled,
    Completed,
    Expired,
    FlowError,
    Outcome,
    Paid,
    Withdrawn,
    advance,
    standing,
    start,
)
from diwan.forms import entry
from tests.catalogue.answers import grocery, restaurant, surroundings
from tests.catalogue.conftest import TODAY

APPROVALS, INSTANT, RENEWAL = "shop-licence-with-approvals", "shop-licence-instant", "shop-licence-renewal"
LEASE = {"status": "active", "tenant_id": "1012345672", "starts_on": "2024-01-01", "unit": {"area_m2": 40}}
KEPT = {
    **{key: value for key, value in grocery().items() if not key.startswith("declares")},
    "number": "102240000178", "status": "expiring", "valid_from": date(2025, 12, 1), "valid_to": date(2026, 12, 1),
}  # fmt: skip


def test_the_directory_is_large_and_whole(packaged: Packaged) -> None:
    rows = packaged.shelf().rows("activities")
    assert len(rows) >= 60
    for row in rows:
        assert {"risk", "health_risk", "safety", "min_area", "max_area", "rate_class", "article"} <= set(
            row.data
        )
        assert row.data["min_area"] < row.data["max_area"]
        supervisor = row.data.get("supervisor")
        assert supervisor is None or supervisor in packaged.shelf().codes("entities")
        assert row.data["article"] in packaged.shelf().codes("articles")


def test_checklists_weigh_a_hundred(services: dict[str, CompiledService]) -> None:
    for code in ("CHK-SHOP", "CHK-FOOD"):
        items = services[APPROVALS].checklist(code)
        assert sum(item.weight for item in items) == 100
        assert any(item.critical for item in items)


@pytest.mark.parametrize(
    ("slug", "values", "documents"),
    [
        (INSTANT, grocery(), {"facade": ["u"]}),
        (APPROVALS, restaurant(), {"facade": ["u"], "inside": ["u"], "sign_design": ["u"]}),
    ],
)
def test_whole_answers_hold(
    slug: str,
    values: dict[str, Any],
    documents: Any,
    services: dict[str, CompiledService],
    packaged: Packaged,
) -> None:
    service = services[slug]
    context = surroundings(service, packaged.shelf(), TODAY)
    assert entry.validate_all(service.form, values, documents, context) == {}


def test_facts_of_a_restaurant(services: dict[str, CompiledService], packaged: Packaged) -> None:
    service = services[APPROVALS]
    facts = service.derive(restaurant(), surroundings(service, packaged.shelf(), TODAY))
    assert facts["risk"] == "high" and facts["permit"] and facts["food"] and facts["visit"]
    assert facts["supervisor"] == "food_drug" and facts["rate_class"] == "C" and facts["sign_m2"] == "4.8"


@pytest.mark.parametrize(
    ("changes", "code", "fields"),
    [
        ({"area_m2": "50"}, "area_least", ("area_m2", "activities")),
        ({"area_m2": "2500"}, "area_most", ("area_m2", "activities")),
        ({"years": 2}, "years_health", ("years",)),
        ({"lease_end": {"date": "2026-01-31", "entered": "hijri"}}, "lease_end", ("lease_end",)),
        (
            {"lease_start": {"date": "2029-01-01", "entered": "hijri"}},
            "lease_order",
            ("lease_start", "lease_end"),
        ),
        ({"safety_mechanism": "declaration"}, "safety_enough", ("safety_mechanism",)),
        ({"activities": ["561011", "862001"]}, "one_supervisor", ("activities",)),
    ],
)
def test_the_lamp_says_what_would_be_returned(
    changes: dict[str, Any], code: str, fields: Any, services: dict[str, CompiledService], packaged: Packaged
) -> None:
    service = services[APPROVALS]
    context = surroundings(service, packaged.shelf(), TODAY)
    found = service.lamp(
        restaurant(**changes), {"facade": ["u"], "inside": ["u"], "sign_design": ["u"]}, context
    )
    assert found.says == "returned"
    line = next(line for line in found.lines if line.code == code)
    assert line.fields == fields
    assert line.text.ar and line.fix is not None and line.fix.ar


def test_the_lamp_of_a_sound_application(services: dict[str, CompiledService], packaged: Packaged) -> None:
    lookups = packaged.shelf()
    service = services[APPROVALS]
    papers = {"facade": ["u"], "inside": ["u"], "sign_design": ["u"]}
    found = service.lamp(restaurant(), papers, surroundings(service, lookups, TODAY))
    assert found.says == "needs_approval"
    assert {"officer", "high_risk", "civil_defence", "supervisor"} == {line.code for line in found.lines}
    instant = services[INSTANT]
    assert (
        instant.lamp(grocery(), {"facade": ["u"]}, surroundings(instant, lookups, TODAY)).says == "accepted"
    )


def test_an_activity_that_needs_approval_is_refused_by_the_instant_service(
    services: dict[str, CompiledService], packaged: Packaged
) -> None:
    service = services[INSTANT]
    context = surroundings(service, packaged.shelf(), TODAY)
    for code in ("561011", "691001"):
        problems = entry.validate_all(service.form, grocery(activities=[code]), {"facade": ["u"]}, context)
        assert problems["activities"].code == "forms.lookup.where"
        assert "بموافقات" in problems["activities"].params["texts"]["ar"]


def test_the_fee_line_by_line(services: dict[str, CompiledService], packaged: Packaged) -> None:
    service = services[APPROVALS]
    context = surroundings(service, packaged.shelf(), TODAY)
    values = restaurant(years=1, wants_card=True)
    lines, total = service.fee(values, service.derive(values, context), context, city_class=1)
    assert {line.code: (line.amount, line.vat) for line in lines} == {
        "activity": (180750, 0), "sign_lit": (96000, 0), "cleaning": (30000, 0), "card": (1500, 225),
        "inspection": (2000, 0),
    }  # fmt: skip
    assert (total.net, total.vat, total.total) == (310250, 225, 310475)
    assert lines[0].explain.ar == "120.5 م² × 15.00 ر.س للمتر × عدد السنوات 1"
    assert lines[0].why["rate_row"] == "activity-C" and lines[0].why["article"] == "ART-03"


def test_the_price_goes_by_the_day(services: dict[str, CompiledService], packaged: Packaged) -> None:
    service = services[INSTANT]
    before = shelf_of(tuple(row for row in packaged.rows if row.valid_from < date(2026, 1, 1)))
    for lookups, on, amount in ((before, date(2025, 12, 31), 24000), (packaged.shelf(), TODAY, 26000)):
        context = surroundings(service, lookups, on)
        lines, _ = service.fee(grocery(), service.derive(grocery(), context), context, city_class=1)
        assert lines[0].amount == amount


@pytest.mark.parametrize(
    ("code", "record", "passed"),
    [
        ("cr_active", {"status": "active", "owners": ["1012345672"], "managers": [], "expires_on": "2028-01-01"}, True),
        ("cr_active", {"status": "suspended", "owners": [], "managers": [], "expires_on": "2028-01-01"}, False),
        ("cr_active", None, False),
        ("cr_owner", {"status": "active", "owners": ["1000000008"], "managers": [], "expires_on": "2028-01-01"}, False),
        ("cr_owner", None, True),
        (
            "lease_active",
            {**LEASE, "ends_on": "2028-01-01"},
            True,
        ),
        (
            "lease_active",
            {**LEASE, "ends_on": "2026-01-01"},
            False,
        ),
    ],
)  # fmt: skip
def test_a_check_judges_an_answer(
    code: str, record: Any, passed: bool, services: dict[str, CompiledService], packaged: Packaged
) -> None:
    service = services[APPROVALS]
    check = service.check(code)
    assert check is not None
    context = surroundings(service, packaged.shelf(), TODAY)
    known = service.environment(
        values=restaurant(),
        facts=service.derive(restaurant(), context),
        today=TODAY,
        applicant=context.applicant,
    )
    answer = bind_answer(packaged.shelf(), check.register, found=record is not None, record=record or {})
    assert service.evaluate_check(check, {**known, "answer": answer}).value is passed


@pytest.mark.parametrize(
    "record", [{}, {"status": 7}, {"status": "active", "owners": "1", "managers": [], "expires_on": "x"}]
)
def test_a_malformed_answer_is_no_answer(record: Any, packaged: Packaged) -> None:
    with pytest.raises(MalformedAnswer):
        bind_answer(packaged.shelf(), "commercial_register", found=True, record=record)


class Walk:
    """A case of a service moved by events, without rows."""

    def __init__(self, service: CompiledService, packaged: Packaged, values: dict[str, Any]) -> None:
        self.service, self.table = service, service.flow
        context = surroundings(service, packaged.shelf(), TODAY)
        self.facts = service.derive(values, context)
        self.values, self.outcomes = values, {}
        self.outcome: Outcome = start(self.table, self.known(), service.evaluate)

    outcomes: dict[str, str]

    def known(self) -> dict[str, Any]:
        """Variables of the rules now."""
        return self.service.environment(
            values=self.values, facts=self.facts, today=TODAY, outcomes=self.outcomes
        )

    def at(self) -> list[str]:
        """Steps that wait."""
        return sorted(token.step for token in self.outcome.position.tokens)

    def token(self, step: str) -> int:
        """The token that waits at a step."""
        return next(token.id for token in self.outcome.position.tokens if token.step == step)

    def act(self, step: str, outcome: str) -> list[str]:
        """Somebody acts at a step."""
        self.outcomes = {**self.outcomes, step: outcome}
        return self.event(Completed(self.token(step), outcome))

    def event(self, event: Any) -> list[str]:
        """Something happens."""
        self.outcome = advance(self.table, self.outcome.position, event, self.known(), self.service.evaluate)
        return self.at()

    @property
    def state(self) -> str:
        """The public state."""
        return standing(self.table, self.outcome.position).state


@pytest.fixture
def walk(services: dict[str, CompiledService], packaged: Packaged) -> Walk:
    """A restaurant's application."""
    return Walk(services[APPROVALS], packaged, restaurant())


def approved(walk: Walk) -> Walk:
    """A restaurant up to the bill."""
    assert walk.act("checks", "clear") == ["civil_defence", "supervising_body"]
    assert walk.act("civil_defence", "approve") == ["supervising_body"]
    assert walk.act("supervising_body", "approve") == ["visit_food"]
    assert walk.act("visit_food", "passed") == ["review"]
    assert walk.act("review", "recommend") == ["section_review"]
    assert walk.act("section_review", "recommend") == ["head_approval"]
    assert walk.act("head_approval", "approve") == ["payment"]
    return walk


def test_a_restaurant_goes_to_the_head_and_is_issued(walk: Walk) -> None:
    approved(walk)
    assert walk.state == "invoiced"
    assert walk.event(Paid(walk.token("payment"))) == ["licence"]
    assert walk.act("licence", "issued") == []
    assert walk.state == "issued"


def test_a_medium_risk_shop_is_approved_by_the_head_of_section(
    services: dict[str, CompiledService], packaged: Packaged
) -> None:
    values = restaurant(
        activities=["471102"], area_m2="120", safety_mechanism="report", safety_reference="123456"
    )
    walk = Walk(services[APPROVALS], packaged, values)
    assert walk.act("checks", "clear") == ["review"]
    assert walk.act("review", "recommend") == ["section_approval"]
    assert walk.act("section_approval", "approve") == ["payment"]


@pytest.mark.parametrize(
    ("outcome", "step", "state"),
    [
        ("blocked", "blocked", "returned"),
        ("returned", "amend", "returned"),
        ("manual", "manual_check", "under_review"),
    ],
)
def test_what_checks_find(outcome: str, step: str, state: str, walk: Walk) -> None:
    assert walk.act("checks", outcome) == [step]
    assert walk.state == state


def test_after_mending_the_checks_run_again(walk: Walk) -> None:
    walk.act("checks", "blocked")
    assert walk.act("blocked", "resubmitted") == ["checks"]


def test_silence_of_the_civil_defence_brings_a_visit_and_the_officer(
    services: dict[str, CompiledService], packaged: Packaged
) -> None:
    values = restaurant(activities=["475204"], area_m2="60")
    walk = Walk(services[APPROVALS], packaged, values)
    assert walk.act("checks", "clear") == ["civil_defence"]
    walk.outcomes = {"civil_defence": "no_answer"}
    assert walk.event(Expired(walk.token("civil_defence"))) == ["visit_shop"]


def test_silence_of_a_supervising_body_is_no_objection(walk: Walk) -> None:
    walk.act("checks", "clear")
    assert walk.event(Expired(walk.token("supervising_body"))) == ["civil_defence"]


def test_a_refusal_from_outside_ends_both_branches(walk: Walk) -> None:
    walk.act("checks", "clear")
    assert walk.act("civil_defence", "refuse") == []
    assert walk.state == "rejected"


def test_a_return_comes_back_to_the_step_that_returned_it(walk: Walk) -> None:
    walk.act("checks", "manual")
    assert walk.act("manual_check", "return") == ["completion"]
    assert walk.act("completion", "resubmitted") == ["manual_check"]


def test_the_fourth_return_closes_the_request(walk: Walk) -> None:
    walk.act("checks", "manual")
    for _ in range(3):
        assert walk.act("manual_check", "return") == ["completion"]
        walk.act("completion", "resubmitted")
    assert walk.act("manual_check", "return") == []
    assert walk.state == "closed"


def test_thirty_days_without_completion_close_the_request(walk: Walk) -> None:
    walk.act("checks", "manual")
    walk.act("manual_check", "return")
    assert walk.event(Expired(walk.token("completion"))) == []
    assert walk.state == "closed"


def test_an_unpaid_bill_ends_the_request(walk: Walk) -> None:
    approved(walk)
    assert walk.event(Expired(walk.token("payment"))) == []
    assert walk.state == "expired"


@pytest.mark.parametrize(("event", "state"), [(Withdrawn(), "withdrawn"), (Cancelled(), "cancelled")])
def test_withdrawn_or_cancelled_before_payment(event: Any, state: str, walk: Walk) -> None:
    walk.act("checks", "clear")
    assert walk.event(event) == []
    assert walk.state == state


@pytest.mark.parametrize("event", [Withdrawn(), Cancelled()])
def test_neither_after_payment(event: Any, walk: Walk) -> None:
    approved(walk)
    walk.event(Paid(walk.token("payment")))
    with pytest.raises(FlowError):
        walk.event(event)


def test_the_instant_licence_meets_nobody(services: dict[str, CompiledService], packaged: Packaged) -> None:
    service = services[INSTANT]
    walk = Walk(service, packaged, grocery())
    assert walk.act("checks", "clear") == ["payment"]
    assert walk.event(Paid(walk.token("payment"))) == ["licence"]
    assert walk.act("licence", "issued") == []
    assert service.standing_authority == "AUTH-INSTANT-SHOP"
    assert [(follow_up.kind, follow_up.service) for follow_up in service.follow_ups] == [
        ("visit", "visit-after-licence")
    ]


def test_a_silent_register_brings_an_officer_to_the_instant_licence(
    services: dict[str, CompiledService], packaged: Packaged
) -> None:
    walk = Walk(services[INSTANT], packaged, grocery())
    assert walk.act("checks", "manual") == ["manual_check"]
    assert walk.act("manual_check", "confirm") == ["payment"]


def test_every_waiting_step_tells_the_citizen_something(services: dict[str, CompiledService]) -> None:
    for slug in (APPROVALS, INSTANT, RENEWAL):
        for step in services[slug].flow.steps.values():
            if step.kind not in ("decision", "split", "join"):
                assert services[slug].public(step.key, "ar") and services[slug].public(step.key, "en"), (
                    step.key
                )


def test_a_renewal_starts_from_the_entry_and_is_two_taps(
    services: dict[str, CompiledService], packaged: Packaged
) -> None:
    service = services[RENEWAL]
    context = surroundings(service, packaged.shelf(), TODAY, entry=KEPT)
    values = entry.prefill(service.form, context)
    assert values["area_m2"] == "40" and values["years"] == 1
    assert [page.key for page in entry.short_pages(service.form, values, context)] == ["term"]
    declared = {
        key: {"accepted": True, "version": "1"}
        for key in ("declares_truth", "declares_requirements", "declares_privacy")
    }
    whole = {**values, **declared, "nothing_changed": True}
    assert entry.validate_all(service.form, whole, {}, context) == {}
    assert service.lamp(whole, {}, context).says == "accepted"


def test_a_renewal_cannot_enlarge_the_shop(services: dict[str, CompiledService], packaged: Packaged) -> None:
    service = services[RENEWAL]
    context = surroundings(service, packaged.shelf(), TODAY, entry=KEPT)
    values = {**entry.prefill(service.form, context), "area_m2": "400"}
    assert entry.validate_all(service.form, values, {}, context)["area_m2"].code == "forms.fixed"


@pytest.mark.parametrize(
    ("valid_to", "late", "early"),
    [(date(2026, 12, 1), False, False), (date(2026, 11, 1), True, False), (date(2027, 6, 1), False, True)],
)
def test_a_renewal_knows_early_and_late(
    valid_to: date, late: bool, early: bool, services: dict[str, CompiledService], packaged: Packaged
) -> None:
    service = services[RENEWAL]
    context = surroundings(service, packaged.shelf(), TODAY, entry={**KEPT, "valid_to": valid_to})
    values = entry.prefill(service.form, context)
    lines, _ = service.fee(values, service.derive(values, context), context, city_class=1)
    assert ("late" in {line.code for line in lines}) is late
    assert ("entry_window" in {line.code for line in service.lamp(values, {}, context).lines}) is early
