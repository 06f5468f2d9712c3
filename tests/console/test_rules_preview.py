"""Rules tried in the console: conditions, decision tables with the rows that fired, fees line by line."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import urlencode

import pytest

from diwan.catalogue.actions import draft_version
from diwan.catalogue.compiled import load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.queries import current_version, previewing, shelf
from diwan.catalogue.queries.texts import completion
from diwan.kit import clock
from tests import cast
from tests.console.test_people import signed_in

pytestmark = pytest.mark.usefixtures("city")
TABLE: dict[str, Any] = {
    "inputs": {"area": {"type": "double", "from": "form.area_m2", "min": "0.0", "max": "1000000.0"}},
    "outputs": {"size": {"type": "string"}},
    "rules": [
        {"id": "small", "when": {"area": "< 100.0"}, "then": {"size": "small"}},
        {"id": "large", "when": {"area": ">= 100.0"}, "then": {"size": "large"}},
    ],
}


def version(**more: Any) -> ServiceVersion:
    """The shop licence in force, or a draft of it with more."""
    found = current_version(cast.WITH_APPROVALS, clock.today())
    assert found is not None
    if not more:
        return found
    return draft_version(definition={**copy.deepcopy(found.definition), **more}, by=cast.actor("it.omar"))


def page(row: ServiceVersion, rule: str, typed: dict[str, str], status: int = 200) -> str:
    """The page of a rule that is tried with what was typed."""
    asked = {"rule": rule, "try": "1", **{f"v.{name}": value for name, value in typed.items()}}
    answer = signed_in("it.sara", lang="en").get(f"/console/versions/{row.pk}/rules?{urlencode(asked)}")
    assert answer.status_code == status
    return answer.content.decode()


def test_a_condition_answers_with_what_it_read() -> None:
    row = version()
    service = load_definition(row)
    rule = next(one for one in previewing.conditions(service) if one.text.startswith("facts.risk == 'high'"))
    assert previewing.read_by_condition(service, rule, shelf(None)).keys() == {
        "facts.risk",
        "facts.food",
        "form.area_m2",
    }
    told = page(row, rule.key, {"form.area_m2": "٦٠٠", "facts.risk": "low"})
    assert "form.area_m2 = 600.0" in told and "<bdi>Yes</bdi>" in told
    opened = told.partition('<details class="rule-group" open>')[2]
    assert opened.partition("</details>")[0].count('aria-current="true"') == 1, "its group alone is open"
    assert "· way 1</bdi>" in told and "· what the register is asked</bdi>" in told
    told = page(row, rule.key, {"form.area_m2": "40"})
    assert "<bdi>No</bdi>" in told
    assert "no value of the type double" in page(row, rule.key, {"form.area_m2": "wide"}, 422)
    assert signed_in("it.sara").get(f"/console/versions/{row.pk}/rules?rule=nothing").status_code == 404
    for one in previewing.conditions(service):  # every rule can be opened
        assert previewing.read_by_condition(service, one, shelf(None)) is not None


def test_a_decision_table_marks_the_row_that_fired() -> None:
    told = page(version(tables={"size": TABLE}), "table:size", {"form.area_m2": "250"})
    fired = told.partition('class="is-fired"')[2].partition("</tr>")[0]
    assert "large" in fired and "small" not in fired and "Fired" in fired
    assert "&gt;= 100.0" in fired


def test_the_fee_line_by_line_with_vat_and_total() -> None:
    row = version()
    service = load_definition(row)
    asked = previewing.read_by_fees(service)
    assert {"facts.rate_class", "form.area_m2"} <= asked.keys()
    typed = {"facts.rate_class": "A", "form.area_m2": "60.5", "form.years": "1"}
    values, wrong = previewing.read_values(asked, typed)
    assert not wrong
    lines, totals = previewing.try_fees(
        service, values, on=clock.today(), city_class=1, lookups=shelf(clock.today())
    )
    activity = next(one for one in lines if one.line.rate.startswith("activity-"))
    assert activity.charged is not None and activity.charged.amount == round(60.5 * 650)
    assert totals.total == sum(one.charged.total for one in lines if one.charged is not None)
    told = page(row, "fees", typed)
    assert "393.25" in told and "Does not apply." in told
    assert "activity-Z" in page(row, "fees", {**typed, "facts.rate_class": "Z"})
    assert "make no amount" in page(row, "fees", {"facts.rate_class": "A", "form.area_m2": "-5"})


def test_the_completion_knows_keys_kinds_and_codes() -> None:
    words = completion(shelf(None), "en")
    assert "workflow" in words["keys"][""] and "late" in words["keys"]["deadline"]
    assert ["ROLE-HEAD", "Head of the municipality"] in words["values"]["role"]
    assert {kind for kind, _title in words["kinds"]["steps"]} == set(words["steps"])
    assert any(code.startswith("RSN") or code for code, _name in words["reasons"])
