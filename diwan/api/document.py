"""The OpenAPI 3.1 document, made from the declared operations and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext, override
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from diwan.api.problems import KIND
from diwan.kit.errors import N_
from diwan.rest.declaring import (
    FORM,
    JSON,
    SCOPES,
    TAGS,
    Access,
    Answer,
    Body,
    Operation,
    Parameter,
    operations,
)
from diwan.rest.shapes import Problem

VERSION: Final = "1.1.0"
"""Of the API. Additions count the middle number up; what would break a client makes another path than `/api/v1`."""
_REF: Final = "#/components/schemas/{model}"
_ABOUT: Final = N_(
    "Services of the municipality for other systems: read what is offered, fill in and send applications, follow them, "
    "fetch and verify documents. Refusals are problem documents (RFC 9457) with a stable code. Every write needs an "
    "Idempotency-Key. Lists are paged by a cursor."
)
_TOKEN_ABOUT: Final = N_(
    "A token of a partner: Authorization: Bearer dw_... It is shown once when it is made, and it expires."
)
_SECRET_ABOUT: Final = N_("The secret of one case, as it stands on the slip.")
_PROBLEMS: Final[Mapping[int, str]] = {
    400: "The request is malformed", 401: "No token, or one that does not hold",
    403: "The token does not cover this", 404: "There is no such thing, or it is somebody else's",
    406: "The answer is not offered in the asked format",
    409: "It does not fit how things stand, or the key was used for another body",
    412: "It was changed since it was read", 413: "The body is too large", 415: "The format is not taken",
    422: "What was sent does not hold; `fields` says where", 428: "If-Match is missing",
    429: "Too many requests; Retry-After says how long to wait", 503: "Not available just now",
}  # fmt: skip
_HEADERS: Final[Mapping[str, dict[str, Any]]] = {
    "ETag": {
        "description": "Version of the answer, for If-None-Match and If-Match",
        "schema": {"type": "string"},
        "example": '"2.9f86d081884c7d659a2feaa0c55ad015"',
    },
    "Link": {
        "description": "The next page, rel=next; absent on the last",
        "schema": {"type": "string"},
        "example": '</api/v1/services?limit=25&cursor=eyJ>; rel="next"',
    },
    "Location": {
        "description": "Address of what was made", "schema": {"type": "string"}, "example": "/api/v1/cases/26000000179",
    },
    "Retry-After": {
        "description": "Seconds to wait", "schema": {"type": "integer", "minimum": 1}, "example": 10,
    },
    "WWW-Authenticate": {"description": "How to sign in", "schema": {"type": "string"}, "example": "Bearer"},
}  # fmt: skip


@lru_cache(maxsize=1)
def document_text() -> str:
    """The document as JSON; the same as long as the process runs."""
    return json.dumps(document(), ensure_ascii=False)


def document() -> dict[str, Any]:
    """The whole document as plain data."""
    declared = list(operations())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Diwan API",
            "version": VERSION,
            "description": both_languages(_ABOUT),
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": f"{settings.DIWAN.public_url}/api/v1"}],
        "tags": [
            {"name": name, "description": both_languages(about), "x-title": _texts(title)}
            for name, (title, about) in TAGS.items()
            if any(one.tag == name for one in declared)
        ],
        "paths": _paths(declared),
        "components": {
            "schemas": _schemas(declared),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": _token_about()},
                "case_secret": {
                    "type": "apiKey", "in": "header", "name": "X-Case-Secret",
                    "description": both_languages(_SECRET_ABOUT),
                },
            },
            "headers": {name: dict(value) for name, value in _HEADERS.items()},
        },
    }  # fmt: skip


def both_languages(message: str) -> str:
    """A text that a person reads: English, then Arabic."""
    found = _texts(message)
    return f"{found['en']}\n\n{found['ar']}"


def _texts(message: str) -> dict[str, str]:
    found = {}
    for language in ("en", "ar"):
        with override(language):
            found[language] = gettext(message)
    return found


def _token_about() -> str:
    scopes = "\n".join(f"- `{name}`: {about}" for name, about in sorted(SCOPES.items()))
    return f"{both_languages(_TOKEN_ABOUT)}\n\nScopes:\n{scopes}"


def operation_id(key: str) -> str:
    """`read_case` as `readCase`."""
    first, *others = key.split("_")
    return first + "".join(word.capitalize() for word in others)


def _paths(declared: Iterable[Operation]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in declared:
        found.setdefault(f"/{one.path}", {})[one.method.lower()] = _operation(one)
    return found


def _operation(one: Operation) -> dict[str, Any]:
    parameters = [*_path_and_headers(one), *_query(one.query)]
    made: dict[str, Any] = {
        "operationId": operation_id(one.key),
        "tags": [one.tag],
        "summary": _texts(one.title)["en"],
        "x-summary-ar": _texts(one.title)["ar"],
        "description": both_languages(one.about),
        "security": _security(one),
        "parameters": parameters,
        "responses": _responses(one),
    }
    if one.scope:
        made["x-scope"] = one.scope
    if one.body is not None:
        made["requestBody"] = {"required": True, "content": _content(one.body)}
    return made


def _security(one: Operation) -> list[dict[str, list[str]]]:
    if one.access is Access.TOKEN:
        return [{"token": []}]
    return [{"case_secret": []}, {}] if one.access is Access.SECRET else [{}, {"token": []}]


def _path_and_headers(one: Operation) -> list[dict[str, Any]]:
    found = [_parameter(each, "path") for each in one.parameters]
    found += [_parameter(each, "header") for each in one.headers if one.access is not Access.SECRET]
    if one.writes:
        found.append(
            {
                "name": "Idempotency-Key", "in": "header", "required": True,
                "description": "Made by you, new for each write; sent again with the same body it is answered the same",
                "schema": {"type": "string", "pattern": "^[!-~]{8,80}$"},
                "example": "7f1c1d0e-3c47-4b0e-9a57-0a2f6c0f6a11",
            }
        )  # fmt: skip
    if one.conditional:
        found.append(
            {
                "name": "If-Match", "in": "header", "required": True,
                "description": "ETag that you read, or * for any", "schema": {"type": "string", "minLength": 1},
                "example": "*",
            }
        )  # fmt: skip
    if one.method == "GET" and not one.own_door:
        found.append(
            {
                "name": "If-None-Match", "in": "header", "required": False,
                "description": "ETag that you hold: 304 when nothing has changed", "schema": {"type": "string"},
                "example": '"9f86d081884c7d659a2feaa0c55ad015"',
            }
        )  # fmt: skip
    return found


def _parameter(each: Parameter, place: str) -> dict[str, Any]:
    return {
        "name": each.name, "in": place, "required": each.required, "description": each.about,
        "schema": dict(each.schema), "example": each.example,
    }  # fmt: skip


def _query(shape: type[BaseModel] | None) -> list[dict[str, Any]]:
    if shape is None:
        return []
    schema = shape.model_json_schema()
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": told.pop("description", name),
            "schema": _of_query(told),
        }
        for name, told in schema["properties"].items()
    ]


def _of_query(told: dict[str, Any]) -> dict[str, Any]:
    """A schema of a query's parameter: null cannot be written in one, and is left out instead."""
    told.pop("title", None)
    if told.get("default", 0) is None:
        told.pop("default")
    examples = [example for example in told.pop("examples", []) if example is not None]
    kinds = [kind for kind in told.pop("anyOf", []) if kind != {"type": "null"}]
    found = {**told, **(kinds[0] if kinds else {})}
    return {**found, "examples": examples} if examples else found


