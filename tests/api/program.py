"""A program that speaks GeoReport v2, and what the protocol says of every answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from django.conf import settings
from django.test import Client

from diwan.api.open311.rendering import ONE_OF
from diwan.api.tokens import make_token
from diwan.cases.models import Case
from diwan.kit.numbers import parse_case_number
from diwan.people.actor import system
from tests import cast

SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "data" / "open311"
BASE = "/open311/v2/"
TEXT, MAYBE = {"type": "string", "minLength": 1}, {"type": ["string", "null"]}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$"}
LATER = {"anyOf": [MOMENT, {"type": "null"}]}


def listed(most: int = 1000, **members: Any) -> dict[str, Any]:
    """The schema of a list of objects with exactly these members."""
    one = {"type": "object", "properties": members, "required": [*members], "additionalProperties": False}
    return {"type": "array", "items": one, "maxItems": most}


#: What the protocol says of each answer, in our own words.
SHAPES: Mapping[str, dict[str, Any]] = {
    "services": listed(
        service_code=TEXT, service_name=TEXT, description=TEXT, metadata={"type": "boolean"},
        type={"const": "realtime"}, keywords=TEXT, group=TEXT,
    ),
    "requests": listed(
        service_request_id={"type": "string", "pattern": "^[0-9]{11}$"}, status={"enum": ["open", "closed"]},
        status_notes=TEXT, service_name=TEXT, service_code=TEXT, description=TEXT, agency_responsible=TEXT,
        service_notice=MAYBE, requested_datetime=MOMENT, updated_datetime=MOMENT, expected_datetime=LATER,
        address=TEXT, address_id=MAYBE, zipcode={"type": "null"}, lat={"type": ["number", "null"]},
        long={"type": ["number", "null"]}, media_url=MAYBE,
    ),
    "filed": listed(1, service_request_id=TEXT, service_notice=TEXT, account_id=MAYBE),
    "token": listed(1, service_request_id=TEXT, token=TEXT),
    "updates": listed(
        update_id=TEXT, service_request_id=TEXT, status={"enum": ["open", "closed"]}, updated_datetime=MOMENT,
        description=TEXT, media_url=MAYBE,
    ),
    "updated": listed(1, update_id=TEXT, account_id=MAYBE),
    "errors": listed(1, code={"type": "integer", "minimum": 400}, description=TEXT),
}  # fmt: skip
STANDARD = {"services": "services.json", "requests": "requests.json", "definition": "service-definition.json"}


def official(name: str) -> Any:
    """A schema of the standard with the one that it refers to inside."""
    found = json.loads((SCHEMAS / name).read_text())
    items = found.get("items", {})
    if "$ref" in items:
        found["items"] = json.loads((SCHEMAS / items["$ref"]).read_text())
    return found


def of_xml(element: ElementTree.Element) -> Any:
    """The structure of an XML answer, leaves as text."""
    if element.tag in ONE_OF:
        assert {child.tag for child in element} <= {ONE_OF[element.tag]}
        return [of_xml(child) for child in element]
    if len(element):
        return {child.tag: of_xml(child) for child in element}
    return element.text or ""


def as_text(told: Any) -> Any:
    """The structure of a JSON answer, leaves as XML writes them."""
    if isinstance(told, list):
        return [as_text(one) for one in told]
    if isinstance(told, dict):
        return {name: as_text(one) for name, one in told.items()}
    if told is None or isinstance(told, bool):
        return "" if told is None else str(told).lower()
    return str(told)


class Program:
    """A program with a key, or without one. Every answer is checked against what the protocol says of it."""

    def __init__(self, key: str = "") -> None:
        self.key = key
        self.client = Client()

    def get(self, path: str, shape: str, *, expect: int = 200, **query: Any) -> Any:
        """The JSON answer, which the XML answer says as well."""
        sent = {**query, **({"api_key": self.key} if self.key else {})}
        answers = {
            form: self.client.get(f"{BASE}{path}.{form}", sent, headers={"Accept-Language": "en"})
            for form in ("json", "xml")
        }
        assert answers["json"].status_code == answers["xml"].status_code == expect, answers[
            "json"
        ].content.decode()
        assert answers["json"]["Content-Type"] == "application/json; charset=utf-8"
        assert answers["xml"]["Content-Type"] == "text/xml; charset=utf-8"
        assert answers["xml"].content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        told = answers["json"].json()
        assert of_xml(ElementTree.fromstring(answers["xml"].content)) == as_text(told)
        self.links = answers["json"].headers.get("Link", "")
        return checked(told, shape)

    def post(self, path: str, shape: str, *, expect: int = 200, form: str = "json", **sent: Any) -> Any:
        """The answer to a form; `media` makes it one with files, `headers` are sent along."""
        headers = {"Accept-Language": "en", **sent.pop("headers", {})}
        body = {"api_key": self.key, **sent}
        url = f"{BASE}{path}.{form}"
        if "media" in sent:
            answer = self.client.post(url, body, headers=headers)
        else:
            kind = "application/x-www-form-urlencoded; charset=utf-8"
            answer = self.client.post(url, urlencode(body), content_type=kind, headers=headers)
        assert answer.status_code == expect, answer.content.decode()
        return checked(answer.json(), shape) if form == "json" else answer


def checked(told: Any, shape: str) -> Any:
    """The answer, after its schemas: ours, and that of the standard where it is at hand."""
    if shape in SHAPES:
        jsonschema_rs.validate(SHAPES[shape], told)
    if shape in STANDARD and SCHEMAS.is_dir():
        jsonschema_rs.validate(official(STANDARD[shape]), told, validate_formats=True)
    return told


def place() -> dict[str, str]:
    """A place in the city, as the protocol sends it."""
    pin = cast.place_in("101")
    return {"lat": pin["lat"], "long": pin["lng"]}


def case_of(answer: Any) -> Case:
    """The case that an answer names."""
    return Case.objects.get(pk=parse_case_number(answer[0]["service_request_id"]))


def report(**changed: Any) -> dict[str, Any]:
    """A report as a program sends it."""
    return {
        "service_code": "RPT-0101", **place(), "description": "حاوية ممتلئة\nقرب المسجد", "phone": "0500000001",
        "first_name": "Salem", "last_name": "Alharbi", "email": "salem@example.com", "address_string": "Mosque street",
        "device_id": "x-1", "account_id": "42", **changed,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def in_the_city(city: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports have somebody to go to; no closing is drawn for the sample."""
    monkeypatch.setattr(settings, "DIWAN", replace(settings.DIWAN, report_sample_percent=0))


@pytest.fixture
def program() -> Callable[..., Program]:
    """`program()`: a program whose key files and reads reports."""

    def make(name: str = "تطبيق بلاغات", **scope: Any) -> Program:
        scopes = scope.pop("scopes", ["reports:read", "reports:write"])
        services = scope.pop("services", ["report"])
        return Program(make_token(name=name, services=services, scopes=scopes, by=system("tests"), **scope))

    return make
