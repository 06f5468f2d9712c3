"""The applicant has completed what was returned: changes marked, and the case goes back to the officer who had it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.cases import visibility
from diwan.cases.actions.open_cases import Opened
from diwan.cases.completing import asked_fields, fresh_fields
from diwan.cases.context import entry_number, form_context
from diwan.cases.errors import CaseNotFound, NotAllowed, WrongMoment
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case, FieldRemark, OpenTask
from diwan.cases.moving import Entry, move
from diwan.catalogue.compiled import CompiledService
from diwan.files.queries import uploads_of
from diwan.flow.events import Completed
from diwan.flow.table import RESUBMITTED
from diwan.forms.entry import changes
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class NothingChanged(DiwanError):
    """A completion without any change would come back at once."""

    code = "cases.nothing_changed"
    message = N_("Nothing was changed yet. Mend the marked answers, then submit again.")


@transaction.atomic
def resubmit(
    *, case_id: int, values: Mapping[str, Any], facts: Mapping[str, Any], draft_id: str, by: Actor
) -> Opened:
    """Take the completed answers into the case and move on. Only what was remarked on may differ, and what
    is asked since another answer changed.

    Raises CaseNotFound, NotAllowed, WrongMoment, NothingChanged.
    """
    loaded = lock_case(case_id)
    case = loaded.case
    if not visibility.can_see(by, case, loaded.tasks):
        raise CaseNotFound
    if not visibility.is_applicant(by, case):
        raise NotAllowed
    task = loaded.waiting_at(OpenTask.Kind.APPLICANT)
    if task is None:
        raise WrongMoment(stage=loaded.service.title(case.stage, by.language))
    allowed = _may_change(case, loaded.service, values)
    taken = {**case.data, **{key: value for key, value in values.items() if key in allowed}}
    others = {found.key for page, _group, found in loaded.service.form.placed() if page.by}
    taken = {key: value for key, value in taken.items() if key in values or key in others}
    changed = changes(loaded.service.form, case.data, taken)
    sent = {upload.slot for upload in uploads_of(f"draft:{draft_id}")}
    papers = sorted((sent & allowed) | (sent - {upload.slot for upload in uploads_of(f"case:{case_id}")}))
    if not changed and not papers and FieldRemark.objects.filter(case_id=case_id, round=case.round).exists():
        raise NothingChanged
    _take(loaded, taken, facts, [*changed, *papers])
    changes_made = {**{key: list(pair) for key, pair in changed.items()}, **{slot: [] for slot in papers}}
    move(
        loaded,
        Completed(task.token, RESUBMITTED),
        by=by,
        entry=Entry(act="resubmitted", step=task.step, changes=changes_made),
    )
    return Opened(case_id, fresh=False)


def _may_change(case: Case, service: CompiledService, values: Mapping[str, Any]) -> frozenset[str]:
    asked = asked_fields(case, service)
    now = {**case.data, **{key: value for key, value in values.items() if key in asked}}
    context = form_context(service, applicant=case.applicant, renews=entry_number(case.facts))
    return asked | fresh_fields(service, before=case.data, now=now, context=context)


def _take(loaded: Loaded, values: Mapping[str, Any], facts: Mapping[str, Any], changed: list[str]) -> None:
    case = loaded.case
    case.data = dict(values)
    case.facts = {**case.facts, **facts}
    case.highlights = changed
    case.round += 1
