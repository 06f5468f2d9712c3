"""What several resources share: their tags, the parameters of paths, and small reads."""

from __future__ import annotations

from typing import Final

from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service
from diwan.catalogue.schema import AUDIENCES
from diwan.kit import clock
from diwan.kit.errors import N_, InvalidValue
from diwan.kit.numbers import parse_case_number
from diwan.people.actor import Actor
from diwan.rest.calls import Client
from diwan.rest.declaring import Parameter, declare_tag
from diwan.rest.refusals import Refused

SERVICES: Final = declare_tag(
    "services", N_("Services"), N_("What the city offers, the form of each service and what it costs.")
)
DRAFTS: Final = declare_tag(
    "drafts", N_("Drafts"), N_("An application that is filled in step by step and then sent.")
)
CASES: Final = declare_tag(
    "cases",
    N_("Applications sent"),
    N_("What your system has opened: where it stands, what happened, in words."),
)
DOCUMENTS: Final = declare_tag(
    "documents",
    N_("Issued documents"),
    N_("Licences and other documents: their files, and how each stands today."),
)
VERIFICATION: Final = declare_tag(
    "verification", N_("Verification"), N_("Whether a document is real, by its number or by its file.")
)
PLACES: Final = declare_tag("places", N_("Places"), N_("Municipalities, districts, and where a point lies."))
SLUG: Final = Parameter(
    "slug", "Short name of a service, as listServices gives it", {"type": "string", "pattern": r"^[a-z0-9-]{2,80}$"},
    "shop-licence-instant",
)  # fmt: skip
NUMBER: Final = Parameter(
    "number", "Number of a case, ten digits with a check digit", {"type": "string", "pattern": r"^[0-9]{10,12}$"},
    "26000000017",
)  # fmt: skip
DRAFT: Final = Parameter(
    "id", "Id of a draft", {"type": "string", "pattern": r"^[A-Za-z0-9_-]{16,24}$"}, "Zk3vW0h7m1Qe9xYtB2pRsA"
)
KINDS_OF_APPLICANT: Final = AUDIENCES


def offered(client: Client, slug: str) -> CompiledService:
    """The service, if the token covers it and it is offered today. Raises Refused (403)."""
    service = compiled_service(slug, clock.today()) if slug in client.services else None
    if service is None or not service.applicable:
        raise Refused(
            403, "service", N_("The token does not cover this service, or it is not offered today.")
        )
    return service


def known_service(slug: str) -> CompiledService:
    """The service of today. Raises Refused (404)."""
    service = compiled_service(slug, clock.today())
    if service is None:
        raise Refused(404, "services.not_found", N_("No service of this name is offered today."))
    return service


def case_id_of(number: str) -> int:
    """The case of a number. Raises Refused (404) for one that is mistyped."""
    try:
        return parse_case_number(number)
    except InvalidValue as error:
        raise no_case() from error


def no_case() -> Refused:
    """The answer for a case that is not there, or that this client did not open: one for both."""
    return Refused(
        404, "cases.not_found", N_("There is no such case among those you can open. Check the number.")
    )


def reaches(by: Actor, municipality_id: int) -> bool:
    """Whether the token reaches the municipality."""
    return by.reaches(municipality_id)
