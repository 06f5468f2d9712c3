"""What the city offers: services, their forms, the choices of a question, and what it would cost."""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field

from diwan.api.resources.common import SERVICES, SLUG, known_service
from diwan.api.resources.forms import schema_of
from diwan.api.resources.prices import Fee, fee_of
from diwan.cases.context import form_context
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import Card, search_services
from diwan.forms.entry import read_json
from diwan.forms.kinds.choices import offered_rows, search_rows
from diwan.forms.lookups import Row
from diwan.forms.plan import Slot
from diwan.kit import clock
from diwan.kit.errors import N_, FieldErrors
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import Access, Answer, Body, Operation, Parameter, answers
from diwan.rest.paging import Paging, following, place_after
from diwan.rest.refusals import Refused
from diwan.rest.shapes import Both, Given, ShortText, Told, both, with_example

_TEXT: Final = {"ar": "رخصة محل فورية", "en": "Instant shop licence"}
_SUMMARY: Final = {
    "slug": "shop-licence-instant", "code": "LIC-01", "name": _TEXT, "summary": _TEXT, "class": "integrative",
    "audiences": ["business"], "applicable": True, "instant": True,
}  # fmt: skip


class ServiceSummary(Told):
    """A service as a list shows it."""

    slug: str
    code: str
    name: Both
    summary: Both
    service_class: str = Field(
        alias="class", description="informational, interactive, procedural or integrative"
    )
    audiences: list[str]
    applicable: bool = Field(description="Whether one can apply for it here")
    instant: bool = Field(description="Whether it is granted at once")


class ServicePage(Told):
    """A page of services."""

    model_config = with_example({"items": [_SUMMARY], "next": None})
    items: list[ServiceSummary]
    next: str | None = Field(description="Cursor of the next page; null on the last")


class Paper(Told):
    """A paper or photo that the form asks for."""

    slot: str
    label: Both
    required: bool
    asked_when: str | None = Field(description="Condition (CEL), or null when it is always asked")
    kinds: list[str] = Field(description="pdf, image")
    max_mb: int
    least: int
    most: int


class Service(ServiceSummary):
    """A service with its form."""

    model_config = with_example(
        {
            **_SUMMARY, "fee": {"ar": "حسب النشاط", "en": "By activity"},
            "expected": {"ar": "فوري", "en": "At once"},
            "answers": {"type": "object", "properties": {"trade_name_ar": {"type": "string"}}},
            "documents": [], "version": 3,
        }
    )  # fmt: skip
    fee: Both = Field(description="What it costs, in words")
    expected: Both = Field(description="How long it takes, in words")
    version: int = Field(description="Number of the published version")
    answers: dict[str, Any] = Field(description="JSON Schema of the answers to its form")
    documents: list[Paper]


class ServicesQuery(Paging):
    """Which services."""

    q: ShortText = Field(default="", description="Words in any spelling", examples=["رخصة"])
    audience: str | None = Field(default=None, max_length=40, examples=["business"])
    applicable: bool | None = Field(default=None, examples=[True])


@answers(
    Operation(
        method="GET", path="services", key="list_services", tag=SERVICES, access=Access.OPEN, query=ServicesQuery,
        title=N_("List the services"),
        about=N_("Every service that is offered today, or those that hold the words of `q`."),
        answers=(Answer(200, "A page of services", ServicePage, headers=("Link",)),),
    )
)  # fmt: skip
def list_services(call: Call) -> Reply:
    """Services by name of the slug."""
    asked: ServicesQuery = call.query
    cards = search_services(
        asked.q, on=clock.today(), audience=asked.audience or "", applicable=asked.applicable
    )
    after = place_after(call) or ""
    found = [card for card in sorted(cards, key=lambda card: card.slug) if card.slug > after]
    shown = found[: asked.limit]
    cursor, headers = following(call, found, shown[-1].slug if shown else "")
    return Reply(body=ServicePage(items=[_summary(card) for card in shown], next=cursor), headers=headers)


@answers(
    Operation(
        method="GET", path="services/{slug}", key="read_service", tag=SERVICES, access=Access.OPEN,
        parameters=(SLUG,), title=N_("Read a service and its form"),
        about=N_("The form comes as JSON Schema, with the papers that it asks for."),
        answers=(Answer(200, "The service", Service),),
    )
)  # fmt: skip
def read_service(call: Call, slug: str) -> Reply:
    """One service of today."""
    service = known_service(slug)
    definition = service.definition
    return Reply(
        body=Service(
            **_told(service).model_dump(by_alias=True),
            fee=both(definition.fee_text),
            expected=both(definition.expected.text),
            version=service.number,
            answers=schema_of(service),
            documents=[_paper(slot) for slot in service.form.slots],
        )
    )


