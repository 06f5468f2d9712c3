"""The page that teaches to write a procedure: its example has no faults, runs, is priced by its table, and is changed
while five cases run, of which three move and one is taken back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from diwan.cases.actions.move_version import carry_out, move_version
from diwan.cases.actions.open_cases import open_case
from diwan.cases.actions.undo_move import take_back as take_case_back
from diwan.cases.actions.undo_move import undo_move
from diwan.cases.models import Case, OpenTask
from diwan.cases.opening import Opening
from diwan.cases.services import forget, service_of
from diwan.cases.version_queries import judged, open_on_others, target_of
from diwan.catalogue.actions import (
    approve_publication,
    ask_publication,
    begin_draft,
    set_lookup_row,
    write_draft,
)
from diwan.catalogue.errors import NoRate
from diwan.catalogue.models import ServiceVersion, WrittenDraft
from diwan.catalogue.pricing import calculator_keys
from diwan.catalogue.queries import service_in_force
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.errors import english
from diwan.people.models import Municipality
from diwan.sandbox.moves import Move
from diwan.sandbox.playing import Play
from diwan.web.portal.words import stage_words, standing_words
from tests import cast
from tests.sandbox.walking import form_of, setting_of, version_of

pytestmark = pytest.mark.usefixtures("city")
PAGE = Path(__file__).parents[2] / "docs" / "howto" / "write-a-procedure.md"
PRICES = {"small": 5_000, "medium": 12_000, "large": 30_000}


def example() -> str:
    """The text on the page."""
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def in_force(text: str, *, base: int | None = None, first_day: date | None = None) -> ServiceVersion:
    """The text written by one, and put into force by another; its prices hold from the first day."""
    sara = cast.actor("it.sara")
    for size, price in PRICES.items() if base is None else ():
        set_lookup_row(
            lookup="fee_rates", code=f"stall-{size}", name=Text(size, size), data={"amount": price, "unit": "day"},
            valid_from=first_day or clock.today(), by=sara,
        )  # fmt: skip
    draft: WrittenDraft = begin_draft(version_id=base, by=sara)
    draft, found = write_draft(draft_id=draft.pk, text=text, revision=draft.revision, by=sara)
    assert not found.faults, [str(fault) for fault in found.faults]
    asked = ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=sara)
    version = approve_publication(publication_id=asked.pk, answer="", by=cast.actor("it.omar"))
    forget()
    return version


def opened(area: int) -> Case:
    """A case of somebody who asks for a stall."""
    service = service_in_force("stall-permit", clock.today())
    assert service is not None
    values: dict[str, Any] = {"place": cast.place_in("101"), "area": area, "days": 3, "sells": "عصير"}
    facts = {"derived": service.derive(values, setting_of("stall-permit").context())}
    place = Municipality.objects.get(code="101").pk
    applicant = setting_of("stall-permit").person.snapshot
    made = open_case(
        Opening(
            service=service,
            municipality_id=place,
            district_id=None,
            applicant=applicant,
            data=values,
            facts=facts,
            by=cast.owner(),
        )
    )
    return Case.objects.get(pk=made.case_id)


def told(case: Case, language: str) -> str:
    """What its owner reads of where it stands."""
    found = Case.objects.get(pk=case.pk)
    tasks = OpenTask.objects.filter(case=case).order_by("id")
    return standing_words(found, service_of(found.version_id), tasks, language)[1]


def test_its_example_is_tried_priced_published_changed_and_moved() -> None:
    first = in_force(example())
    setting = setting_of("stall-permit")
    play = Play(setting)
    form = form_of(setting)
    play.make(Move(do="send", values={**form["values"], "area": 12, "days": 3}, papers=[]))
    assert {one.token.step for one in play.open.values()} == {"inspection", "licensing"}
    lines, totals = setting.price(play.known.data, play.known.derived)
    assert ([line.amount for line in lines], totals.total) == ([36_000], 36_000)
    play.make(Move(do="act", step="inspection", outcome="agree", who="a"))
    play.make(Move(do="act", step="licensing", outcome="agree", who="b"))
    play.make(Move(do="act", step="payment"))
    assert play.ended and play.state == "issued"

    assert calculator_keys(setting.service) == {"area", "days"}  # through the table that names the price

    service = setting.service
    cases = [opened(area) for area in (5, 12, 20, 25, 30)]
    for language in ("ar", "en"):
        branches = {stage_words(service, step, language) for step in ("inspection", "licensing")}
        assert len(branches) == 2 and all(branch in told(cases[1], language) for branch in branches)
    cast.act(cases[0], "licensing", "agree", by=cast.actor("fahad"))
    assert told(cases[0], "ar") == stage_words(service, "inspection", "ar")
    cast.act(cases[0], "inspection", "agree", by=cast.actor("khalid"))
    text = example().replace("deadline: {amount: 2, unit", "deadline: {amount: 1, unit")
    second = in_force(text, base=first.pk)
    assert second.number == first.number + 1
    assert open_on_others(clock.today()) == {"stall-permit": 1}
    weighed = {one.case_id: one.made.dues for one in judged(target_of(first.pk, second.pk, {}))}
    assert {step for step, before, after in weighed[cases[1].pk] if after != before} == {
        "inspection",
        "licensing",
    }
    sara = cast.actor("it.sara")
    ids = [case.pk for case in cases]
    made = move_version(from_version_id=first.pk, to_version_id=second.pk, case_ids=ids[:3], by=sara)
    carry_out(move_id=made.pk)
    versions = dict(Case.objects.filter(pk__in=ids).values_list("pk", "version_id"))
    assert [versions[one] for one in ids] == [second.pk] * 3 + [first.pk] * 2
    undo_move(move_id=made.pk, case_ids=[ids[1]], by=sara)
    take_case_back(move_id=made.pk)
    versions = dict(Case.objects.filter(pk__in=ids).values_list("pk", "version_id"))
    assert [versions[one] == second.pk for one in ids] == [True, False, True, False, False]
    assert connection.in_atomic_block and version_of("stall-permit").pk == second.pk


def test_each_answer_of_the_table_needs_its_price() -> None:
    in_force(example())
    sara = cast.actor("it.sara")
    draft = begin_draft(version_id=version_of("stall-permit").pk, by=sara)
    text = example().replace("medium", "middling")
    draft, found = write_draft(draft_id=draft.pk, text=text, revision=draft.revision, by=sara)
    assert [english(fault.problem) for fault in found.faults] == [
        "There is no row stall-middling in fee_rates."
    ]
    wrong = example().replace("table: size", "table: sizes")  # told as a fault, and nothing falls over it
    draft, found = write_draft(draft_id=draft.pk, text=wrong, revision=draft.revision, by=sara)
    assert found.faults


def test_without_a_price_of_today_no_bill_is_made() -> None:
    in_force(example(), first_day=clock.today() + timedelta(days=5))
    setting = setting_of("stall-permit")
    play = Play(setting)
    form = form_of(setting)
    play.make(Move(do="send", values={**form["values"], "area": 12, "days": 3}, papers=[]))
    play.make(Move(do="act", step="inspection", outcome="agree", who="a"))
    with pytest.raises(NoRate):
        play.make(Move(do="act", step="licensing", outcome="agree", who="b"))
    assert [one.token.step for one in play.open.values()] == ["licensing"]
