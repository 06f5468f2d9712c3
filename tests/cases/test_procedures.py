"""The packaged procedures with real people: filed, carried by those who hold the roles, brought to a good end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from diwan.cases.actions.answer_party import answer_party
from diwan.cases.actions.cast_vote import cast_vote
from diwan.cases.actions.choose import choose
from diwan.cases.actions.conclude_vote import conclude_vote
from diwan.cases.actions.drafts import save_draft, start_draft
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.models import Case, Draft, OpenTask
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service, staff_service
from diwan.documents.models import IssuedDocument
from diwan.files.actions import receive_upload
from diwan.files.rules import SlotRules
from diwan.forms.entry import clean, read_json, visible_slots
from diwan.forms.plan import Field
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.people.actor import Actor
from diwan.people.models import Establishment, Holding, OutsideEntity
from diwan.people.queries import actor_for, session_digest
from diwan.places.models import DistrictShape
from diwan.web.apply.starting import begin_about, begin_own, begin_party
from tests import cast
from tests.cases.walking import bill_of, licensed, met, paid
from tests.desk.conftest import Desk, desk

__all__ = ["desk"]

pytestmark = pytest.mark.usefixtures("city", "registers")

LATE = "late"
WORDS = "نص للاختبار يبين ما يلزم بيانه في هذه الخانة."
TODAY_ON = (
    ("starts_on", 1),
    ("ends_on", 20),
    ("published_on", 1),
    ("closes_on", 40),
    ("day", 3),
    ("licence_to", 200),
)
"""Dates ahead, in days from today; every other date is today."""
ANSWERS: dict[str, Any] = {
    "parcel_m2": "600", "deed_m2": "625", "footprint_m2": "300", "built_m2": "640", "floors": 2, "height_m": "9",
    "units": 1, "parking": 2, "fence_m": "80", "setback_front": "4", "setback_side": "2", "setback_rear": "2.5",
    "ground_m2": "625", "widening_m2": "0", "area_m2": "12", "present_use": "residential", "wanted_use": "commercial",
    "year": 2026, "quarter": "1", "sales": "1250.50", "guarantee_percent": 25, "term_years": 25, "part": "both",
}  # fmt: skip
"""What a rule or a fee depends on; sides in a deed and on the ground are alike since both are the least."""
GOOD = (
    "clear", "accept", "hand_in", "complete", "recommend", "approve", "fits", "sign", "restored", "left", "in_favour",
    "drafted", "confirmed", "passed", "confirm", "attended", "agree", "offers", "sound", "ranked", "award", "verified",
    "handed_over", "taken_back", "adopt", "no_objection",
)  # fmt: skip
"""The way on at each step."""
RUNS: list[tuple[str, dict[str, str], str, int | None]] = [
    ("building-permit", {}, "issued", 272000),
    ("survey-decision", {}, "issued", 30000),
    ("road-occupation", {}, "issued", None),
    ("land-use-change", {}, "issued", 200000),
    ("accredit-engineering-office", {}, "issued", 100000),
    ("appointment", {"booked": LATE}, "approved", None),
    ("tobacco-disclosure", {}, "issued", 125050),
    ("propose-idea", {}, "approved", None),
    ("investment-opportunity", {"published": LATE, "standstill": LATE, "operating": LATE}, "closed", None),
]
"""Service, where the case takes another way than the good one, the public state of its end, what its bill comes to."""


def answer(field: Field) -> Any:
    """An answer that the field takes."""
    ahead = dict(TODAY_ON).get(field.key, 0)
    known: dict[str, Callable[[], Any]] = {
        "place": lambda: cast.place_in("101"),
        "choice": lambda: field.options["choices"][0]["code"],
        "lookup": lambda: shape_in("101").district.code,
        "date": lambda: (clock.today() + timedelta(days=ahead)).isoformat(),
        "yes_no": lambda: False, "declaration": lambda: True, "deed_number": lambda: "310101012345",
        "unified_number": lambda: number_of(office()), "mobile": lambda: "0500000077",
        "cr_number": lambda: "4030000001",
        "person_id": lambda: cast.IDS["maryam"], "note": lambda: WORDS, "text": lambda: "نص للاختبار",
        "text_ar": lambda: "نص للاختبار", "money": lambda: "500000",
    }  # fmt: skip
    if field.key in ANSWERS:
        return ANSWERS[field.key]
    return known[field.kind]() if field.kind in known else str(field.options.get("least", 1))


def shape_in(town: str) -> DistrictShape:
    """A district of the municipality."""
    found = (
        DistrictShape.objects.filter(municipality__code=town, valid_to__isnull=True)
        .order_by("district__code")
        .first()
    )
    assert found is not None
    return found


def office() -> Actor:
    """Who is asked as another party."""
    return cast.owner("abeer")


def number_of(who: Actor) -> str:
    return str(Establishment.objects.get(pk=who.establishment_id or 0).unified_number)


def filled(draft: Draft, service: CompiledService, by: Actor, part: str = "") -> None:
    """Answers and papers of the pages that are the actor's."""
    context = form_context(service, applicant=snapshot_of_draft(draft), part=part)
    own = [field for page, _group, field in service.form.placed() if page.by == part]
    fixed = service.about.fixed if service.about is not None else ()
    given = {field.key: answer(field) for field in own if field.key not in fixed and field.required}
    given.update(
        {} if part else {field.key: answer(field) for field in own if field.key.startswith("winner_")}
    )
    read = read_json(service.form, given, context)
    assert not read.problems, read.problems
    values = clean(service.form, {**draft.data, **read.values}, context)
    save_draft(draft_id=draft.pk, values=values, typed={}, page="", by=by)
    pages = {key for page in service.form.pages if page.by == part for key in page.slots}
    for slot in visible_slots(service.form, values, context):
        if slot.required and slot.key in pages:
            rules = SlotRules(kinds=("image",))
            name, owner = f"{slot.key}.jpg", f"draft:{draft.pk}"
            receive_upload(
                stream=cast.picture(), filename=name, slot=slot.key, rules=rules, owner=owner, by=by
            )


