"""Drafts of a partner: an application filled in step by step, told what is still wrong, and sent."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import Field

from diwan.api.resources.common import DRAFT, DRAFTS, offered
from diwan.api.resources.filling import (
    ID,
    DraftGiven,
    DraftPage,
    DraftPatch,
    DraftsQuery,
    DraftSummary,
    DraftTold,
    context_of,
    may_change,
    read_answers,
    require_asked,
    shown,
    still_offered,
    summary_of,
)
from diwan.api.resources.submit import Opened, applicant_of
from diwan.api.resources.uploads import MOST_BYTES, UploadTold, receive, slot_of
from diwan.audit.actions import AccessNote, log_access
from diwan.cases.about import NotTheirLicence, facts_about
from diwan.cases.actions.carry_draft import carry_draft
from diwan.cases.actions.drafts import (
    DraftChanged,
    DraftNotFound,
    discard_draft,
    own_draft,
    save_draft,
    start_draft,
)
from diwan.cases.actions.resubmit import NothingChanged
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.carried_drafts import version_to_follow
from diwan.cases.checks import Blocked
from diwan.cases.context import form_context
from diwan.cases.errors import CaseNotFound, DraftMoved, FormChanged, NotCovered, WrongMoment
from diwan.cases.models import Draft
from diwan.cases.places import NotOfferedThere, OutsideTheCity
from diwan.cases.queries import drafts_of_client
from diwan.cases.services import service_of
from diwan.files.actions import CannotDiscard, UploadMissing, discard_upload
from diwan.files.errors import CheckUnavailable, NoSuchFile, UploadRefused
from diwan.files.queries import uploads_by_id
from diwan.forms.entry import prefill
from diwan.kit.errors import N_
from diwan.kit.numbers import show_case_number
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import (
    CASES_READ,
    CASES_WRITE,
    FORM,
    JSON,
    MERGE,
    Answer,
    Body,
    Operation,
    Parameter,
    answers,
)
from diwan.rest.paging import following, place_after
from diwan.rest.shapes import Given, with_example

UPLOAD: Final = Parameter(
    "upload", "Id of a paper", {"type": "string", "pattern": r"^[A-Za-z0-9_-]{16,24}$"}, ID
)
IF_MATCH: Final = Parameter(
    "If-Match", "ETag of the draft as you read it; needed for a completion", {"type": "string", "minLength": 1}, "*",
    required=False,
)  # fmt: skip


@answers(
    Operation(
        method="POST", path="drafts", key="start_draft", tag=DRAFTS, scope=CASES_WRITE, body=Body(DraftGiven),
        title=N_("Start a draft"),
        about=N_(
            "Answers that cannot be read are refused; what is missing is told in `problems`. A service that renews or "
            "is about a licence needs its number, and takes over what the licence says."
        ),
        answers=(Answer(201, "The draft", DraftTold, headers=("ETag", "Location")),), errors={NotTheirLicence: 422},
        writes=True,
    )
)  # fmt: skip
def start(call: Call) -> Reply:
    """A new draft of the client."""
    service = offered(call.token, call.body.service)
    applicant = applicant_of(call.body.applicant.model_dump(exclude_none=True))
    licence = call.body.licence or ""
    context = form_context(service, applicant=applicant, renews=licence)
    facts_about(service, licence, applicant, context)
    first = prefill(service.form, context) if licence else {}
    values = {**first, **read_answers(service, call.body.answers, context)}
    made = start_draft(
        version_id=service.version_id,
        days=service.definition.draft_days,
        by=call.by.changed(language=call.body.language),
        channel="api",
        values=values,
        visitor=applicant,
        renews=licence,
    )
    return shown(call, made, status=201, headers={"Location": f"/api/v1/drafts/{made.pk}"})


@answers(
    Operation(
        method="GET", path="drafts", key="list_drafts", tag=DRAFTS, scope=CASES_READ, query=DraftsQuery,
        title=N_("List your drafts"),
        about=N_("What was begun and not sent yet, the newest first, of the services of your token."),
        answers=(Answer(200, "A page of drafts", DraftPage, headers=("ETag", "Link")),),
    )
)  # fmt: skip
def list_drafts(call: Call) -> Reply:
    """The client's unfinished drafts by the time they were begun, descending; their contents are not read."""
    asked: DraftsQuery = call.query
    after = place_after(call)
    found = drafts_of_client(
        call.by,
        limit=asked.limit + 1,
        after=(datetime.fromisoformat(after[0]), after[1]) if after else None,
        service=asked.service or "",
        licence=asked.licence or "",
    )
    page = found[: asked.limit]
    last = [page[-1].created_at.isoformat(), page[-1].pk] if page else None
    cursor, headers = following(call, found, last)
    items = [DraftSummary(**summary_of(draft, service_of(draft.version_id).slug)) for draft in page]
    return Reply(body=DraftPage(items=items, next=cursor), headers=headers)