class Choice(Told):
    """A row that may be chosen."""

    code: str
    name: Both


class ChoicePage(Told):
    """A page of choices."""

    model_config = with_example(
        {"items": [{"code": "561012", "name": {"ar": "مطعم", "en": "Restaurant"}}], "next": None}
    )
    items: list[Choice]
    next: str | None


class ChoicesQuery(Paging):
    """Which rows."""

    q: ShortText = Field(default="", description="Words in any spelling", examples=["مطعم"])


FIELD: Final = Parameter(
    "field", "Key of a question of the form", {"type": "string", "pattern": r"^[a-z][a-z0-9_]{0,59}$"}, "activities"
)  # fmt: skip


@answers(
    Operation(
        method="GET", path="services/{slug}/fields/{field}/choices", key="list_choices", tag=SERVICES,
        access=Access.OPEN, parameters=(SLUG, FIELD), query=ChoicesQuery,
        title=N_("List what a question takes"),
        about=N_("For questions whose answers are rows of a list, such as activities: code and name."),
        answers=(Answer(200, "A page of choices", ChoicePage, headers=("Link",)),),
    )
)  # fmt: skip
def list_choices(call: Call, slug: str, field: str) -> Reply:
    """Rows by code."""
    service = known_service(slug)
    asked = service.form.field(field)
    if asked is None or not asked.option("lookup"):
        raise Refused(404, "services.no_choices", N_("The form has no question of this name with a list."))
    rows = offered_rows(asked, form_context(service, applicant={}))
    wanted = search_rows(rows, call.query.q) if call.query.q.strip() else rows
    after = place_after(call) or ""
    found: list[Row] = [row for row in sorted(wanted, key=lambda row: row.code) if row.code > after]
    shown = found[: call.query.limit]
    cursor, headers = following(call, found, shown[-1].code if shown else "")
    items = [Choice(code=row.code, name=both(row.name)) for row in shown]
    return Reply(body=ChoicePage(items=items, next=cursor), headers=headers)


class FeeAsked(Given):
    """Answers, as far as they are known."""

    model_config = with_example(
        {
            "answers": {
                "activities": ["952902"], "area_m2": "40", "years": "1",
                "place": {"lat": "25.624741", "lng": "36.978205"},
            }
        },
        given=True,
    )  # fmt: skip
    answers: dict[str, Any] = Field(max_length=200, description="Answers by key of the question")


@answers(
    Operation(
        method="POST", path="services/{slug}/fee", key="preview_fee", tag=SERVICES, access=Access.OPEN,
        parameters=(SLUG,), body=Body(FeeAsked), title=N_("Ask what it would cost"),
        about=N_(
            "The fee of these answers today, line by line. While answers on which it depends are missing, they are "
            "named instead. Nothing is kept."
        ),
        answers=(Answer(200, "The fee", Fee),),
    )
)  # fmt: skip
def preview_fee(call: Call, slug: str) -> Reply:
    """The fee of some answers."""
    service = known_service(slug)
    context = form_context(service, applicant={})
    read = read_json(service.form, call.body.answers, context)
    if read.problems:
        raise FieldErrors({f"answers.{key}": [found] for key, found in read.problems.items()})
    return Reply(body=fee_of(service, read.values, context))


def _summary(card: Card) -> ServiceSummary:
    return ServiceSummary.model_validate(
        {
            "slug": card.slug, "code": card.code, "name": both(card.name), "summary": both(card.summary),
            "class": card.service_class, "audiences": list(card.audiences), "applicable": card.applicable,
            "instant": card.instant,
        }
    )  # fmt: skip


def _told(service: CompiledService) -> ServiceSummary:
    definition = service.definition
    return ServiceSummary.model_validate(
        {
            "slug": service.slug, "code": service.code, "name": both(definition.name),
            "summary": both(definition.summary), "class": service.service_class,
            "audiences": list(service.audiences), "applicable": service.applicable, "instant": service.instant,
        }
    )  # fmt: skip


def _paper(slot: Slot) -> Paper:
    return Paper(
        slot=slot.key, label=both(slot.label), required=slot.required, asked_when=slot.when, kinds=list(slot.kinds),
        max_mb=slot.max_mb, least=slot.least, most=slot.most,
    )  # fmt: skip
