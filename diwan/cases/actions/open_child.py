"""A case comes to a step of kind `child`: the case that it waits for is opened in the same transaction."""

from typing import Final

from diwan.cases import registry
from diwan.cases.actions.open_cases import open_cases
from diwan.cases.children import CHILD, PARENT, passed
from diwan.cases.context import form_context
from diwan.cases.models import Case, OpenTask
from diwan.cases.opening import Opening
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import internal_service
from diwan.kit import clock
from diwan.people.actor import system

SCOPE: Final = "child"


@registry.opens_children
def open_child(case: Case, service: CompiledService, task: OpenTask) -> None:
    """Open the case that the task of a `child` step stands for; task and case keep its id. Told twice, once.

    Raises LookupError when no internal service of that name is in force (refused at publish).
    """
    step = service.flow.steps[task.step]
    inner = internal_service(step.service or "", clock.today())
    if inner is None:
        raise LookupError(f"{step.service} is no internal service in force")
    data = passed(step, service, case, task.data)
    context = form_context(inner, applicant=case.applicant)
    facts = {
        "derived": inner.derive(data, context),
        PARENT: {"case": case.pk, "token": task.token, "step": task.step},
    }
    opening = Opening(
        service=inner, municipality_id=case.municipality_id, district_id=case.district_id, applicant=case.applicant,
        data=data, facts=facts, by=system(SCOPE), account_id=case.account_id, establishment_id=case.establishment_id,
        channel=case.channel, language=case.language, scope=SCOPE, key=f"{case.pk}:{task.token}:{case.revision}",
    )  # fmt: skip
    opened = open_cases([opening])[0].case_id
    task.data[CHILD] = opened
    row = {"service": inner.slug, "case": opened}
    case.facts = {**case.facts, "children": [*case.facts.get("children", []), row]}
