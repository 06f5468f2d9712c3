"""The OpenAPI document and the routes agree both ways; everything in it is said, in both languages, with examples."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.urls import get_resolver
from jsonschema_rs import validator_for

from diwan.api.document import document, operation_id
from diwan.api.routes import VERSION, urlpatterns
from diwan.rest.declaring import Operation, answers, declare_tag, operations
from tests.api.conftest import Partner

ARABIC = re.compile("[ء-ي]")
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The document as it goes out."""
    found: dict[str, Any] = json.loads(json.dumps(document()))
    return found


def described(told: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of everything in the document."""
    return [
        (method.upper(), path, one)
        for path, methods in told["paths"].items()
        for method, one in methods.items()
        if method in METHODS
    ]


def test_routes_and_document_agree_both_ways(told: dict[str, Any]) -> None:
    routed = {str(route.pattern) for route in urlpatterns if route.name != "nowhere"}
    written = {VERSION + re.sub("{(.+?)}", r"<str:\1>", path) for path in told["paths"]}
    assert routed == written
    declared = {(one.method, f"/{one.path}", operation_id(one.key)) for one in operations()}
    assert declared == {(method, path, one["operationId"]) for method, path, one in described(told)}
    for method, path, _one in described(told):
        filled = re.sub("{.+?}", "x", path)
        assert get_resolver().resolve(f"/api/{VERSION}{filled}").url_name != "nowhere", (method, path)


def test_everything_is_said(told: dict[str, Any]) -> None:
    for method, path, one in described(told):
        where = f"{method} {path}"
        assert one["summary"] and ARABIC.search(one["x-summary-ar"]), where
        assert ARABIC.search(one["description"]), where
        named = {parameter["name"] for parameter in one["parameters"] if parameter["in"] == "path"}
        assert named == set(re.findall("{(.+?)}", path)), where
        for parameter in one["parameters"]:
            assert parameter["description"] and "schema" in parameter, where
        assert "security" in one and {"406", "429"} <= set(one["responses"]), where
        if any(parameter["name"] == "Idempotency-Key" for parameter in one["parameters"]):
            assert {"400", "401", "403", "409"} <= set(one["responses"]), where
        if {"token": []} in one["security"] and {} not in one["security"]:
            assert one["x-scope"] in told["components"]["securitySchemes"]["token"]["description"], where
        for status, response in one["responses"].items():
            kinds = list(response.get("content", ()))
            assert (kinds == ["application/problem+json"]) == (int(status) >= 400), (where, status)
            assert response["description"], (where, status)
    assert all(ARABIC.search(tag["description"]) for tag in told["tags"])


def test_every_body_and_answer_has_an_example_that_holds(told: dict[str, Any]) -> None:
    schemas = told["components"]["schemas"]
    used = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(told["paths"])))
    for name in sorted(used):
        schema = {**schemas[name], "components": told["components"]}
        examples = schemas[name].get("examples")
        assert examples, f"{name} has no example"
        for example in examples:
            faults = [error.message for error in validator_for(schema).iter_errors(example)]
            assert not faults, (name, faults)
    for method, path, one in described(told):
        for parameter in one["parameters"]:
            for example in [parameter["example"]] if "example" in parameter else []:
                assert validator_for(parameter["schema"]).is_valid(example), (method, path, parameter["name"])


@pytest.mark.django_db
def test_it_is_served_and_known_by_its_tag() -> None:
    answer = Partner("").ask("GET", "openapi.json")
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.json() == json.loads(json.dumps(document()))


def test_a_declaration_that_does_not_fit_is_refused() -> None:
    tag = declare_tag("test", "Test", "Test")
    given: dict[str, Any] = {"method": "GET", "key": "x", "tag": tag, "title": "x", "about": "x"}
    for wrong in (
        {"path": "things/{id}", "scope": "cases:read"},
        {"path": "things", "scope": "things:read"},
        {"path": "things"},
        {"path": "things", "scope": "cases:read", "tag": "nothing"},
    ):
        with pytest.raises(ValueError, match="x: "):
            Operation(**{**given, **wrong})
    with pytest.raises(ValueError, match="twice"):
        answers(Operation(**{**given, "path": "cases", "scope": "cases:read"}))(lambda call: None)
