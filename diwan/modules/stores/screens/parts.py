"""What the desk shows of a request for supplies: each item asked for, issued and in the store; and issuing."""

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse

from diwan.cases.guards import may_do
from diwan.cases.models import Case, OpenTask
from diwan.cases.registry import desk_part
from diwan.kit import numbers
from diwan.modules.stores.queries import lines_of, name_of
from diwan.people.actor import Actor

SERVICE: Final = "supplies-request"
STORE: Final = "store"


@desk_part(SERVICE, template="stores/parts/items.html")
def items(case: Case, actor: Actor) -> Mapping[str, Any]:
    """The items; with the task, for whoever may issue now."""
    task = OpenTask.objects.filter(case_id=case.pk, step=STORE).first()
    return {
        "lines": [
            {
                "code": line.code,
                "name": name_of(line.code, actor.language),
                "asked": line.asked,
                "issued": line.issued,
                "rest": line.rest,
                "on_hand": line.on_hand,
                "offered": min(line.rest, line.on_hand),
            }
            for line in lines_of(case)
        ],
        "task": task.pk if task is not None and may_do(task, by=actor) else 0,
        "revision": case.revision,
        "url": reverse("stores:issue", args=[numbers.case_number(case.pk)]),
    }
