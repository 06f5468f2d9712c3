"""The reporter says whether it is fixed, with a photo of what is not."""

from collections.abc import Sequence
from typing import BinaryIO

from django.db import transaction

from diwan.cases.actions.choose import choose
from diwan.cases.models import Case
from diwan.files.actions import attach_uploads, receive_upload
from diwan.files.rules import IMAGE, MEGABYTE, SlotRules
from diwan.modules.reports.events import CONFIRMED, DISPUTED
from diwan.modules.reports.models import PhotoCheck, Report
from diwan.modules.reports.papers import DISPUTE, disputes
from diwan.outbox.actions import emit
from diwan.people.actor import Actor

_TELLS = {"confirm": CONFIRMED, "dispute": DISPUTED}
RULES = SlotRules(max_bytes=12 * MEGABYTE, kinds=(IMAGE,), most=5)


def answer_report(
    *, case_id: int, secret: str, outcome: str, by: Actor, reasons: Sequence[str] = (), note: str = "",
    photo: BinaryIO | None = None, photo_name: str = "",
) -> Case:  # fmt: skip
    """Take the answer of whoever holds the `secret` of the case; the caller has compared it and limits guesses.

    A photo is examined first, outside the transaction, and goes with the answer. Raises what `choose` and
    `receive_upload` raise.
    """
    uploads = []
    if photo is not None:
        holder = disputes(case_id, by)
        taken = receive_upload(
            stream=photo,
            filename=photo_name,
            slot=DISPUTE,
            rules=RULES,
            owner=f"dispute:{case_id}",
            by=holder,
        )
        uploads.append(taken.pk)
    with transaction.atomic():
        case = choose(case_id=case_id, outcome=outcome, secret=secret, reasons=reasons, note=note, by=by)
        attach_uploads(upload_ids=uploads, from_owner=f"dispute:{case_id}", to_owner=f"case:{case_id}", by=by)
        if outcome in _TELLS:
            emit(name=_TELLS[outcome], subject=f"case:{case_id}", data={"case": case_id})
        if uploads and Report.objects.filter(pk=case_id).exists():
            PhotoCheck.objects.bulk_create(PhotoCheck(report_id=case_id, upload_id=pk) for pk in uploads)
    return case
