"""What the rules of a service read of a case.

`Case.facts` holds, beside the answers: `derived` (facts of the form), `checks` (code -> passed, failed, silent or
manual), `outcomes` (step -> last exit taken), `visit` (score, passed, critical), `entry` (what is renewed, or what the
case is about; its number is `renews` or `about`), `answered` (step -> exits of the tokens of an each), `parent` (the
case and token that opened this one), `children` (service and case of those that this one opened), `approved` (template
-> contents that an approver authorised), `follow_ups` (what was opened with the result: kind, service, case) and, in
such a case, `follows` (the case and document that it follows), `contested` (the decision that an objection is about:
`cases.contests`), `parties` (step -> who answered there: applicant, account_id, establishment_id), `renamed` (step of
an earlier version -> the one that stands for it since the case was moved).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from diwan.cases.models import Case
from diwan.cases.opening import Opening
from diwan.catalogue.compiled import CompiledService
from diwan.kit import clock


def rule_facts(service: CompiledService, case: Case, *, item: str = "") -> dict[str, Any]:
    """The variables of every rule for a running case; inside an each with the `item` of the token."""
    return _variables(
        service,
        data=case.data,
        facts=case.facts,
        applicant=case.applicant,
        case={"round": case.round, "channel": case.channel},
        item=item,
    )


def opening_facts(opening: Opening) -> dict[str, Any]:
    """The variables for an application that is being opened."""
    return _variables(
        opening.service,
        data=opening.data,
        facts=opening.facts,
        applicant=opening.applicant,
        case={"round": 1, "channel": opening.channel},
    )


def _variables(
    service: CompiledService, *, data: Mapping[str, Any], facts: Mapping[str, Any], applicant: Mapping[str, Any],
    case: Mapping[str, Any], item: str = "",
) -> dict[str, Any]:  # fmt: skip
    return service.environment(
        values=data,
        facts=facts.get("derived", {}),
        today=clock.today(),
        applicant=applicant,
        entry=facts.get("entry"),
        checks=facts.get("checks"),
        outcomes=facts.get("outcomes"),
        visit=facts.get("visit"),
        case=case,
        contested=facts.get("contested"),
        answered=facts.get("answered"),
        item=item,
    )


def names_of(case: Case, steps: Iterable[str]) -> list[str]:
    """These steps with the names under which the case passed them in earlier versions of its service."""
    wanted = list(steps)
    renamed: Mapping[str, str] = case.facts.get("renamed", {})
    return [*wanted, *(old for old, new in renamed.items() if new in wanted)]
