"""Partners send a whole application at once, with an idempotency key. A measured path: one statement, no door.

The key is claimed by the statement that opens the case, so a repetition costs nothing more and opens nothing.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from pydantic import ConfigDict, Field

from diwan.api import allowances
from diwan.api.problems import answers_problems
from diwan.api.reading import idempotency_key, read_json, require_acceptable
from diwan.api.resources.common import CASES, offered
from diwan.api.tokens import client_of, owner_of, require_scope
from diwan.cases.about import NotTheirLicence
from diwan.cases.actions.open_cases import KeyReused
from diwan.cases.actions.submit_application import Application, submit_application
from diwan.cases.errors import NotCovered
from diwan.cases.places import NotOfferedThere, OutsideTheCity
from diwan.files.actions import UploadMissing
from diwan.kit.errors import N_
from diwan.kit.numbers import show_case_number
from diwan.rest.declaring import CASES_WRITE, JSON, Answer, Body, Operation, answers
from diwan.rest.refusals import Refused
from diwan.rest.shapes import Given, ShortText, Told, with_example

MOST_BYTES: Final = 256 * 1024
A_MINUTE: Final = 60_000
"""Applications of one client in each process: what a runaway program may send, not what a partner needs."""
_APPLICANT: Final[dict[str, Any]] = {
    "national_id": "2123456788", "name_ar": "مريم حسن عثمان بخيت", "mobile": "+966500000001", "capacity": "owner",
}  # fmt: skip


class Applicant(Given):
    """Who applies, as the partner vouches for it. Further texts are kept with the case."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [dict(_APPLICANT)]})
    national_id: str = Field(min_length=1, max_length=40, description="Of the person, ten digits")
    name_ar: ShortText = Field(min_length=1)
    mobile: str = Field(min_length=1, max_length=40, description="As +9665XXXXXXXX")
    name_en: ShortText | None = None
    email: ShortText | None = None
    capacity: ShortText | None = Field(default=None, description="owner, manager or authorised")
    cr_number: ShortText | None = Field(default=None, description="Of the establishment it is for")
    unified_number: ShortText | None = Field(default=None, description="Given: it is for an establishment")
    establishment_ar: ShortText | None = None
    establishment_en: ShortText | None = None


class ApplicationGiven(Given):
    """A whole application."""

    model_config = with_example(
        {
            "service": "shop-licence-instant", "applicant": _APPLICANT,
            "answers": {"trade_name_ar": "مشغل الشريك", "activities": ["952902"]}, "documents": {}, "language": "ar",
        },
        given=True,
    )  # fmt: skip
    service: str = Field(max_length=80, description="Short name of the service")
    applicant: Applicant
    answers: dict[str, Any] = Field(description="Answers by key of the question", max_length=200)
    documents: dict[str, list[str]] = Field(
        default_factory=dict, description="Ids of uploads by slot", max_length=200
    )
    licence: str | None = Field(
        default=None, max_length=12, pattern="^[0-9]{12}$",
        description="Number of the licence that the service is about, such as the one to cancel",
    )  # fmt: skip
    language: str | None = Field(
        default="ar", pattern="^(ar|en)$", description="Of the messages to the applicant"
    )


class Opened(Told):
    """The case that now exists."""

    model_config = with_example({"number": "26000000179", "shown": "260-0000-0179", "secret": "48290157"})
    number: str = Field(description="Number of the case, 11 digits")
    shown: str = Field(description="The number as people read it")
    secret: str = Field(description="Eight digits with which the applicant follows the case")


@answers(
    Operation(
        method="POST", path="cases", key="open_case", tag=CASES, scope=CASES_WRITE, body=Body(ApplicationGiven),
        title=N_("Send an application"),
        about=N_(
            "Opens a case from a whole application. Papers are sent ahead as uploads. The same Idempotency-Key with "
            "the same application answers with the same case."
        ),
        answers=(
            Answer(201, "The case was opened", Opened), Answer(200, "The key had opened this case before", Opened),
        ),
        errors={
            KeyReused: 409, NotOfferedThere: 409, OutsideTheCity: 422, NotCovered: 403, UploadMissing: 422,
            NotTheirLicence: 422,
        },
        writes=True, repeats=True, own_door=True,
    )
)  # fmt: skip
@answers_problems
def submit(request: HttpRequest) -> JsonResponse:
    """Open the case of a whole application -> 201 {number, shown, secret}; repeated under its key: 200."""
    client, by = client_of(request)
    require_scope(client, CASES_WRITE)
    allowances.spend(f"send {client.pk}", limit=A_MINUTE, shared=False)
    require_acceptable(request, (JSON,))
    key = idempotency_key(request)
    if request.content_type != JSON:
        raise Refused(415, "media_type", N_("Send the body as one of: {kinds}."), kinds=JSON)
    body = _mapping(read_json(request, MOST_BYTES), "body")
    service = offered(client, str(body.get("service", "")))
    application = Application(
        service=service,
        applicant=applicant_of(body.get("applicant")),
        answers=_mapping(body.get("answers"), "answers"),
        documents=_papers(body.get("documents", {})),
        key=key,
        scope=f"client:{client.pk}",
        papers=owner_of(client.pk, key),
        entry=str(body.get("licence") or "")[:12],
        language="en" if body.get("language") == "en" else "ar",
    )
    opened = submit_application(application=application, by=by)
    return JsonResponse(
        {"number": opened.number, "shown": show_case_number(opened.case_id), "secret": opened.secret},
        status=201 if opened.fresh else 200,
        headers={"Location": f"/api/v1/cases/{opened.number}", "Cache-Control": "no-store"},
    )


def _mapping(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > 200:
        raise Refused(400, name, N_("`{name}` has to be an object."), name=name)
    return value


def _papers(value: Any) -> dict[str, list[str]]:
    given = _mapping(value, "documents")
    for ids in given.values():
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise Refused(400, "documents", N_("`documents` holds lists of ids of uploads, by slot."))
    return given


def applicant_of(value: Any) -> dict[str, Any]:
    """The snapshot that the partner vouches for: texts only, with what the rules read always there."""
    given = {
        name: found
        for name, found in _mapping(value, "applicant").items()
        if isinstance(found, str) and found
    }
    if not given.get("national_id") or not given.get("mobile") or not given.get("name_ar"):
        raise Refused(400, "applicant", N_("`applicant` needs `national_id`, `name_ar` and `mobile`."))
    kind = "establishment" if given.get("unified_number") else "individual"
    return {
        "name_en": given["name_ar"], "party_id": given["national_id"], "capacity": "authorised",
        "citizen": given["national_id"].startswith("1"), **given, "kind": kind,
    }  # fmt: skip
