"""What the workflow of supplies names: that something was issued, and putting back what was not received."""

from diwan.cases.models import Case, OpenTask
from diwan.cases.registry import ActResult, act, guard
from diwan.catalogue import registry
from diwan.catalogue.registry import Kind
from diwan.flow.table import Text
from diwan.modules.stores.actions import put_back
from diwan.modules.stores.errors import NothingIssued
from diwan.modules.stores.models import StockMovement
from diwan.people.actor import Actor, system

registry.declare(
    Kind(
        "guard",
        "stores.issued",
        Text("صرف مواد", "Supplies were issued"),
        "Something was issued from the store at this step.",
    )
)
registry.declare(
    Kind(
        "act",
        "stores.put_back",
        Text("إعادة إلى المستودع", "Put back into the store"),
        "Puts back what was issued last for the request and was not received.",
        outcomes=frozenset({"done"}),
        says={
            "done": Text(
                "لم تستلم المواد فأعيدت إلى المستودع.", "Nobody received it, so it is back in the store."
            )
        },
    )
)


@guard("stores.issued")
def issued(case: Case, task: OpenTask, by: Actor) -> None:
    """Raises NothingIssued unless something was issued at this very step."""
    rows = StockMovement.objects.filter(case_id=case.pk, token=task.token, cause=StockMovement.Cause.ISSUED)
    if not rows.exists():
        raise NothingIssued


@act("stores.put_back")
def take_in(case: Case, task: OpenTask) -> ActResult:
    """Put the last issue back."""
    count = put_back(case_id=case.pk, by=system("stores"))
    return ActResult(outcome="done", facts={}, why={"rule": "stores.put_back", "inputs": {"rows": count}})
