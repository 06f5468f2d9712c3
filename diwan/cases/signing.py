"""An approval that authorises a document: the mandate the signer will ask for, made against a fresh step-up."""

from diwan.cases.documents import make_contents
from diwan.cases.errors import StepUpRequired
from diwan.cases.facts import rule_facts
from diwan.cases.loading import Loaded
from diwan.cases.models import Case, OpenTask
from diwan.cases.tasks import item_of, last_role
from diwan.documents.actions import StepUpNeeded, grant_mandate, grant_standing_mandate, revoke_mandate
from diwan.documents.models import SigningMandate
from diwan.flow.table import Exit
from diwan.kit import clock
from diwan.people.actor import Actor
from diwan.people.models import Delegation
from diwan.people.queries import fresh_step_up


def authorise(loaded: Loaded, task: OpenTask, exit_: Exit, *, by: Actor) -> None:
    """Give the mandate for every document step that this approval authorises. Raises StepUpRequired.

    The contents are made now and kept with the case: what was approved is what is printed.
    """
    case, service = loaded.case, loaded.service
    templates = [step.template or "" for step in service.flow.steps.values() if task.step in step.authority]
    if not templates and not exit_.step_up:
        return
    step_up(by=by)
    case.approved_at = clock.now()
    if not exit_.step_up:
        return
    for template in templates:
        contents = make_contents(case, service)
        case.facts = {**case.facts, "approved": {**case.facts.get("approved", {}), template: contents}}
        take_back(case, by=by)
        try:
            signer, delegation_id = _post_of(by)
            grant_mandate(
                case_id=case.pk, template=template, data=contents, by=signer, delegation_id=delegation_id
            )
        except StepUpNeeded as error:
            raise StepUpRequired from error


def step_up(*, by: Actor) -> None:
    """Ask for a fresh second factor of whoever signs. Raises StepUpRequired."""
    if by.account_id is None or fresh_step_up(account_id=by.account_id, session=by.session) is None:
        raise StepUpRequired


def is_last(loaded: Loaded, task: OpenTask, *, by: Actor) -> bool:
    """Whether the actor's signature ends the chain: the post holds the role up to which it climbs."""
    step = loaded.service.flow.steps[task.step]
    facts = rule_facts(loaded.service, loaded.case, item=item_of(task.data))
    return last_role(loaded.service, step, facts) in by.roles


def _post_of(by: Actor) -> tuple[Actor, int | None]:
    """Who signs with which post: under a delegation the delegate's own post signs, naming the delegation."""
    kind, _, identity = by.capacity.partition(":")
    if kind != "delegation":
        return by, None
    delegation = Delegation.objects.get(pk=int(identity))
    return by.changed(position_id=delegation.delegate_id), delegation.pk


def take_back(case: Case, *, by: Actor) -> None:
    """Revoke the unused mandates of a case: the approval was undone, or another one replaces it."""
    unused = SigningMandate.objects.filter(
        case_id=case.pk, used_by_document__isnull=True, revoked_at__isnull=True
    )
    for mandate_id in unused.values_list("id", flat=True):
        revoke_mandate(mandate_id=mandate_id, by=by)


def mandate_for(case: Case, template: str, *, standing: str, by: Actor) -> SigningMandate:
    """The mandate under which a document is issued: the last approval's, or one under the standing authority named."""
    held = (
        SigningMandate.objects.filter(case_id=case.pk, template=template, revoked_at__isnull=True)
        .order_by("-id")
        .first()
    )
    if held is not None:
        return held
    if not standing:
        raise SigningMandate.DoesNotExist(f"case {case.pk} has no mandate for {template}")
    return grant_standing_mandate(
        case_id=case.pk,
        template=template,
        data=case.facts["approved"][template],
        municipality_id=case.municipality_id,
        authority=standing,
        by=by,
    )