@answers(
    Operation(
        method="GET", path="drafts/{id}", key="read_draft", tag=DRAFTS, scope=CASES_READ, parameters=(DRAFT,),
        title=N_("Read a draft"),
        about=N_("The answers, what is still missing or wrong, and what it would cost as it stands."),
        answers=(Answer(200, "The draft", DraftTold, headers=("ETag",)),), errors={DraftNotFound: 404},
    )
)  # fmt: skip
def read(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """A draft of the client; the reading is noted."""
    draft = _followed(own_draft(id, call.by), call)
    log_access(by=call.by, notes=[AccessNote("draft", draft.pk, "api.draft")])
    return shown(call, draft)


@answers(
    Operation(
        method="PATCH", path="drafts/{id}", key="change_draft", tag=DRAFTS, scope=CASES_WRITE, parameters=(DRAFT,),
        body=Body(DraftPatch, kinds=(MERGE, JSON)), title=N_("Change a draft"),
        about=N_(
            "Merges answers into the draft. If-Match names what you read, so that nothing is overwritten unseen. Of a "
            "completion only what `asked` names can change."
        ),
        answers=(Answer(200, "The draft", DraftTold, headers=("ETag",)),),
        errors={DraftNotFound: 404, DraftChanged: 412}, writes=True, conditional=True,
    )
)  # fmt: skip
def change(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Merge answers into a draft that is still as it was read."""
    draft = _followed(own_draft(id, call.by, lock=True), call)
    call.require_match(str(draft.revision))
    service = still_offered(call, draft)
    context = context_of(service, draft)
    given = {key: value for key, value in call.body.answers.items() if value is not None}
    fresh = read_answers(service, given, context)
    kept = {key: value for key, value in draft.data.items() if key not in call.body.answers}
    values = {**kept, **{key: fresh[key] for key in fresh if key in given or key not in kept}}
    require_asked("answers", call.body.answers, may_change(service, draft, values, context))
    saved = save_draft(
        draft_id=draft.pk, values=values, typed={}, page="", by=call.by, revision=draft.revision
    )
    return shown(call, saved)


@answers(
    Operation(
        method="DELETE", path="drafts/{id}", key="discard_draft", tag=DRAFTS, scope=CASES_WRITE, parameters=(DRAFT,),
        title=N_("Throw a draft away"), about=N_("The draft and its papers go. A case that it became stays."),
        answers=(Answer(204, "The draft is gone"),), errors={DraftNotFound: 404}, writes=True, conditional=True,
    )
)  # fmt: skip
def discard(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Throw away a draft that is still as it was read."""
    draft = own_draft(id, call.by, lock=True)
    call.require_match(str(draft.revision))
    if draft.case_id is not None:
        raise DraftNotFound
    discard_draft(draft_id=draft.pk, by=call.by)
    return Reply(status=204)


def _followed(draft: Draft, call: Call) -> Draft:
    """The draft on the form in force, so that what is refused is what is asked for now."""
    stale = version_to_follow(draft) != draft.version_id
    return carry_draft(draft_id=draft.pk, by=call.by) if stale else draft


class SlotGiven(Given):
    """The field beside the file."""

    model_config = with_example({"slot": "facade"}, given=True)
    slot: str = Field(max_length=60, description="Slot of the service's form")


@answers(
    Operation(
        method="POST", path="drafts/{id}/documents", key="attach_document", tag=DRAFTS, scope=CASES_WRITE,
        parameters=(DRAFT,), body=Body(SlotGiven, kinds=(FORM,), files=("file",), most=MOST_BYTES),
        title=N_("Attach a paper to a draft"), about=N_("The paper goes with the application when it is sent."),
        answers=(Answer(201, "The paper was received", UploadTold),),
        errors={DraftNotFound: 404, NoSuchFile: 404, UploadRefused: 422, CheckUnavailable: 503},
        refuses={503: "Files cannot be examined just now"}, writes=True,
    )
)  # fmt: skip
def attach(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Receive one paper of a draft."""
    draft = _followed(own_draft(id, call.by), call)
    service = still_offered(call, draft)
    allowed = may_change(service, draft, draft.data, context_of(service, draft))
    require_asked("slot", {call.body.slot: None}, allowed)
    made = receive(call, slot_of(service.form.slot(call.body.slot)), f"draft:{draft.pk}")
    return Reply(body=made, status=201)


@answers(
    Operation(
        method="DELETE", path="drafts/{id}/documents/{upload}", key="detach_document", tag=DRAFTS,
        scope=CASES_WRITE, parameters=(DRAFT, UPLOAD), title=N_("Take a paper out of a draft"),
        about=N_("The paper no longer goes with the application."), answers=(Answer(204, "The paper is gone"),),
        errors={DraftNotFound: 404, NoSuchFile: 404, CannotDiscard: 409}, writes=True,
    )
)  # fmt: skip
def detach(call: Call, id: str, upload: str) -> Reply:  # noqa: A002  the name in the address
    """Take one paper of a draft away."""
    draft = own_draft(id, call.by)
    if upload not in uploads_by_id([upload], owner=f"draft:{draft.pk}"):
        raise NoSuchFile
    discard_upload(upload_id=upload, by=call.by)
    return Reply(status=204)


@answers(
    Operation(
        method="POST", path="drafts/{id}/send", key="send_draft", tag=DRAFTS, scope=CASES_WRITE, parameters=(DRAFT,),
        headers=(IF_MATCH,), title=N_("Send a draft"),
        about=N_(
            "Opens the case, or gives back the returned case that the draft completes; a completion needs If-Match. "
            "What is missing or wrong is refused by question; sent again, it answers the same."
        ),
        answers=(Answer(201, "The case was opened", Opened, headers=("Location",)),
                 Answer(200, "The case was completed, or the draft had become this case before", Opened,
                        headers=("Location",))),
        errors={
            DraftNotFound: 404, CaseNotFound: 404, NotOfferedThere: 409, OutsideTheCity: 422, NotCovered: 403,
            UploadMissing: 422, DraftMoved: 409, Blocked: 409, NotTheirLicence: 422, WrongMoment: 409,
            NothingChanged: 409, FormChanged: 409,
        },
        refuses={
            412: "The draft was changed since it was read", 428: "If-Match is missing: the draft completes a case",
        },
        writes=True, repeats=True,
    )
)  # fmt: skip
def send(call: Call, id: str) -> Reply:  # noqa: A002  the name in the address
    """Open the case of a draft, or complete the case that it amends."""
    draft = _followed(own_draft(id, call.by, lock=True), call)
    if draft.case_id is None and (call.if_match or draft.amends is not None):
        call.require_match(str(draft.revision))
    opened = submit_draft(draft_id=id, by=call.by)
    body = Opened(number=opened.number, shown=show_case_number(opened.case_id), secret=opened.secret)
    return Reply(
        body=body,
        status=201 if opened.fresh else 200,
        headers={"Location": f"/api/v1/cases/{opened.number}", "Cache-Control": "no-store"},
    )
