"""An approval that authorises a document: the mandate the signer will ask for, made against a fresh step-up."""

from diwan.cases.documents import make_contents
from diwan.cases.errors import StepUpRequired
from diwan.cases.loading import Loaded
from diwan.cases.models import OpenTask
from diwan.documents.actions import StepUpNeeded, give_mandate
from diwan.flow.table import Exit
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.queries import fresh_step_up


def authorise(loaded: Loaded, task: OpenTask, exit_: Exit, *, by: Actor) -> None:
    """Give the mandate for every document step that this approval authorises. Raises StepUpRequired.

    The contents are made now and kept with the case: what was approved is what is printed.
    """
    case, service = loaded.case, loaded.service
    if not exit_.step_up or by.account_id is None:
        return
    proof = fresh_step_up(account_id=by.account_id, session=by.session)
    if proof is None:
        raise StepUpRequired
    case.approved_at = clock.now()
    for step in service.flow.steps.values():
        if task.step not in step.authority or step.template is None:
            continue
        contents = make_contents(case, service)
        case.facts = {**case.facts, "approved": {**case.facts.get("approved", {}), step.template: contents}}
        try:
            give_mandate(case_id=case.pk, template=step.template, contents=contents, step_up=proof, by=by)
        except StepUpNeeded as error:
            raise StepUpRequired from error
