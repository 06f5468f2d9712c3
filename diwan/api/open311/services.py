"""Discovery, the types of reports as services, and what each of them asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from diwan.api.open311.asked import Asked
from diwan.api.open311.door import Answer, jurisdiction
from diwan.api.open311.rendering import FORMATS, Told
from diwan.catalogue.queries import lookup
from diwan.forms.lookups import Row
from diwan.kit import clock
from diwan.kit.errors import N_
from diwan.modules.reports import types
from diwan.rest.refusals import Refused

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
CHANGESET: Final = "2026-11-29T00:00:00+03:00"
"""When what this endpoint takes and gives was last changed."""
LANDMARK: Final = "landmark"
POLE: Final = "pole"
_MOST_LANDMARK: Final = 200
_MOST_POLE: Final = 30


def discovery(asked: Asked) -> Answer:
    """Where the endpoint is, in which formats it answers, and where keys are asked for."""
    base = settings.DIWAN.public_url
    root = reverse("open311:services", kwargs={"form": asked.form}).rpartition("/")[0]
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{base}{root}",
        "changeset": CHANGESET,
        "type": "production",
        "formats": [kind.partition(";")[0] for kind in FORMATS.values()],
    }
    told: Told = {
        "changeset": CHANGESET,
        "contact": gettext("Write to us through the page of contacts: {address}").format(
            address=base + reverse("portal:contact")
        ),
        "key_service": gettext("How to get an api_key: {address}").format(
            address=base + reverse("portal:developers")
        ),
        "jurisdiction_id": jurisdiction(),
        "endpoints": [endpoint],
    }
    return Answer.of("discovery", told)


def services(asked: Asked) -> Answer:
    """Every type of report that is taken today, by code."""
    groups = {picture.code: picture.name for picture in types.pictures(asked.language)}
    rows = sorted(lookup(types.TYPES, clock.today()), key=lambda row: row.code)
    return Answer.of("services", [_service(row, groups, asked.language) for row in rows])


def definition(asked: Asked, code: str) -> Answer:
    """What the type asks beside the arguments of the protocol. Raises Refused (404)."""
    row = known_type(code)
    attributes = [{**one, "order": order} for order, one in enumerate(_attributes(row), start=1)]
    return Answer.of("service_definition", {"service_code": row.code, "attributes": attributes})


def known_type(code: str) -> Row:
    """The type of today with this code. Raises Refused (404)."""
    row = types.type_row(code)
    if row is None:
        raise Refused(404, "service_code", N_("service_code was not found: {value}"), value=code[:60])
    return row


def name_of(row: Row, language: str) -> str:
    """The official name of a type."""
    return row.name.en if language == "en" else row.name.ar


def taken_attributes(row: Row) -> frozenset[str]:
    """Codes of the attributes that a report of the type may bring."""
    return frozenset(str(one["code"]) for one in _attributes(row) if one["variable"])


def _service(row: Row, groups: dict[str, str], language: str) -> dict[str, Any]:
    words = [str(word).replace(",", " ") for word in row.data.get("synonyms", ())]
    return {
        "service_code": row.code,
        "service_name": name_of(row, language),
        "description": types.called(row, language),
        "metadata": any(True for _one in _attributes(row)),
        # The number is given in the transaction that files the report: there is nothing to wait for.
        "type": "realtime",
        "keywords": ", ".join(words),
        "group": groups.get(str(row.data.get("group", "")), ""),
    }


def _attributes(row: Row) -> Iterator[dict[str, Any]]:
    """Without the order. Those that are not `variable` only say something to whoever writes the report."""
    if row.data.get("place", True):
        yield _attribute(
            LANDMARK,
            gettext("Nearest landmark or street, where it helps to find the place"),
            most=_MOST_LANDMARK,
        )
    else:
        yield _saying(
            "needs", gettext("Write in description what happened: this type is taken by its words.")
        )
    if row.data.get("group") == types.WITH_POLE:
        yield _attribute(POLE, gettext("Number on the light pole, if there is one"), most=_MOST_POLE)
    if not row.data.get("anonymous"):
        yield _saying(
            "contact", gettext("This type needs a phone number or an e-mail address of the reporter.")
        )


def _attribute(code: str, about: str, *, most: int) -> dict[str, Any]:
    limit = gettext("Text of up to {most} characters").format(most=most)
    return {
        "variable": True, "code": code, "datatype": "string", "required": False, "datatype_description": limit,
        "description": about,
    }  # fmt: skip


def _saying(code: str, about: str) -> dict[str, Any]:
    return {
        "variable": False, "code": code, "datatype": "string", "required": False, "datatype_description": None,
        "description": about,
    }  # fmt: skip
