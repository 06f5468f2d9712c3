"""A licence passes to another holder, who confirms; data on one are corrected. Old and new change together."""

from typing import Any

import pytest

from diwan.cases import registry
from diwan.cases.actions.answer_party import PapersMissing, answer_party
from diwan.cases.actions.drafts import save_draft
from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.issue import complete_document, number_document
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.context import form_context
from diwan.cases.errors import CaseNotFound, NoteRequired, WrongMoment
from diwan.cases.models import Case, CaseParty, CheckResult, History, OpenTask
from diwan.cases.parties import party_in
from diwan.cases.services import service_of
from diwan.catalogue.queries import compiled_service
from diwan.documents.models import IssuedDocument
from diwan.forms.entry import clean, prefill, read_json
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.people.actor import Actor
from diwan.people.models import Establishment
from diwan.registers.models import RegisterEntry
from diwan.web.apply.starting import begin_about, begin_party
from tests import cast
from tests.cases.walking import licensed, paid, steps_of

pytestmark = pytest.mark.usefixtures("city", "registers")

TRANSFER, CORRECTION = "shop-licence-transfer", "shop-licence-correction"
DECLARED = {"accepted": True, "version": "1"}


def seller() -> Actor:
    return cast.owner()


def buyer() -> Actor:
    return cast.owner("abeer")


def number_of(who: Actor) -> str:
    return str(Establishment.objects.get(pk=who.establishment_id or 0).unified_number)


def about(entry: RegisterEntry, slug: str, by: Actor, **given: Any) -> Case:
    """A submitted request about an entry, its fixed answers as the entry has them."""
    service = compiled_service(slug, clock.today())
    assert service is not None
    draft = begin_about(service=service, entry=entry, by=by)
    save_draft(draft_id=draft.pk, values={**draft.data, **given}, typed={}, page="", by=by)
    return Case.objects.get(pk=submit_draft(draft_id=draft.pk, by=by).case_id)


def offered(entry: RegisterEntry, **changed: Any) -> Case:
    """The seller's request, after the checks of its side."""
    given = {
        "buyer_is": "establishment", "buyer_unified": number_of(buyer()), "buyer_mobile": "+966500000077",
        "declares_transfer": DECLARED, **changed,
    }  # fmt: skip
    return cast.run_machine(about(entry, TRANSFER, seller(), **given))


def confirmed(case: Case, **changed: Any) -> Case:
    """The buyer fills in its own part and sends it."""
    who = buyer()
    draft = begin_party(case_id=case.pk, by=who)
    shop = Establishment.objects.get(pk=who.establishment_id or 0)
    given = {
        "cr_number": shop.cr_number, "unified_number": shop.unified_number, "new_name_ar": "بقالة الجوار",
        "trade_name_en": "Neighbour Grocery", "workers": 3, "right": "lease", "lease_number": "10299999999",
        "lease_start": {"date": "2026-01-01", "entered": "gregorian"},
        "lease_end": {"date": "2029-12-31", "entered": "gregorian"}, "declares_acceptance": DECLARED, **changed,
    }  # fmt: skip
    save_draft(draft_id=draft.pk, values={**draft.data, **given}, typed={}, page="", by=who)
    submit_draft(draft_id=draft.pk, by=who)
    return cast.run_machine(Case.objects.get(pk=case.pk))


def approved(case: Case) -> Case:
    case = cast.act(case, "review", "recommend", by=cast.actor("fahad"))
    head = cast.actor("nora")
    cast.step_up(head)
    return cast.act(case, "section_approval", "approve", by=head)


def issued(case: Case) -> Case:
    task = OpenTask.objects.get(case=case, kind=OpenTask.Kind.DOCUMENT)
    document = number_document(case_id=case.pk, token=task.token)
    assert document is not None
    complete_document(case_id=case.pk, token=task.token, document_id=document)
    return Case.objects.get(pk=case.pk)


def test_a_licence_passes_to_the_buyer_for_the_term_that_is_left() -> None:
    old = licensed(seller())
    case = offered(old)
    assert steps_of(case) == {"buyer"} and case.holder == "party"
    asked = CaseParty.objects.get(case_id=case.pk)
    assert (asked.party, asked.mobile) == (number_of(buyer()), "+966500000077")
    assert Message.objects.get(case_id=case.pk, template="PARTY_ASKED").address == "+966500000077"
    case = confirmed(case)
    assert steps_of(case) == {"review"}
    assert {"buyer_cr", "buyer_lease", "dues"} <= set(
        CheckResult.objects.filter(case_id=case.pk, state="passed").values_list("code", flat=True)
    )
    case = issued(paid(approved(case)))
    assert (case.state, case.stage) == ("issued", "transferred")
    old.refresh_from_db()
    new = RegisterEntry.objects.get(case=case)
    assert (old.status, new.status, new.replaces_id) == ("replaced", "active", old.pk)
    assert new.establishment_id == buyer().establishment_id and new.valid_to == old.valid_to
    kept = new.data["answers"]
    assert kept["trade_name_ar"] == "بقالة الجوار" and kept["lease_number"] == "10299999999"
    assert kept["cleaning"] == old.data["answers"]["cleaning"] and new.data["applicant"]["unified_number"]
    printed = IssuedDocument.objects.get(case_id=case.pk)
    rows = [row for section in printed.data["sections"] for row in section["rows"]]
    assert any(row["value"] == "بقالة الجوار" for row in rows)
    assert Message.objects.filter(case_id=case.pk, template="PARTY_ENDED").exists()