def _content(body: Body) -> dict[str, Any]:
    return {kind: _media(body, kind) for kind in body.kinds}


def _media(body: Body, kind: str) -> dict[str, Any]:
    if kind != FORM:
        return {"schema": {} if body.shape is None else _reference(body.shape)}
    schema: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
    if body.shape is not None:
        schema = body.shape.model_json_schema(ref_template=_REF)
        schema.setdefault("required", [])
        schema.pop("examples", None)
    for name in body.files:
        schema["properties"][name] = {"type": "string", "format": "binary", "description": "The file"}
        schema["required"].append(name)
    return {"schema": schema}


def _responses(one: Operation) -> dict[str, Any]:
    found = {str(answer.status): _response(answer) for answer in one.answers}
    if one.method == "GET" and not one.own_door:
        found["304"] = {"description": "It is as you hold it", "headers": {"ETag": _header("ETag")}}
    for status, about in sorted(problems_of(one).items()):
        response: dict[str, Any] = {
            "description": about,
            "content": {KIND: {"schema": _reference(Problem)}},
        }
        names = {401: "WWW-Authenticate", 429: "Retry-After"}
        if status in names:
            response["headers"] = {names[status]: _header(names[status])}
        found[str(status)] = response
    return found


def problems_of(one: Operation) -> dict[int, str]:
    """The refusals of an operation: status -> when."""
    expected = {406, 429}
    if one.access is Access.TOKEN or (one.access is Access.OPEN):
        expected |= {401, 403} if one.access is Access.TOKEN or one.scope else {401}
    expected |= {404} if one.parameters else set()
    expected |= (
        {400} if one.query is not None or one.writes or one.body is not None or not one.own_door else set()
    )
    expected |= {409} if one.writes else set()
    expected |= {412, 428} if one.conditional else set()
    expected |= {413, 415} if one.body is not None else set()
    expected |= {422} if one.body is not None and one.body.kinds != () else set()
    expected |= set(one.errors.values()) | set(one.refuses)
    return {status: one.refuses.get(status, _PROBLEMS[status]) for status in expected}


def _response(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = {"description": answer.about}
    if answer.shape is not None:
        found["content"] = {answer.kind: {"schema": _reference(answer.shape)}}
    elif answer.status == 200:
        found["content"] = {answer.kind: {"schema": {"type": "object"} if answer.kind == JSON else {}}}
    if answer.headers:
        found["headers"] = {name: _header(name) for name in answer.headers}
    return found


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _reference(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=shape.__name__)}


def _schemas(declared: Iterable[Operation]) -> dict[str, Any]:
    """The schemas of all shapes; those that are sent as they are read, those that are answered as they are written."""
    given: dict[type[BaseModel], None] = {}
    told: dict[type[BaseModel], None] = {Problem: None}
    for one in declared:
        if one.body is not None and one.body.shape is not None and one.body.kinds != (FORM,):
            given[one.body.shape] = None
        told |= {answer.shape: None for answer in one.answers if answer.shape is not None}
    found: dict[str, Any] = {}
    for shapes, mode in ((given, "validation"), (told, "serialization")):
        _, made = models_json_schema([(shape, mode) for shape in shapes], ref_template=_REF)  # type: ignore[misc]
        found |= made.get("$defs", {})
    return dict(sorted(found.items()))
