"""Cases inside cases: what a step of kind `child` opens, and how the two are told of each other's end.

A child is a case of an internal service, opened (`actions.open_child`) as its parent comes to the step. It carries
its parent in `facts.parent` (case, token, step); the parent's task carries the child's number in its data. The child's
end moves the parent (`actions.answer_parent`), the parent's departure from the step cancels the child
(`actions.cancel_child`); both go by events, so each case is locked by itself.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from diwan.cases.facts import rule_facts
from diwan.cases.models import Case
from diwan.catalogue.compiled import CompiledService
from diwan.flow.table import ITEM, Step

PARENT: Final = "parent"
CHILD: Final = "child"
_ANSWER = re.compile(r"form\.([a-z][a-z0-9_]*)\Z")


def passed(step: Step, service: CompiledService, case: Case, data: Mapping[str, Any]) -> dict[str, Any]:
    """The child's answers: an answer named as it is (`form.place`) goes over as it was given, whatever its kind; any
    other rule gives what it evaluates to."""
    known = rule_facts(service, case, item=str(data.get(ITEM, "")))
    found: dict[str, Any] = {}
    for field, rule in step.passes.items():
        named = _ANSWER.match(rule)
        value = case.data.get(named[1]) if named else service.evaluate(rule, known).value
        if value is not None:
            found[field] = value
    return found


def parent_of(case: Case) -> tuple[int, int] | None:
    """Id of the case that opened this one, and its token that waits; None for a case that stands by itself."""
    found = case.facts.get(PARENT)
    return (int(found["case"]), int(found["token"])) if found else None