def filed(slug: str) -> Case:
    """The service applied for: by an employee at the desk, about a licence, or on the portal."""
    service = compiled_service(slug, clock.today()) or staff_service(slug, clock.today())
    assert service is not None
    by = cast.actor("fahad") if service.definition.for_staff else cast.owner()
    if service.definition.for_staff:
        draft = begin_own(service=service, by=by)
    elif service.about is not None:
        draft = begin_about(service=service, entry=licensed(by), by=by)
    else:
        draft = start_draft(version_id=service.version_id, days=30, by=by)
    filled(draft, service, by)
    return Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=by).case_id)


def holders(task: OpenTask) -> list[Actor]:
    """Whoever has the task, else all who sit at its desk, the highest level first."""
    rows = Holding.objects.filter(
        position__unit_id=task.unit_id or 0, position__roles__code=task.role, valid_to__isnull=True
    ).select_related("account", "position")
    if task.assignee_id is not None:
        rows = Holding.objects.filter(position=task.assignee_id, valid_to__isnull=True)
    posts = sorted(rows, key=lambda row: (row.position.level, row.position_id))
    return [
        actor_for(one.account, f"position:{one.position_id}", session=session_digest("a session"))
        for one in posts
    ]


def by_staff(case: Case, task: OpenTask, outcome: str) -> None:
    """The first of the desk does the step, with whatever it asks for."""
    service = service_of(case.version_id)
    step = service.flow.steps[task.step]
    exit_ = step.exits[outcome]
    who = (
        holders(task)[0]
        if task.entity_id is None
        else cast.member_of(OutsideEntity.objects.get(pk=task.entity_id).code)
    )
    if exit_.step_up:
        cast.step_up(who)
    more: dict[str, Any] = {"note": WORDS} if exit_.note == "required" else {}
    if exit_.reason == "required":
        more["reasons"] = [service.reasons_for(exit_)[0]]
    if step.checklist is not None:
        more["answers"] = met(case, task.step)
    cast.act(case, task.step, outcome, by=who, **more)


