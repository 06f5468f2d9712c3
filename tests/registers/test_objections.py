"""An objection to a suspension or revocation: in time, once, stayed meanwhile or not, and its effect on the licence."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from diwan.cases.actions.expire_task import act_on_lateness
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.contests import ObjectedAlready, TooLateToObject, decided
from diwan.cases.errors import SamePerson
from diwan.cases.models import Case, OpenTask
from diwan.catalogue.queries import compiled_service
from diwan.documents.models import IssuedDocument
from diwan.documents.queries import Standing, standing
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.people.actor import Actor, system
from diwan.registers.actions import Ground, close_entry, lift_suspension, suspend_entry
from diwan.registers.models import EntryChange, RegisterEntry
from diwan.registers.queries import can_see_entry
from diwan.web.apply.starting import NotAboutThis, begin_about
from tests import cast
from tests.cases.test_objections import close, run_acts, seats, vote
from tests.cases.test_walk import steps_of
from tests.desk.conftest import Desk
from tests.registers.making import GROUND, file_about, licence, permit, status

pytestmark = pytest.mark.usefixtures("city", "registers")

OBJECTING = "object-to-licence-decision"
GROUNDS: dict[str, Any] = {
    "asks": "undo", "grounds": "صححت الملاحظات قبل الزيارة الثانية، والصور مرفقة.", "mobile": "0501234567",
    "wants_stay": False,
}  # fmt: skip
STAY: dict[str, Any] = {"wants_stay": True, "stay_grounds": "مواد غذائية تتلف خلال يومين."}


def suspended(shop: RegisterEntry, by: str = "abdulaziz") -> RegisterEntry:
    return suspend_entry(entry_id=shop.pk, ground=GROUND, by=cast.actor(by))


def revoked(shop: RegisterEntry) -> RegisterEntry:
    return close_entry(entry_id=shop.pk, to="revoked", ground=GROUND, by=cast.actor("abdulaziz"))


def objection(shop: RegisterEntry, who: Actor | None = None, **changed: Any) -> Case:
    shop.refresh_from_db()
    return file_about(shop, OBJECTING, who, **{**GROUNDS, **changed})


def before_the_committee(shop: RegisterEntry) -> Case:
    found = cast.act(objection(shop), "study", "recommend", by=cast.actor("ghada"))
    return cast.act(found, "reply", "confirm", by=cast.actor("nora"), note="لم تصحح في المهلة.")


def stayed(case: Case) -> Case:
    """The head of section grants the stay, the machine brings it about, the department replies."""
    case = cast.act(case, "stay_section", "grant", by=cast.actor("nora"), note="الضرر لا يتدارك.")
    case = run_acts(case)
    case = cast.act(case, "study", "recommend", by=cast.actor("ghada"))
    return cast.act(case, "reply", "confirm", by=cast.actor("nora"), note="لم تصحح في المهلة.")


def ruled(case: Case, choice: str) -> Case:
    chair, *members = seats()
    for member in (chair, *members[:2]):
        vote(case, member, choice)
    case = close(case, chair)
    return run_acts(case) if case.stage == "apply" else case


def sealed(entry: RegisterEntry) -> Standing:
    """How the verify page says that the document stands, the seal taken as done."""
    document = IssuedDocument.objects.get(number=entry.number)
    document.state = IssuedDocument.State.ISSUED
    return standing(document)


def story(entry: RegisterEntry) -> list[tuple[str, str]]:
    rows = EntryChange.objects.filter(entry=entry).order_by("id")
    return list(rows.values_list("cause", "after"))


def told(template: str) -> int:
    return Message.objects.filter(template=template, channel="sms").count()


def test_a_stay_puts_a_suspended_licence_back_until_the_committee_has_rejected() -> None:
    shop = licence()
    child = permit(shop)
    suspended(shop)
    case = objection(shop, **STAY)
    assert steps_of(case) == {"study", "stay_section"}
    assert case.municipality_id == shop.municipality_id and "ROLE-HEAD" in case.facts["contested"]["roles"]
    case = stayed(case)
    assert (status(shop), status(child), sealed(shop)) == ("active", "active", Standing.VALID)
    assert told("ENTRY_STAYED") == 1 and steps_of(case) == {"committee"}
    assert can_see_entry(cast.actor("rania"), shop), "the committee reads what was decided"
    case = ruled(case, "reject")
    assert (case.stage, status(shop), status(child)) == ("upheld", "suspended", "suspended")
    assert sealed(shop) is Standing.SUSPENDED and told("ENTRY_RESUMED") == 1
    assert [cause for cause, _after in story(shop)] == ["made", "suspended", "stayed", "resumed"]
    kept = EntryChange.objects.get(entry=shop, cause="resumed")
    assert (kept.case_id, kept.reasons, kept.article) == (case.pk, ["RSN-23"], "ART-05")
    with pytest.raises(ObjectedAlready):
        objection(shop)


def test_an_accepted_objection_undoes_a_revocation_and_gives_back_only_what_fell_with_it() -> None:
    shop = licence()
    fell, own, ended = permit(shop), permit(shop, "101990000025"), permit(shop, "101990000033")
    suspend_entry(entry_id=own.pk, ground=GROUND, by=cast.actor("abdulaziz"))
    close_entry(entry_id=ended.pk, to="cancelled", ground=Ground(), by=system("test"))
    revoked(shop)
    case = ruled(before_the_committee(shop), "accept")
    assert case.stage == "accepted"
    assert [status(each) for each in (shop, fell, own, ended)] == [
        "active", "active", "suspended", "cancelled",
    ]  # fmt: skip
    assert sealed(shop) is Standing.VALID and told("ENTRY_UNDONE") == 1
    lift_suspension(entry_id=own.pk, ground=Ground(), by=cast.actor("abdulaziz"))
    document = IssuedDocument.objects.get(number=shop.number)
    assert document.revoked_at is not None
    assert document.revoked_since is None
    close_entry(entry_id=shop.pk, to="cancelled", ground=Ground(), by=system("test"))
    document = IssuedDocument.objects.get(number=shop.number)
    assert document.revoked_since is not None
    assert document.revoked_why == "cancelled"


def test_in_part_a_revocation_becomes_a_suspension_and_a_stay_of_it_ends() -> None:
    shop = licence()
    child = permit(shop)
    revoked(shop)
    case = stayed(objection(shop, **STAY))
    assert [status(each) for each in (shop, child)] == ["active", "active"]
    case = ruled(case, "partial")
    assert (case.stage, status(shop), status(child)) == ("partly", "suspended", "suspended")
    assert sealed(shop) is Standing.SUSPENDED and told("ENTRY_EASED") == 1
    assert story(shop)[-2:] == [("stayed", "active"), ("eased", "suspended")]
    lift_suspension(entry_id=shop.pk, ground=Ground(), by=cast.actor("abdulaziz"))
    assert [status(each) for each in (shop, child)] == ["active", "active"]


def test_a_stay_that_was_accepted_stands_and_one_withdrawn_ends() -> None:
    shop, other = licence(), licence(cast.owner("maryam"))
    suspended(shop)
    case = ruled(stayed(objection(shop, **STAY)), "accept")
    assert (case.stage, status(shop), story(shop)[-1]) == ("accepted", "active", ("undone", "active"))
    revoked(other)
    case = objection(other, cast.owner("maryam"), **STAY)
    case = stayed(case)
    assert status(other) == "active"
    withdraw(case_id=case.pk, note="", by=cast.owner("maryam"))
    assert (status(other), sealed(other)) == ("revoked", Standing.REVOKED)


def test_who_decides_on_the_stay_and_what_its_silence_means() -> None:
    shop = licence()
    suspended(shop, "nora")
    case = objection(shop, **STAY)
    assert "stay_head" in steps_of(case), "the head of section took the decision herself"
    task = cast.waiting(case, "stay_head")
    OpenTask.objects.filter(pk=task.pk).update(
        due_at=clock.now() - timedelta(minutes=1), next_level_at=clock.now() - timedelta(minutes=1), level=2
    )
    assert act_on_lateness(case_id=case.pk, task_id=task.pk)
    assert (steps_of(case), status(shop)) == ({"study"}, "suspended")
    assert told("STAY_DENIED") == 1
    case = cast.act(case, "study", "recommend", by=cast.actor("ghada"))
    assert "reply" in steps_of(case)
    other = licence(cast.owner("maryam"))
    suspended(other)
    case = objection(other, cast.owner("maryam"), **STAY)
    facts = {**case.facts, "contested": {**case.facts["contested"], "by": [cast.actor("nora").account_id]}}
    Case.objects.filter(pk=case.pk).update(facts=facts)
    with pytest.raises(SamePerson):
        cast.act(case, "stay_section", "grant", by=cast.actor("nora"), note="لا.")


def test_what_changed_meanwhile_is_left_to_people() -> None:
    shop, other = licence(), licence(cast.owner("maryam"))
    suspended(shop)
    case = before_the_committee(shop)
    lift_suspension(entry_id=shop.pk, ground=Ground(), by=cast.actor("abdulaziz"))
    assert ruled(case, "accept").stage == "accepted", "lifted already: nothing is left to do"
    suspended(other)
    case = objection(other, cast.owner("maryam"))
    case = cast.act(case, "study", "recommend", by=cast.actor("ghada"))
    case = cast.act(case, "reply", "confirm", by=cast.actor("nora"), note="لم تصحح في المهلة.")
    revoked(other)
    case = ruled(case, "accept")
    assert (case.stage, status(other)) == ("carry_out", "revoked")


def test_a_permit_stands_no_better_than_its_licence() -> None:
    shop = licence()
    child = permit(shop)
    suspended(child)
    suspended(shop)
    case = ruled(before_the_committee(child), "accept")
    assert (case.stage, status(child)) == ("accepted", "suspended")
    assert story(child)[-2:] == [("undone", "suspended"), ("parent", "suspended")]
    lift_suspension(entry_id=shop.pk, ground=Ground(), by=cast.actor("abdulaziz"))
    assert status(child) == "active"


def test_only_the_holder_in_time_once_and_against_a_decision(desk: Desk) -> None:
    shop = licence()
    service = compiled_service(OBJECTING, clock.today())
    assert service is not None

    def begin(by: Actor) -> None:
        begin_about(service=service, entry=RegisterEntry.objects.get(pk=shop.pk), by=by)

    with pytest.raises(NotAboutThis):
        begin(cast.owner())
    assert decided("entry", shop.number) is None
    suspended(shop)
    with pytest.raises(NotAboutThis):
        begin(cast.owner("abeer"))
    owner = desk("salem", kind="establishment")
    address = f"/my/licences/{shop.number}"
    page = owner.get(address).content.decode()
    assert f"{address}/object" in page and "آخر يوم للاعتراض" in page
    asked = owner.get(f"{address}/object").content.decode()
    assert "لم تصحح ملاحظات الزيارة" in asked and f"/apply/about/{shop.number}/{OBJECTING}" in asked
    assert desk("abeer", kind="establishment").get(f"{address}/object").status_code == 404

    with clock.frozen(clock.now() + timedelta(days=61)), pytest.raises(TooLateToObject):
        begin(cast.owner())
    case = objection(shop)
    assert case.facts["about"] == shop.number
    with pytest.raises(ObjectedAlready):
        begin(cast.owner())


def test_the_database_lets_nothing_come_back_without_an_objection() -> None:
    shop = revoked(licence())
    last = EntryChange.objects.filter(entry=shop).order_by("-id")[0]
    for cause, case_id, because in (("lifted", None, None), ("undone", None, last), ("undone", 1, None)):
        with pytest.raises(IntegrityError, match="says why"), transaction.atomic():
            EntryChange.objects.create(
                entry=shop, at=clock.now(), before="revoked", after="active", cause=cause, case_id=case_id,
                because=because, capacity="system:test", actor_ar="النظام", actor_en="The system",
            )  # fmt: skip
            RegisterEntry.objects.filter(pk=shop.pk).update(status="active")
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
