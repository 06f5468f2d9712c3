"""Open a case of an internal service that follows another: its own workflow says who does it and until when."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from diwan.cases.actions.open_cases import open_cases
from diwan.cases.loading import lock_case
from diwan.cases.moving import Entry, save, write_act
from diwan.cases.opening import Opening
from diwan.catalogue.queries import internal_service
from diwan.kit import clock, numbers
from diwan.people.actor import Actor


@transaction.atomic
def follow_case(
    *,
    case_id: int,
    service: str,
    kind: str,
    act: str,
    data: Mapping[str, Any],
    applicant: Mapping[str, Any],
    by: Actor,
) -> int:
    """Open it once and note it as `act` on the case that it follows, ended or not; the id of the new case.

    Nobody's account is on it: it is work of ours, and the applicant of the other case does not follow it. `applicant`
    is whom to reach, if anybody. Raises CaseNotFound; LookupError when the service is no internal one in force.
    """
    loaded = lock_case(case_id)
    case = loaded.case
    compiled = internal_service(service, clock.today())
    if compiled is None:
        raise LookupError(f"{service} is no internal service in force")
    opening = Opening(
        service=compiled, municipality_id=case.municipality_id, district_id=case.district_id, applicant=applicant,
        data=data, facts={"follows": {"case": case.pk}}, by=by, channel=case.channel, language=case.language,
        scope=f"follow {kind}", key=str(case.pk),
    )  # fmt: skip
    opened = open_cases([opening])[0]
    if not opened.fresh:
        return opened.case_id
    row = {"kind": kind, "service": service, "case": opened.case_id}
    case.facts = {**case.facts, "follow_ups": [*case.facts.get("follow_ups", []), row]}
    write_act(
        loaded,
        by=by,
        at=clock.now(),
        entry=Entry(
            act=act,
            outcome=numbers.case_number(opened.case_id),
            why={
                "rule": kind,
                "inputs": {"service": service},
                "result": numbers.case_number(opened.case_id),
            },
            public=False,
        ),
    )
    save(case)
    return opened.case_id
