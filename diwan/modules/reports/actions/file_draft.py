"""File the report that was told on the public pages, once whatever is clicked twice."""

from diwan.cases.actions.drafts import own_draft
from diwan.cases.actions.open_cases import Opened
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.models import Draft
from diwan.files.queries import uploads_of
from diwan.modules.reports.actions.file_report import Filing, file_report
from diwan.people.actor import Actor

SCOPE = "report draft"
GIVEN = ("name_ar", "name_en", "mobile", "email", "national_id")


def file_draft(*, draft_id: str, by: Actor) -> Opened:
    """Open the case of the draft; a second call answers the same.

    The mobile number of a draft without an account has been proved by the caller, who named it (`name_visitor`).
    Raises DraftNotFound, NotAnonymous, TooManyOpen, FieldErrors, OutsideTheCity, NotOfferedThere, UploadMissing.
    """
    draft = own_draft(draft_id, by)
    if draft.case_id is not None:
        return Opened(draft.case_id, fresh=False)
    person = snapshot_of_draft(draft)
    documents: dict[str, list[str]] = {}
    for upload in uploads_of(f"draft:{draft.pk}"):
        documents.setdefault(upload.slot, []).append(upload.pk)
    opened = file_report(
        filing=Filing(
            answers=draft.data, reporter={name: str(person.get(name) or "") for name in GIVEN}, documents=documents,
            papers=f"draft:{draft.pk}", key=draft.idempotency_key, scope=SCOPE, channel=draft.channel,
            language=draft.language, account_id=draft.account_id,
        ),
        by=by,
    )  # fmt: skip
    Draft.objects.filter(pk=draft.pk, case_id__isnull=True).update(case_id=opened.case_id)
    return opened
