"""Another party of a case confirms, with answers and papers of its own where the service asks for them, or refuses."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.cases import parties
from diwan.cases.applicants import snapshot_of
from diwan.cases.context import entry_number, form_context
from diwan.cases.errors import CaseNotFound, NoteRequired, SamePerson, WrongMoment
from diwan.cases.loading import Loaded, lock_case
from diwan.cases.models import Case, CaseParty, OpenTask
from diwan.cases.moving import Entry, move
from diwan.flow.events import Completed
from diwan.kit import clock
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor
from diwan.people.models import Account, Establishment


class PapersMissing(DiwanError):
    """The party confirms by filling in its own pages, not by a word."""

    code = "cases.party_pages"
    message = N_("Fill in your own part and send it: that is the confirmation.")


@transaction.atomic
def answer_party(
    *, case_id: int, outcome: str, by: Actor, note: str = "", values: Mapping[str, Any] | None = None
) -> Case:
    """Answer for the party: `outcome` is an action of the step; `values` are the party's own answers, examined before.

    Confirming where the service asks the party for answers needs `values`; refusing needs a note. Raises CaseNotFound
    (not asked of this person), WrongMoment (answered, withdrawn, or too late), SamePerson (the applicant itself),
    PapersMissing, NoteRequired.
    """
    loaded = lock_case(case_id)
    task, row = _asked(loaded, by)
    step = loaded.service.flow.steps[task.step]
    exit_ = step.exits.get(outcome)
    if exit_ is None or exit_.label is None or (step.silence is not None and outcome == step.silence.outcome):
        raise WrongMoment(stage=loaded.service.public(loaded.case.stage, by.language))
    refuses = exit_.effect == "reject"
    if refuses and not note.strip():
        raise NoteRequired
    if not refuses and values is None and parties.asks_pages(loaded.service, task.step):
        raise PapersMissing
    who = _take_over(loaded, task.step, row, values or {}, by=by)
    row.outcome, row.answered_at = outcome, clock.now()
    row.account_id, row.establishment_id, row.applicant = by.account_id, by.establishment_id, who
    row.save()
    return move(
        loaded, Completed(task.token, outcome), by=by, task_data={"party": row.party},
        entry=Entry(act="answered", step=task.step, outcome=outcome, note=note.strip(), public=True),
    )  # fmt: skip


def _asked(loaded: Loaded, by: Actor) -> tuple[OpenTask, CaseParty]:
    """The question that waits for this party."""
    row = parties.party_in(loaded.case.pk, by)
    if row is None:
        raise CaseNotFound
    if by.account_id == loaded.case.account_id:
        raise SamePerson
    task = loaded.by_token(row.token)
    if task is None or task.kind != OpenTask.Kind.PARTY or row.answered_at is not None:
        raise WrongMoment(stage=loaded.service.public(loaded.case.stage, by.language))
    return task, row


def _take_over(
    loaded: Loaded, step: str, row: CaseParty, values: Mapping[str, Any], *, by: Actor
) -> dict[str, Any]:
    """Keep the party's answers and who it is with the case; gives the snapshot."""
    case, service = loaded.case, loaded.service
    account = Account.objects.filter(pk=by.account_id or 0).first()
    shop = Establishment.objects.filter(pk=by.establishment_id or 0).first()
    who = snapshot_of(account, shop)
    own = {found.key for page, _group, found in service.form.placed() if page.by == step}
    case.data = {**{key: value for key, value in case.data.items() if key not in own}, **values}
    party = {"applicant": who, "account_id": by.account_id, "establishment_id": by.establishment_id}
    case.facts = {**case.facts, "parties": {**case.facts.get("parties", {}), step: party}}
    context = form_context(service, applicant=case.applicant, renews=entry_number(case.facts), part=None)
    case.facts["derived"] = service.derive(case.data, context)
    return who