def test_old_and_new_change_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between: neither has happened, and the next attempt does both."""
    old = licensed(seller())
    case = paid(approved(confirmed(offered(old))))
    bring = registry.consequence_of("replace_entry")

    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(registry._consequences, "replace_entry", dies)
    with pytest.raises(KeyboardInterrupt):
        issued(case)
    old.refresh_from_db()
    assert old.status == "active" and not RegisterEntry.objects.filter(case=case).exists()
    monkeypatch.setitem(registry._consequences, "replace_entry", bring)
    issued(Case.objects.get(pk=case.pk))
    old.refresh_from_db()
    assert old.status == "replaced" and RegisterEntry.objects.get(case=case).status == "active"
    assert IssuedDocument.objects.filter(case_id=case.pk).count() == 1


def test_only_the_named_party_answers_and_reads_only_what_is_shown() -> None:
    case = offered(licensed(seller()))
    stranger = cast.actor("nasser", kind="self")
    assert party_in(case.pk, stranger) is None and party_in(case.pk, cast.actor("abeer", kind="self")) is None
    for who in (stranger, cast.actor("abeer", kind="self"), cast.actor("fahad")):
        with pytest.raises(CaseNotFound):
            answer_party(case_id=case.pk, outcome="refuse", note="لا", by=who)
    with pytest.raises(PapersMissing):
        answer_party(case_id=case.pk, outcome="confirm", by=buyer())
    with pytest.raises(NoteRequired):
        answer_party(case_id=case.pk, outcome="refuse", by=buyer())
    with pytest.raises(WrongMoment):
        answer_party(case_id=case.pk, outcome="no_answer", by=buyer())
    service = service_of(case.version_id)
    assert "buyer_mobile" not in service.flow.steps["buyer"].shows
    case = answer_party(case_id=case.pk, outcome="refuse", note="تغير رأيي.", by=buyer())
    assert (case.stage, case.state) == ("refused", "closed")
    with pytest.raises(WrongMoment):
        answer_party(case_id=case.pk, outcome="refuse", note="مرة أخرى", by=buyer())


def test_silence_of_the_buyer_ends_the_request_and_leaves_the_licence() -> None:
    old = licensed(seller())
    case = offered(old)
    task = cast.waiting(case, "buyer")
    task.next_level_at = task.due_at = clock.now()
    task.save()
    assert act_on_lateness(case_id=case.pk, task_id=task.pk)
    case.refresh_from_db()
    old.refresh_from_db()
    assert (case.stage, old.status) == ("lapsed", "active")


def test_a_lease_in_another_name_comes_back_to_the_buyer(registers: cast.Registers) -> None:
    case = offered(licensed(seller()))
    registers.say("leases", {"tenant_id": "1000000008"})
    case = confirmed(case)
    assert steps_of(case) == {"buyer"} and CaseParty.objects.get(case_id=case.pk).answered_at is None
    registers.said.clear()
    again = begin_party(case_id=case.pk, by=buyer())
    assert again.data["new_name_ar"] == "بقالة الجوار", "what was given before is there"
    assert steps_of(confirmed(case)) == {"review"}


def test_a_transfer_to_oneself_is_returned() -> None:
    old = licensed(seller())
    case = offered(old, buyer_unified=number_of(seller()))
    assert steps_of(case) == {"amend"}


def test_a_correction_is_printed_anew_and_keeps_the_rest() -> None:
    old = licensed(seller())
    case = about(
        old, CORRECTION, seller(), trade_name_ar="بقالة الاختبار الصحيحة", mistake="نقصت كلمة من الاسم."
    )
    case = cast.act(case, "review", "confirm", by=cast.actor("fahad"))
    case = issued(case)
    old.refresh_from_db()
    new = RegisterEntry.objects.get(case=case)
    assert (case.state, old.status, new.replaces_id) == ("issued", "replaced", old.pk)
    assert new.number != old.number and (new.valid_to, new.establishment_id) == (
        old.valid_to,
        old.establishment_id,
    )
    before, after = old.data["answers"], new.data["answers"]
    assert {key for key in before if before[key] != after.get(key)} == {"trade_name_ar"}
    assert not case.facts.get("bill") and new.changes.first() is not None
    row = History.objects.get(case=case, act="issued")
    assert row.changes == {"trade_name_ar": ["بقالة الاختبار", "بقالة الاختبار الصحيحة"]}
    change = old.changes.order_by("-id").first()
    assert change is not None and change.cause == "corrected"


def test_the_form_of_the_applicant_has_no_pages_of_the_party() -> None:
    service = compiled_service(TRANSFER, clock.today())
    assert service is not None
    own = form_context(service, applicant={})
    theirs = form_context(service, applicant={}, part="buyer")
    read = read_json(service.form, {"cr_number": "4030000001"}, theirs)
    assert clean(service.form, read.values, own) == {} and "cr_number" in clean(
        service.form, read.values, theirs
    )
    assert prefill(service.form, own) is not None
