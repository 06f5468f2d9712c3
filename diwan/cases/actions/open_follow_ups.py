"""What begins with a result: the duties that a service declares as `follow_ups`, each a case of an internal service."""

from typing import Any

from diwan.cases import registry
from diwan.cases.actions.open_cases import open_cases
from diwan.cases.loading import Loaded
from diwan.cases.models import Case
from diwan.cases.moving import Entry, write_act
from diwan.cases.opening import Opening
from diwan.cases.registry import IssuedFacts
from diwan.cases.services import service_of
from diwan.catalogue.queries import internal_service
from diwan.catalogue.schema import FollowUp
from diwan.kit import clock, numbers
from diwan.people.actor import system

RULE = "follow up"


def open_follow_ups(loaded: Loaded, issued: IssuedFacts) -> None:
    """Open what the service declares, in the issuing transaction; the history of the case names each number.

    The numbers stand in the case's facts (`follow_ups`), which the move that follows saves. Told twice, each is opened
    once.
    """
    case = loaded.case
    for follow_up in loaded.service.follow_ups:
        opened = registry.follow_up_of(follow_up.kind)(case, issued, follow_up)
        row = {"kind": follow_up.kind, "service": follow_up.service, "case": opened}
        case.facts = {**case.facts, "follow_ups": [*case.facts.get("follow_ups", []), row]}
        write_act(
            loaded,
            by=system(RULE),
            at=clock.now(),
            entry=Entry(
                act="followed", outcome=numbers.case_number(opened), why=_why(follow_up, issued, opened)
            ),
        )


def _why(follow_up: FollowUp, issued: IssuedFacts, opened: int) -> dict[str, Any]:
    return {
        "rule": f"follow_ups.{follow_up.kind}", "inputs": {"document": issued.number, "service": follow_up.service},
        "result": numbers.case_number(opened),
    }  # fmt: skip


@registry.follow_up("visit")
def open_visit(case: Case, issued: IssuedFacts, follow_up: FollowUp) -> int:
    """Open the case of a visit at the same place; its workflow says who goes there and until when."""
    service = internal_service(follow_up.service, clock.today())
    if service is None:
        raise LookupError(f"{follow_up.service} is no internal service in force")
    entry = service_of(case.version_id).entry
    kept = {key: case.data[key] for key in (entry.keeps if entry else ()) if key in case.data}
    opening = Opening(
        service=service, municipality_id=case.municipality_id, district_id=case.district_id, applicant=case.applicant,
        data=kept, facts={"follows": {"case": case.pk, "document": issued.number}}, by=system(RULE),
        account_id=case.account_id, establishment_id=case.establishment_id, channel=case.channel,
        language=case.language, scope=RULE, key=f"{case.pk}:{service.slug}",
    )  # fmt: skip
    return open_cases([opening])[0].case_id
