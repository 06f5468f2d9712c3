"""Write to the applicant of a case beside the notices of its workflow."""

from diwan.cases import undo
from diwan.cases.models import Case
from diwan.cases.notices import contacts
from diwan.kit import clock
from diwan.notify.models import Message


def notify_applicant(*, case: Case, template: str) -> int:
    """Queue the message on every channel by which the applicant can be reached, in the language of the case.

    The number queued. It leaves when the last act can no longer be taken back (at once after one that nobody can take
    back), and what it says is filled in then (`notify.registry`). The caller's action writes the audit row.
    """
    now = clock.now()
    not_before = undo.open_until(case) or now
    rows = [
        Message(
            created_at=now, municipality_id=case.municipality_id, case_id=case.pk,
            account_id=case.account_id, channel=channel, address=address, language=case.language,
            template=template, params={}, not_before=not_before,
        )
        for channel, address in contacts(case.applicant)
    ]  # fmt: skip
    Message.objects.bulk_create(rows)
    return len(rows)
