"""Services tried with test people: every packaged one to its end, what is refused, time, and a changed text."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta
from typing import Any

import pytest

from diwan.audit.models import AuditRow
from diwan.cases.models import Case, Draft, History, OpenTask
from diwan.catalogue.errors import NoSuchService, NotAllowed
from diwan.documents.models import IssuedDocument
from diwan.forms.entry import read_json
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.payments.models import Bill
from diwan.people.actor import Actor
from diwan.sandbox import errors
from diwan.sandbox.actions import begin_run, keep_answers, keep_entry, make_move, prune_runs, take_back
from diwan.sandbox.models import Run
from diwan.sandbox.moves import Move
from diwan.sandbox.people import applicant, employees, fitting
from diwan.sandbox.playing import Play, play
from diwan.sandbox.printed import specimen
from diwan.sandbox.queries import played, run_of, runs_of, tried
from diwan.sandbox.samples import fill
from diwan.sandbox.setting import Setting
from tests import cast
from tests.conftest import Some
from tests.documents import pdfs
from tests.sandbox.walking import form_of, setting_of, version_of, walked

pytestmark = pytest.mark.usefixtures("city")
SLUG = "shop-licence-with-approvals"
PERMIT = "night-permit"


def sara() -> Actor:
    """One administrator, who writes services."""
    return cast.actor("it.sara")


def restaurant(setting: Setting) -> dict[str, Any]:
    """Answers that no rule of the service stops."""
    return read_json(setting.service.form, cast.answers(), setting.context()).values


def begun(slug: str = SLUG, person: str = "establishment") -> Run:
    """A run with its form filled in."""
    run = begin_run(version_id=version_of(slug).pk, person=person, by=sara())
    setting = setting_of(slug, applicant(person))
    if setting.needs_entry:
        run = keep_entry(run_id=run.pk, revision=run.revision, entry=setting.entry, by=sara())
    form = form_of(setting, values={**run.values, **(restaurant(setting) if slug == SLUG else {})})
    return keep_answers(
        run_id=run.pk,
        revision=run.revision,
        values=form["values"],
        typed={},
        papers=form["papers"],
        by=sara(),
    )


def made(run: Run, move: Move) -> tuple[Run, Play]:
    """The run after a move, and where it stands."""
    stands = make_move(run_id=run.pk, revision=Run.objects.get(pk=run.pk).revision, move=move, by=sara())
    return run_of(run.pk), stands


def sent(slug: str = SLUG) -> Run:
    """A run whose application is on its way."""
    run = begun(slug)
    return made(run, Move(do="send", values=run.values, papers=run.papers))[0]


def at(step: str, **more: Any) -> Move:
    """An act at a step."""
    return Move(do="act", step=step, **more)


def where(stands: Play) -> list[str]:
    """The steps at which it waits."""
    return [one.token.step for one in stands.open.values()]


def to_review(run: Run) -> Run:
    """Past the checks, the bodies and a visit, as they come."""
    run, stands = made(run, at("checks"))
    for step in ("civil_defence", "supervising_body"):
        if step in where(stands):
            run, stands = made(run, at(step, outcome="approve"))
    for step in ("visit_food", "visit_shop"):
        if step in where(stands):
            run, stands = made(run, at(step, outcome="passed", who="e"))
    assert where(stands) == ["review"]
    return run


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 6))])
def test_every_packaged_service_is_tried_to_its_end(seed: int, some_of: Some[Play]) -> None:
    from diwan.catalogue.compiled import load_definition
    from diwan.catalogue.models import ServiceVersion

    ended, known, printed = 0, [], []
    for version in ServiceVersion.objects.select_related("service").order_by("service__slug"):
        if load_definition(version).table is None:
            continue
        slug = version.service.slug
        stands, moves = walked(setting_of(slug), random.Random(f"{slug}{seed}"))
        kept = json.loads(json.dumps(moves))
        again = play(stands.setting, kept)
        assert again.misfit is None, (slug, again.misfit)
        assert (again.position, again.known, again.now) == (stands.position, stands.known, stands.now), slug
        assert set(again.open) == {token.id for token in again.position.tokens}, slug
        ended += stands.ended
        known.append(slug)
        if stands.service.result is not None and stands.state == "issued":
            printed.append(stands)
    assert len(known) >= 30
    assert ended > len(known) * 0.8, (ended, len(known))
    assert printed
    for stands in some_of(printed):
        assert specimen(stands).startswith(b"%PDF"), stands.service.slug


def test_nothing_of_it_is_real() -> None:
    kinds = (Case, Draft, History, OpenTask, Bill, Message, IssuedDocument)
    before = [kind.objects.count() for kind in kinds]
    run, _stands = made(to_review(sent()), at("review", outcome="recommend", who="a"))
    step = next(iter(played(run).open.values())).token.step
    run, stands = made(
        run, at(step, outcome="approve" if step == "section_approval" else "recommend", who="b")
    )
    if "head_approval" in where(stands):
        run, stands = made(run, at("head_approval", outcome="approve", who="c"))
    run, stands = made(run, at("payment"))
    run, stands = made(run, at("licence"))
    assert stands.ended and stands.state == "issued"
    said = pdfs.text(specimen(stands))
    assert "SPECIMEN, NOT VALID" in said and "0000 0000 0000" in said
    assert [kind.objects.count() for kind in kinds] == before
    actions = list(AuditRow.objects.filter(object_type="sandbox_run").values_list("action", flat=True))
    assert {"sandbox.run.begun", "sandbox.run.answered", "sandbox.run.moved"} <= set(actions)
    how_far = tried(run.version)
    assert how_far is not None and (how_far.runs, how_far.ended) == (1, 1)
    assert how_far.reached == {"issued"} and ("licence", "issued") in how_far.taken
    assert "rejected" in how_far.open_ends and ("review", "reject") in how_far.open_exits


def test_nothing_is_printed_before_it_is_sent_or_without_a_result() -> None:
    for stands in (played(begun()), played(sent("it-support"))):
        with pytest.raises(errors.NothingPrinted):
            specimen(stands)


def test_who_did_a_step_may_not_do_the_next() -> None:
    run, stands = made(to_review(sent()), at("review", outcome="recommend", who="a"))
    step = next(iter(stands.open.values())).token.step
    assert "a" in stands.barred(stands.table.steps[step])
    with pytest.raises(errors.SamePerson):
        made(run, at(step, outcome="reject", who="a", reason="RSN-11"))
    assert len(run_of(run.pk).moves) == len(run.moves)


def test_what_a_way_out_asks_for_is_asked_for() -> None:
    run = to_review(sent())
    with pytest.raises(errors.ReasonMissing):
        made(run, at("review", outcome="reject", who="a"))
    for elsewhere in ("RSN-01", "RSN-99"):
        with pytest.raises(errors.ReasonElsewhere):
            made(run, at("review", outcome="reject", who="a", reason=elsewhere))
    with pytest.raises(errors.NotHere):
        made(run, at("payment"))
    run, stands = made(run, at("review", outcome="reject", who="a", reason="RSN-11"))
    assert stands.ended and stands.state == "rejected"


def test_the_form_has_to_be_complete() -> None:
    run = begin_run(version_id=version_of(SLUG).pk, person="establishment", by=sara())
    with pytest.raises(errors.AnswersMissing):
        made(run, Move(do="send", values=run.values, papers=[]))
    assert run_of(run.pk).moves == []


def test_a_register_that_is_silent_leads_to_an_officer_who_confirms() -> None:
    run = sent()
    setting = setting_of(SLUG, applicant("establishment"))
    checks = [check.code for check in setting.service.checks if check.kind == "register"]
    run, stands = made(run, at("checks", checks={checks[0]: "silent"}))
    assert where(stands) == ["manual_check"]
    run, stands = made(run, at("manual_check", outcome="confirm", who="d", reason="RSN-31"))
    assert stands.known.checks[checks[0]] == "manual"


def test_what_comes_back_is_mended_and_sent_again() -> None:
    run = to_review(sent())
    run, stands = made(run, at("review", outcome="return", who="a", reason="RSN-01"))
    assert stands.left is not None and stands.due is None  # the clock rests
    run, stands = made(run, at("completion", values=run.values, papers=run.papers))
    assert stands.known.round == 2 and stands.left is None and stands.due is not None
    assert where(stands) == ["review"]


def test_time_passes_and_silence_counts() -> None:
    run, stands = made(sent(), at("checks"))
    body = next((one for one in stands.open.values() if one.token.step == "supervising_body"), None)
    run, stands = made(run, Move(do="wait"))
    assert stands.now > run.begun_at
    if body is not None:
        run, stands = made(run, Move(do="wait", step="supervising_body"))
        assert stands.known.outcomes["supervising_body"] == "no_objection"
    while any(stands.table.steps[one.token.step].kind == "outside" for one in stands.open.values()):
        run, stands = made(run, Move(do="wait"))
    assert stands.lines[-1].do == "wait"


def test_a_bill_that_nobody_pays_ends_it() -> None:
    run = sent(PERMIT)
    run, stands = made(run, at("checks"))
    payment = next(one for one in stands.open.values() if one.token.step == "payment")
    assert payment.due is not None
    run, stands = made(run, Move(do="wait", step="payment"))
    assert stands.ended and stands.state == "expired"


def test_a_service_about_a_licence_begins_with_what_the_register_holds() -> None:
    run = begin_run(version_id=version_of(PERMIT).pk, person="establishment", by=sara())
    setting = setting_of(PERMIT, applicant("establishment"))
    assert {field.key for field in setting.kept_fields()} >= {"trade_name_ar", "place", "area_m2"}
    run = keep_entry(run_id=run.pk, revision=run.revision, entry=setting.entry, by=sara())
    assert run.values["trade_name_ar"] == setting.entry["trade_name_ar"]


def test_a_visit_that_fails_is_not_reported_as_passed() -> None:
    run, stands = made(sent(), at("checks"))
    for step in ("civil_defence", "supervising_body"):
        if step in where(stands):
            run, stands = made(run, at(step, outcome="approve"))
    visit = next(iter(stands.open.values())).token.step
    if not visit.startswith("visit"):
        pytest.skip("the sample activity asks for no visit")
    code = stands.table.steps[visit].checklist or ""
    failing = [item.code for item in stands.service.checklist(code)]
    with pytest.raises(errors.VisitFails):
        made(run, at(visit, outcome="passed", who="e", failing=failing))
    run, stands = made(run, at(visit, outcome="remarks", who="e", failing=failing, reason="RSN-01"))
    assert stands.known.visit["passed"] is False


def test_a_tie_asks_for_the_chair() -> None:
    from diwan.sandbox.known import counted

    step = setting_of("object-to-decision").service.flow.steps
    vote = next(one for one in step.values() if one.kind == "vote")
    first, second, *_rest = [key for key in vote.exits if key != "no_quorum"]
    _chair, *others = employees()
    tie = {code: (first, second)[number % 2] for number, code in enumerate(others)}
    result = counted(vote, {**tie, _chair: "abstain"})
    assert (
        result is not None and result.quorate and result.choice in (None, vote.vote and vote.vote.undecided)
    )
    assert (found := counted(vote, {**tie, _chair: second})) is not None and found.choice == second
    assert (found := counted(vote, dict.fromkeys(employees(), "away"))) is not None and not found.quorate


def test_the_last_moves_are_taken_back() -> None:
    run = to_review(sent())
    kept = len(run.moves)
    run, _stands = made(run, at("review", outcome="recommend", who="a"))
    run = take_back(run_id=run.pk, revision=run.revision, keep=kept, by=sara())
    assert [one.token.step for one in played(run).open.values()] == ["review"]


def test_another_window_and_another_person() -> None:
    run = sent()
    with pytest.raises(errors.ChangedMeanwhile):
        make_move(run_id=run.pk, revision=run.revision - 1, move=at("checks"), by=sara())
    with pytest.raises(errors.NotYours):
        make_move(run_id=run.pk, revision=run.revision, move=at("checks"), by=cast.actor("it.omar"))
    with pytest.raises(NotAllowed):
        make_move(
            run_id=run.pk, revision=run.revision, move=at("checks"), by=Actor(account_id=1, capacity="self")
        )
    with pytest.raises(errors.RunUnknown):
        make_move(run_id=0, revision=1, move=at("checks"), by=sara())


def test_what_cannot_begin() -> None:
    with pytest.raises(NoSuchService):
        begin_run(version_id=0, person="citizen", by=sara())
    with pytest.raises(errors.NoSuchPerson):
        begin_run(version_id=version_of(SLUG).pk, person="nobody", by=sara())
    with pytest.raises(errors.RunUnknown):
        begin_run(version_id=version_of(SLUG).pk, person="citizen", by=sara(), like=0)
    with pytest.raises(NotAllowed):
        begin_run(version_id=version_of(SLUG).pk, person="citizen", by=Actor(account_id=1, capacity="self"))


def test_a_changed_text_is_tried_with_the_same_moves() -> None:
    from diwan.catalogue.actions import begin_draft, write_draft

    draft = begin_draft(version_id=version_of(SLUG).pk, by=sara())
    draft, judged = write_draft(
        draft_id=draft.pk, text=draft.text + "\n# once more\n", revision=draft.revision, by=sara()
    )
    assert not judged.faults and draft.version is not None
    run = begin_run(version_id=draft.version_id or 0, person="establishment", by=sara())
    setting = setting_of(SLUG, applicant("establishment"))
    form = form_of(setting, values={**run.values, **restaurant(setting)})
    run, _stands = made(run, Move(do="send", **form))
    run = to_review(run)
    text = re.sub(r"\brecommend:(?=\s*\{?\s*to: who_approves)", "pass_on:", draft.text)
    run, _stands = made(run, at("review", outcome="recommend", who="a"))
    assert text != draft.text
    draft, judged = write_draft(draft_id=draft.pk, text=text, revision=draft.revision, by=sara())
    assert not judged.faults, judged.faults
    stands = played(run_of(run.pk))
    assert stands.misfit is not None and stands.misfit.move.outcome == "recommend"
    assert where(stands) == ["review"]
    with pytest.raises(errors.ChangedMeanwhile):
        made(run, at("review", outcome="pass_on", who="a"))
    run = take_back(run_id=run.pk, revision=run.revision, keep=stands.misfit.number, by=sara())
    run, stands = made(run, at("review", outcome="pass_on", who="a"))
    assert stands.misfit is None
    broken, judged = write_draft(draft_id=draft.pk, text=text + "\nx: [", revision=draft.revision, by=sara())
    assert judged.faults
    with pytest.raises(errors.NotWhole):
        begin_run(version_id=broken.version_id or 0, person="establishment", by=sara())


def test_samples_hold_by_the_readers_of_the_form() -> None:
    setting = setting_of(SLUG, applicant("establishment"))
    values: dict[str, Any] = {"trade_name_ar": "اسم كتب قبل"}
    for page in setting.service.form.pages:
        values = fill(setting.service.form, page, values, setting.context())
    assert values["trade_name_ar"] == "اسم كتب قبل"  # nothing typed is replaced


def test_who_can_apply() -> None:
    establishment = fitting(setting_of(SLUG).service)
    assert [one.code for one in establishment] == ["citizen", "resident", "establishment"] or establishment
    staff = next(one for one in fitting(setting_of("leave-request").service))
    assert staff.code == "employee" and staff.staff == "a"


def test_runs_that_nobody_touched_are_removed() -> None:
    run = begun()
    Run.objects.filter(pk=run.pk).update(changed_at=clock.now() - timedelta(days=91))
    begun()
    assert prune_runs() == 1 and len(runs_of()) == 1
