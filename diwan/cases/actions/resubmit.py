"""The applicant has completed what was returned: changes marked, and the case goes back to the officer who had it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.cases import visibility
from diwan.cases.actions.open_cases import Opened
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
    """Take the completed answers into the case and move on. Only what was remarked on may differ.

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
    allowed = asked_fields(case, loaded.service)
    taken = {**case.data, **{key: value for key, value in values.items() if key in allowed}}
    others = {found.key for page, _group, found in loaded.service.form.placed() if page.by}
    taken = {key: value for key, value in taken.items() if key in values or key in others}
    changed = changes(loaded.service.form, case.data, taken)
    papers = sorted({upload.slot for upload in uploads_of(f"draft:{draft_id}") if upload.slot in allowed})
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


def asked_fields(case: Case, service: CompiledService) -> frozenset[str]:
    """Fields and slots that may change now: those the last return remarked on, and those of checks that failed."""
    remarked = FieldRemark.objects.filter(case_id=case.pk, round=case.round).values_list("field", flat=True)
    failed = {code for code, state in case.facts.get("checks", {}).items() if state == "failed"}
    checked = [field for check in service.checks if check.code in failed for field in check.fields]
    return frozenset([*remarked, *checked])


def _take(loaded: Loaded, values: Mapping[str, Any], facts: Mapping[str, Any], changed: list[str]) -> None:
    case = loaded.case
    case.data = dict(values)
    case.facts = {**case.facts, **facts}
    case.highlights = changed
    case.round += 1
