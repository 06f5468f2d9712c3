"""Changing what runs: a second version is published while cases are open; they are moved, taken back, or left."""

import copy
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from diwan.audit.models import AuditRow
from diwan.cases import guards
from diwan.cases.actions.begin_completion import begin_completion
from diwan.cases.actions.carry_draft import carry_draft
from diwan.cases.actions.drafts import save_draft
from diwan.cases.actions.move_version import NothingToMove, NoWayThere, carry_out, move_version
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.actions.undo_move import NothingToTakeBack, take_back, undo_move
from diwan.cases.carrying import Target, target_of
from diwan.cases.errors import FormChanged, NotAllowed, Outrun
from diwan.cases.models import Case, History, JoinCounter, MovedCase, OpenTask, VersionMove
from diwan.cases.moving import write_act
from diwan.cases.remarks import Remark
from diwan.cases.services import forget, service_of
from diwan.cases.version_queries import drafts_at, judged, open_at
from diwan.catalogue import remembered
from diwan.catalogue.actions import draft_version, publish_version
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.queries import current_version
from diwan.jobs.versions import carry_on
from diwan.kit import clock
from diwan.kit.errors import FieldErrors
from diwan.outbox.models import Event
from diwan.people.actor import Actor
from tests import cast
from tests.cases.conftest import Client
from tests.cases.test_walk import steps_of, to_head, to_review

