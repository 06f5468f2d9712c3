"""An officer takes the last act back: within ten minutes, before payment, and only one's own."""

from django.db import transaction

from diwan.cases import billing, notices, signing, undo, visibility
from diwan.cases.errors import CaseNotFound
from diwan.cases.loading import lock_case
from diwan.cases.models import Case, FieldRemark, UndoSlot
from diwan.cases.moving import Entry, save, write_act
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class TooLateToUndo(DiwanError):
    """Ten minutes have passed, the bill is paid, or somebody acted since."""

    code = "cases.too_late_to_undo"
    message = N_(
        "This can no longer be taken back: ten minutes have passed, the bill is paid, or somebody has acted since."
    )


@transaction.atomic
def undo_act(*, case_id: int, by: Actor) -> Case:
    """Put the case back to before the actor's last act; the history keeps both. Raises CaseNotFound, TooLateToUndo."""
    loaded = lock_case(case_id)
    case = loaded.case
    if not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    slot = UndoSlot.objects.filter(case_id=case_id).first()
    mine = slot is not None and slot.account_id == by.account_id
    if (
        slot is None
        or not mine
        or slot.revision != case.revision
        or clock.now() > slot.until
        or billing.is_paid(case)
    ):
        raise TooLateToUndo
    billing.withdraw(case, by=by)
    notices.hold_back(case)
    signing.take_back(case, by=by)
    undo.restore(case, slot.before)
    FieldRemark.objects.filter(case_id=case.pk, round=case.round, position_id=by.position_id).delete()
    write_act(loaded, by=by, entry=Entry(act="undone", step=case.stage, public=False), at=clock.now())
    slot.delete()
    save(case)
    return case
