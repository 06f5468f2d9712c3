"""An application that comes as data from a partner's system: read, checked and opened like one from the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diwan.cases.about import facts_about
from diwan.cases.actions.open_cases import Opened, open_case
from diwan.cases.context import form_context
from diwan.cases.opening import Opening
from diwan.cases.places import place_of, require_covered
from diwan.catalogue.compiled import CompiledService
from diwan.forms.entry import examine, read_json
from diwan.kit.errors import FieldErrors
from diwan.people.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a partner sends: answers by field key, uploads by slot, the applicant's snapshot, an idempotency key.

    `papers` is the owner under which the uploads were sent ahead. `account_id`: whose it is, where that is known;
    `filed_by_id`: the post that takes it down for somebody; `entry`: the number of the licence that it renews or is
    about.
    """

    service: CompiledService
    applicant: Mapping[str, Any]
    answers: Mapping[str, Any]
    documents: Mapping[str, Sequence[str]] = field(default_factory=dict)
    key: str
    scope: str
    papers: str = ""
    entry: str = ""
    channel: str = "api"
    language: str = "ar"
    account_id: int | None = None
    filed_by_id: int | None = None


def submit_application(*, application: Application, by: Actor) -> Opened:
    """Open the case, or answer with the one this key opened.

    Raises FieldErrors, KeyReused, OutsideTheCity, NotOfferedThere, NotCovered, UploadMissing, NotTheirLicence.
    """
    service = application.service
    context = form_context(service, applicant=application.applicant, renews=application.entry)
    about = facts_about(service, application.entry, application.applicant, context)
    read = read_json(service.form, application.answers, context)
    found = examine(service.form, read.values, application.documents, context, just_read=True)
    problems = read.problems or found.problems
    if problems:
        raise FieldErrors({key: [problem] for key, problem in problems.items()})
    municipality_id, district_id = place_of(service, found.values)
    require_covered(by, service, municipality_id)
    return open_case(
        Opening(
            service=service,
            municipality_id=municipality_id,
            district_id=district_id,
            applicant=application.applicant,
            data=found.values,
            facts={"derived": found.facts, **about},
            by=by,
            account_id=application.account_id,
            filed_by_id=application.filed_by_id,
            channel=application.channel,
            language=application.language,
            scope=application.scope,
            key=application.key,
            documents=application.documents,
            papers=sorted({upload for slot in application.documents.values() for upload in slot}),
            papers_from=application.papers,
        )
    )