SLUG = cast.WITH_APPROVALS
MAPPING = {"section_review": "quality_review"}


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What the process remembers of versions ends with the test that published them."""
    remembered.forget()
    yield
    remembered.forget()
    forget()


def publish(change: Callable[[dict[str, Any]], None]) -> tuple[int, int]:
    """The service changed and published today by whoever may; ids of the version before and of the new one."""
    before = current_version(SLUG, clock.today())
    assert before is not None
    definition = copy.deepcopy(before.definition)
    change(definition)
    draft = draft_version(definition=definition, by=cast.actor("it.omar"))
    publish_version(version_id=draft.pk, valid_from=clock.today(), by=cast.actor("it.sara"))
    forget()
    return before.pk, draft.pk


def renamed(definition: dict[str, Any]) -> None:
    """Version 2: the section reviews under another name, the officer has one day, bills are open for five days."""
    flow = definition["workflow"]
    steps = flow["steps"]
    steps["quality_review"] = steps.pop("section_review")
    steps["quality_review"]["title"] = {"ar": "مراجعة الجودة", "en": "Quality review"}
    steps["review"]["deadline"]["amount"] = 1
    steps["who_approves"]["branches"][0]["to"] = "quality_review"
    steps["head_approval"]["actions"]["back"]["to"] = "quality_review"
    barred = steps["head_approval"]["not_same_person_as"]
    barred[barred.index("section_review")] = "quality_review"
    for rule in ("withdraw", "cancel"):
        allowed = flow[rule]["allowed_in"]
        allowed[allowed.index("section_review")] = "quality_review"
    definition["bill_days"] = 5


def told(target: Target) -> dict[int, list[str]]:
    """Case -> codes of the reasons why it stays (none: it can move)."""
    return {one.case_id: [reason.code for reason in one.made.reasons] for one in judged(target)}


def moved(before: int, after: int, *cases: Case, steps: dict[str, str] | None = None) -> VersionMove:
    """The cases moved by whoever may."""
    made = move_version(
        from_version_id=before, to_version_id=after, case_ids=[case.pk for case in cases], steps=steps,
        by=cast.actor("it.sara"), note="تجربة",
    )  # fmt: skip
    carry_out(move_id=made.pk)
    return made


def became(move: VersionMove) -> dict[int, str]:
    """Case -> what became of it."""
    return dict(MovedCase.objects.filter(move=move).values_list("case_id", "state"))


def returned(owner: Actor) -> Case:
    """Sent back by the officer for one answer."""
    remarks = [Remark("unit_no", "RSN-02", "غير واضح")]
    return cast.act(to_review(owner), "review", "return", by=cast.actor("fahad"), field_remarks=remarks)


def invoiced(owner: Actor) -> Case:
    """Approved, with its bill."""
    case, head = to_head(owner), cast.actor("abdulaziz")
    cast.step_up(head)
    return cast.act(case, "head_approval", "approve", by=head)


@pytest.mark.usefixtures("city", "registers")
def test_five_cases_at_different_steps_are_tried_moved_taken_back_or_left() -> None:
    owner, sara = cast.owner(), cast.actor("it.sara")
    bodies = cast.run_machine(cast.submit(owner))
    asked, reviewed = returned(owner), to_review(owner)
    section = cast.act(to_review(owner), "review", "recommend", by=cast.actor("fahad"))
    billed = invoiced(owner)
    completion = begin_completion(case_id=asked.pk, by=owner)
    due = cast.waiting(reviewed, "review").due_at
    before, after = publish(renamed)
    assert {(one.version_id, one.step, one.cases) for one in open_at(SLUG)} == {
        (before, step, 1)
        for step in ("civil_defence", "supervising_body", "completion", "review", "section_review", "payment")
    }
    bare = told(target_of(before, after))
    assert (bare[section.pk], bare[billed.pk]) == (["gone"], ["bill", "duties"])
    tried = told(target_of(before, after, MAPPING))
    assert {case for case, reasons in tried.items() if not reasons} == {
        bodies.pk, asked.pk, reviewed.pk, section.pk,
    }  # fmt: skip
    assert not MovedCase.objects.exists()
    assert set(Case.objects.values_list("version_id", flat=True)) == {before}, "trying writes nothing"

    made = moved(before, after, bodies, asked, reviewed, section, billed, steps=MAPPING)
    assert became(made) == {
        bodies.pk: "moved", asked.pk: "moved", reviewed.pk: "moved", section.pk: "moved", billed.pk: "stayed",
    }  # fmt: skip
    assert steps_of(section) == {"quality_review"}
    assert Case.objects.get(pk=section.pk).stage == "quality_review"
    task = cast.waiting(reviewed, "review")
    assert due is not None and task.due_at is not None
    assert clock.now() < task.due_at <= due, "a shorter period ends no later, and nobody is late by the move"
    row = History.objects.get(case=section, act="carried")
    assert (row.account_id, row.public, row.note) == (sara.account_id, False, "تجربة")
    assert AuditRow.objects.filter(action="cases.case.carried").count() == 4
    assert Event.objects.filter(name="cases.case.carried").count() == 4

    # One acts on the new version: both bodies approve, and their branches come together there.
    cast.act(bodies, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    cast.act(bodies, "supervising_body", "approve", by=cast.member_of("food_drug"))
    assert steps_of(bodies) == {"visit_food"} and not JoinCounter.objects.filter(case=bodies).exists()
    # One is completed on the new form, by the draft that was begun on the former.
    carried = carry_draft(draft_id=completion.pk, by=owner)
    assert carried.version_id == after
    save_draft(draft_id=carried.pk, values={**carried.data, "unit_no": "9"}, typed={}, page="", by=owner)
    submit_draft(draft_id=carried.pk, by=owner)
    assert steps_of(asked) == {"review"}
    # Whoever reviewed under the former name may not decide after it either.
    cast.act(section, "quality_review", "recommend", by=cast.actor("nora"))
    moved_back = cast.waiting(section, "head_approval")
    barred = guards.barred(service_of(after), Case.objects.get(pk=section.pk), moved_back.step)
    assert cast.actor("nora").account_id in barred

    assert undo_move(move_id=made.pk, by=sara, case_ids=[bodies.pk, reviewed.pk]) == 2
    take_back(move_id=made.pk)
    assert became(made) | {asked.pk: "moved"} == {
        bodies.pk: "moved", asked.pk: "moved", reviewed.pk: "returned", section.pk: "moved", billed.pk: "stayed",
    }  # fmt: skip
    kept = MovedCase.objects.get(move=made, case_id=bodies.pk)
    assert [reason["code"] for reason in kept.hindrances] == ["acted"]
    back = Case.objects.get(pk=reviewed.pk)
    assert (back.version_id, cast.waiting(back, "review").due_at) == (before, due)
    assert Case.objects.get(pk=billed.pk).version_id == before, "what is left finishes on its version"
    with pytest.raises(NothingToTakeBack):
        undo_move(move_id=made.pk, by=sara, case_ids=[reviewed.pk])


@pytest.mark.usefixtures("city", "registers")
def test_who_acted_under_a_former_name_stays_barred_and_its_words_stay() -> None:
    case = to_head(cast.owner())
    before, after = publish(renamed)
    assert told(target_of(before, after)) == {case.pk: ["duties"]}, "who did it would be forgotten"
    made = moved(before, after, case, steps=MAPPING)
    assert became(made) == {case.pk: "moved"}
    case = Case.objects.get(pk=case.pk)
    assert cast.actor("nora").account_id in guards.barred(service_of(after), case, "head_approval")
    assert service_of(after).title("section_review", "en") == "Review by the head of section"
    assert service_of(after).outcome("section_review", "recommend", "en") == "Recommend to the head"


@pytest.mark.usefixtures("city", "registers")
def test_a_process_that_dies_in_between_leaves_whole_cases_and_the_worker_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = cast.owner()
    cases = [cast.run_machine(cast.submit(owner)) for _ in range(3)]
    before, after = publish(renamed)
    written: list[int] = []

    def dying(loaded: Any, **more: Any) -> Any:
        written.append(loaded.case.pk)
        if len(written) == 2:
            raise SystemExit  # the tasks of the second are written, its history is not
        return write_act(loaded, **more)

    monkeypatch.setattr("diwan.cases.actions.move_version.write_act", dying)
    with pytest.raises(SystemExit):
        moved(before, after, *cases)
    move = VersionMove.objects.get()
    assert sorted(became(move).values()) == ["moved", "waiting", "waiting"]
    versions = [
        case.version_id for case in Case.objects.filter(pk__in=[one.pk for one in cases]).order_by("id")
    ]
    assert versions == [after, before, before]
    assert carry_on() == 2 and carry_on() == 0
    assert set(became(move).values()) == {"moved"}
    assert History.objects.filter(act="carried", account_id=cast.actor("it.sara").account_id).count() == 3
    undo_move(move_id=move.pk, by=cast.actor("it.sara"))
    assert carry_on() == 3
    assert set(became(move).values()) == {"returned"}
    assert OpenTask.objects.filter(case__in=cases).count() == 6


@pytest.mark.usefixtures("city", "registers")
def test_it_is_refused_to_others_and_without_a_way() -> None:
    case = cast.run_machine(cast.submit(cast.owner()))
    before, after = publish(renamed)
    sara = cast.actor("it.sara")
    for who in (cast.actor("abdulaziz"), cast.owner()):
        with pytest.raises(NotAllowed):
            move_version(from_version_id=before, to_version_id=after, case_ids=[case.pk], by=who)
        with pytest.raises(NotAllowed):
            undo_move(move_id=0, by=who)
    other = ServiceVersion.objects.exclude(service__slug=SLUG).filter(state="published").earliest("id")
    draft = draft_version(definition=ServiceVersion.objects.get(pk=after).definition, by=sara)
    for to in (other.pk, draft.pk, before):
        with pytest.raises(NoWayThere):
            move_version(from_version_id=before, to_version_id=to, case_ids=[case.pk], by=sara)
    with pytest.raises(NothingToMove):
        move_version(from_version_id=before, to_version_id=after, case_ids=[], by=sara)
    made = moved(before, after, case)
    again = moved(before, after, case)
    assert (became(made), became(again)) == ({case.pk: "moved"}, {case.pk: "stayed"})
    assert MovedCase.objects.get(move=again).hindrances[0]["code"] == "elsewhere"


def asked_otherwise(definition: dict[str, Any]) -> None:
    """Version 2 of the form: a new question, one gone, and the number of the unit in digits only."""
    definition["entry"]["keeps"].remove("floor")
    for section in definition["result"]["sections"]:
        section["rows"] = [row for row in section["rows"] if row["source"] != "form.floor"]
    (premises,) = [page for page in definition["pages"] if page["key"] == "premises"]
    for group in premises["groups"]:
        group["fields"] = [field for field in group["fields"] if field["key"] != "floor"]
        for field in group["fields"]:
            if field["key"] == "unit_no":
                for key in set(field) - {"key", "label", "help"}:
                    del field[key]
                field |= {"kind": "integer", "least": 1, "most": 900}
    premises["groups"][-1]["fields"].append(
        {"key": "keeper", "kind": "text", "most": 60, "label": {"ar": "حارس المحل", "en": "Keeper"}}
    )


@pytest.mark.usefixtures("city", "registers")
def test_a_draft_goes_on_with_the_new_form_and_what_was_typed() -> None:
    owner = cast.owner()
    draft = cast.fill_draft(owner, unit_no="7 ب")
    case = cast.submit(owner)
    before, after = publish(asked_otherwise)
    assert [(one.version_id, one.drafts) for one in drafts_at(SLUG)] == [(before, 1)]
    with pytest.raises(FormChanged):
        submit_draft(draft_id=draft.pk, by=owner)
    carried = carry_draft(draft_id=draft.pk, by=owner)
    assert carried.version_id == after and carried.page == ""
    assert carried.data["trade_name_ar"] == draft.data["trade_name_ar"]
    assert carried.typed == {"unit_no": ["7 ب"]} and "unit_no" not in carried.data
    assert carried.carried is not None
    assert carried.carried["values"] == {"floor": draft.data["floor"]}
    labels = {name: [label["en"] for label in carried.carried[name]] for name in ("fresh", "gone", "changed")}
    assert labels == {"fresh": ["Keeper"], "gone": ["Floor"], "changed": ["Unit number"]}
    assert carry_draft(draft_id=draft.pk, by=owner).revision == carried.revision, "once is enough"
    with pytest.raises(FieldErrors) as caught:
        submit_draft(draft_id=draft.pk, by=owner)
    assert set(caught.value.errors) == {"unit_no", "keeper"}
    save_draft(
        draft_id=draft.pk,
        values={**carried.data, "unit_no": 7, "keeper": "سعيد"},
        typed={},
        page="",
        by=owner,
    )
    opened = Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=owner).case_id)
    assert opened.version_id == after and "floor" not in opened.data
    # A case that was sent lacks the new answer, so it stays and finishes on its version.
    (one,) = [found for found in judged(target_of(before, after)) if found.case_id == case.pk]
    assert [reason.code for reason in one.made.reasons] == ["answers"]
    assert [name.en for name in one.made.reasons[0].names] == ["Keeper"]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Registers in order, for every thread."""
    monkeypatch.setattr(settings, "REGISTER_CLIENT", "tests.cases.conftest.Client", raising=False)
    monkeypatch.setattr(Client, "held", cast.Registers(), raising=False)
    yield


def test_acting_while_it_is_moved_leaves_one_whole_case(committed_city: str, answering: None) -> None:
    case = to_review(cast.owner())
    before, after = publish(renamed)
    officer, ready = cast.actor("fahad"), threading.Barrier(2)
    made = move_version(
        from_version_id=before,
        to_version_id=after,
        case_ids=[case.pk],
        steps=MAPPING,
        by=cast.actor("it.sara"),
    )
    outrun: list[Outrun] = []

    def act() -> None:
        try:
            ready.wait(timeout=30)
            cast.act(case, "review", "recommend", by=officer)
        except Outrun as error:
            outrun.append(error)
        finally:
            connection.close()

    def carry() -> None:
        try:
            ready.wait(timeout=30)
            carry_out(move_id=made.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=act), threading.Thread(target=carry)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert became(made) == {case.pk: "moved"}, "whoever comes second weighs the case as it stands then"
    assert steps_of(case) == ({"review"} if outrun else {"quality_review"})
    assert Case.objects.get(pk=case.pk).version_id == after
    assert History.objects.filter(case=case, act="carried").count() == 1
    if not outrun:
        cast.act(case, "quality_review", "recommend", by=cast.actor("nora"))
        assert steps_of(case) == {"head_approval"}
