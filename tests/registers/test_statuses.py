"""What an entry may become, who may decide it, and what follows: history, document, permits, one message."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from diwan.audit.models import AuditRow
from diwan.documents.models import IssuedDocument
from diwan.documents.queries import Standing, standing
from diwan.notify.models import Message
from diwan.people.actor import system
from diwan.registers.actions import Ground, close_entry, lift_suspension, replace_entry, suspend_entry
from diwan.registers.errors import (
    AlreadySuspended,
    EntryActForbidden,
    EntryEnded,
    EntryNotSuspended,
    EntryUnknown,
    GroundMissing,
    ParentSuspended,
)
from diwan.registers.models import EntryChange, RegisterEntry
from tests import cast
from tests.registers.making import GROUND, licence, permit, status

pytestmark = pytest.mark.usefixtures("city", "registers")


def document_of(entry: RegisterEntry) -> IssuedDocument:
    return IssuedDocument.objects.get(number=entry.number)


def sealed(entry: RegisterEntry) -> Standing:
    """How the document stands, the seal taken as done."""
    document = document_of(entry)
    document.state = IssuedDocument.State.ISSUED
    return standing(document)


def told(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template, channel="email"))


def test_a_suspension_takes_the_permits_along_and_gives_back_only_those() -> None:
    head, shop = cast.actor("abdulaziz"), licence()
    first, own = permit(shop), permit(shop, "101990000025")
    suspend_entry(entry_id=own.pk, ground=GROUND, by=head)
    suspend_entry(entry_id=shop.pk, ground=GROUND, by=head)
    assert [status(each) for each in (shop, first, own)] == ["suspended"] * 3
    assert sealed(shop) is Standing.SUSPENDED
    (message,) = [each for each in told("ENTRY_SUSPENDED") if "linked" in each.params]
    assert "1019 9000 0017" in message.params["linked"].replace("-", " ")
    assert message.params["article"]

    lift_suspension(entry_id=shop.pk, ground=Ground(note="صححت الملاحظات."), by=head)
    assert [status(each) for each in (shop, first, own)] == ["active", "active", "suspended"]
    assert sealed(shop) is Standing.VALID
    story = list(EntryChange.objects.filter(entry=first).order_by("id").values_list("after", "cause"))
    assert story == [("active", "made"), ("suspended", "parent"), ("active", "parent")]
    kept = EntryChange.objects.filter(entry=shop, cause="suspended").get()
    assert (kept.actor_ar, kept.reasons, kept.article) == (head.name_ar, ["RSN-23"], "ART-05")
    assert AuditRow.objects.filter(action="registers.entry.suspended", object_id=str(shop.pk)).exists()


def test_an_end_ends_the_permits_and_their_permits_at_once_and_tells_the_holder_once() -> None:
    shop = licence()
    child = permit(shop)
    grandchild = permit(child, "101990000025")
    close_entry(entry_id=shop.pk, to="revoked", ground=GROUND, by=cast.actor("abdulaziz"))
    assert [status(each) for each in (shop, child, grandchild)] == ["revoked"] * 3
    assert sealed(shop) is Standing.REVOKED
    (message,) = told("ENTRY_REVOKED")
    assert message.params["linked"].count("1019") == 2
    because = EntryChange.objects.filter(entry=grandchild).order_by("-id")[0]
    assert because.cause == "parent"
    assert because.because is not None
    assert because.because.entry_id == child.pk


def test_the_old_entry_is_closed_the_instant_the_new_one_stands() -> None:
    old, new = licence(), licence(cast.owner("maryam"))
    child = permit(old)
    replace_entry(
        entry_id=old.pk, by_entry=new.pk, cause="transferred", ground=Ground(), by=system("consequence")
    )
    new.refresh_from_db()
    child.refresh_from_db()
    assert (status(old), new.replaces_id) == ("replaced", old.pk)
    assert (child.parent_id, child.holder_id, child.establishment_id) == (
        new.pk, new.holder_id, new.establishment_id,
    )  # fmt: skip
    assert sealed(old) is Standing.REVOKED
    assert told("ENTRY_TRANSFERRED")


def test_a_suspension_passes_on_with_the_licence_and_permits_may_end_with_it() -> None:
    old, new = licence(), licence(cast.owner("maryam"))
    child = permit(old)
    suspend_entry(entry_id=old.pk, ground=GROUND, by=cast.actor("abdulaziz"))
    replace_entry(
        entry_id=old.pk,
        by_entry=new.pk,
        cause="transferred",
        permits="end",
        ground=Ground(),
        by=system("test"),
    )
    assert (status(old), status(new), status(child)) == ("replaced", "suspended", "cancelled")
    assert EntryChange.objects.filter(entry=new, after="suspended").get().reasons == ["RSN-23"]


def test_what_is_refused() -> None:
    head, officer, shop = cast.actor("abdulaziz"), cast.actor("fahad"), licence()
    child = permit(shop)
    with pytest.raises(EntryActForbidden):
        suspend_entry(entry_id=shop.pk, ground=GROUND, by=officer)
    with pytest.raises(EntryActForbidden):
        close_entry(entry_id=shop.pk, to="revoked", ground=GROUND, by=officer)
    with pytest.raises(EntryUnknown):
        suspend_entry(entry_id=0, ground=GROUND, by=head)
    with pytest.raises(GroundMissing):
        suspend_entry(entry_id=shop.pk, ground=Ground(reasons=("RSN-23",)), by=head)
    with pytest.raises(EntryNotSuspended):
        lift_suspension(entry_id=shop.pk, ground=Ground(), by=head)
    suspend_entry(entry_id=shop.pk, ground=GROUND, by=head)
    with pytest.raises(AlreadySuspended):
        suspend_entry(entry_id=shop.pk, ground=GROUND, by=head)
    with pytest.raises(ParentSuspended):
        lift_suspension(entry_id=child.pk, ground=Ground(), by=head)
    suspend_entry(entry_id=child.pk, ground=GROUND, by=head)
    lift_suspension(entry_id=shop.pk, ground=Ground(), by=head)
    assert status(child) == "suspended", "it was suspended for itself meanwhile"
    close_entry(entry_id=shop.pk, to="cancelled", ground=Ground(case_id=shop.case_id), by=system("test"))
    with pytest.raises(EntryEnded):
        lift_suspension(entry_id=shop.pk, ground=Ground(), by=head)


def test_the_database_refuses_what_leads_nowhere_and_what_nobody_explains() -> None:
    shop = licence()
    close_entry(entry_id=shop.pk, to="cancelled", ground=Ground(), by=system("test"))
    with pytest.raises(IntegrityError, match="does not go from"), transaction.atomic():
        RegisterEntry.objects.filter(pk=shop.pk).update(status="active")
    other = licence(cast.owner("maryam"))
    with pytest.raises(IntegrityError, match="says why"), transaction.atomic():
        RegisterEntry.objects.filter(pk=other.pk).update(status="revoked")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        EntryChange.objects.filter(entry=other).update(note="other words")