def by_vote(case: Case, task: OpenTask, choice: str) -> None:
    """All members agree and the chair states it."""
    seats = holders(OpenTask(unit_id=task.unit_id, role=task.role))
    for member in seats:
        cast_vote(case_id=case.pk, task_id=task.pk, choice=choice, by=member)
    revision = Case.objects.get(pk=case.pk).revision
    conclude_vote(case_id=case.pk, task_id=task.pk, revision=revision, text=WORDS, by=seats[0])


def by_party(case: Case, task: OpenTask, outcome: str) -> None:
    """The other party answers, with its pages where it has some."""
    service = service_of(case.version_id)
    if any(page.by == task.step for page in service.form.pages):
        draft = begin_party(case_id=case.pk, by=office())
        filled(draft, service, office(), part=task.step)
        submit_draft(draft_id=draft.pk, by=office())
    else:
        answer_party(case_id=case.pk, outcome=outcome, by=office())


def move(case: Case, task: OpenTask, ways: Mapping[str, str]) -> None:
    """One step on: the good way of the step, or the one named."""
    step = service_of(case.version_id).flow.steps[task.step]
    outcome = ways.get(task.step) or next((one for one in GOOD if one in step.exits), "")
    if outcome == LATE:
        reminded = (
            len([one for one in step.deadline.late if one.at < 100]) if step.deadline is not None else 0
        )
        now = clock.now()
        OpenTask.objects.filter(pk=task.pk).update(next_level_at=now, due_at=now, level=reminded)
        assert act_on_lateness(case_id=case.pk, task_id=task.pk)
    elif task.kind == OpenTask.Kind.AUTOMATIC:
        cast.run_machine(case)
    elif task.kind == OpenTask.Kind.PAYMENT:
        paid(case)
    elif task.kind == OpenTask.Kind.DOCUMENT:
        number = number_document(case_id=case.pk, token=task.token)
        assert number is not None
        complete_document(case_id=case.pk, token=task.token, document_id=number)
    elif step.kind == "choice":
        by = cast.actor("fahad") if case.account_id == cast.actor("fahad").account_id else cast.owner()
        choose(case_id=case.pk, outcome=outcome, by=by)
    else:
        {"vote": by_vote, "party": by_party}.get(step.kind, by_staff)(case, task, outcome)


def carried(slug: str, ways: Mapping[str, str], until: str = "") -> Case:
    """The case at its end, or at the step named."""
    case = filed(slug)
    for _ in range(40):
        tasks = OpenTask.objects.filter(case=case).order_by("token")
        if not tasks or tasks[0].step == until:
            break
        move(case, tasks[0], ways)
        case.refresh_from_db()
    return case


@pytest.mark.parametrize(("slug", "ways", "state", "bill"), RUNS, ids=[run[0] for run in RUNS])
def test_a_procedure_is_carried_to_its_end_by_those_who_hold_its_roles(
    slug: str, ways: Mapping[str, str], state: str, bill: int | None
) -> None:
    case = carried(slug, ways)
    assert (case.state, OpenTask.objects.filter(case=case).count()) == (state, 0), case.stage
    if bill is not None:
        assert bill_of(case).total == bill
    if service_of(case.version_id).result is not None:
        assert IssuedDocument.objects.get(case_id=case.pk).data["title"]


def test_a_permit_for_some_days_ends_with_its_last_day() -> None:
    case = carried("road-occupation", {}, until="in_use")
    assert IssuedDocument.objects.get(case_id=case.pk).valid_to == clock.today() + timedelta(days=20)
    assert bill_of(case).total % (12 * 20) == 0, "metres times days"


def test_remarks_reach_the_office_and_an_answer_whoever_asked(desk: Desk) -> None:
    case = carried("building-permit", {}, until="audit")
    remark = "اللوحة 4: الارتداد غير مبين."
    auditor = holders(OpenTask.objects.get(case=case))[0]
    cast.act(case, "audit", "remarks", by=auditor, reasons=["RSN-201"], note=remark)
    page = desk("abeer", kind="establishment").get(f"/party/{case_number(case.pk)}").content.decode()
    assert remark in page and "ملاحظات على المخططات" in page
    answered = carried("propose-idea", {})
    page = desk("salem", kind="establishment").get(f"/case/{case_number(answered.pk)}").content.decode()
    assert WORDS in page
