"""What a request sent, read into the declared shapes; every refusal says which member is at fault."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.http import HttpRequest
from jsonschema_rs import is_valid
from pydantic import BaseModel, ValidationError

from diwan.kit.errors import N_, FieldErrors, Problem
from diwan.rest.declaring import FORM, Body, Operation
from diwan.rest.refusals import Refused

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_TEXTS: Final[Mapping[str, str]] = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("There is no such member here."),
    "string_too_long": N_("This is too long."),
    "string_too_short": N_("This is too short."),
}
_WRONG: Final = N_("This has the wrong form.")
_LOWEST: Final = 8
_HIGHEST: Final = 80


def require_acceptable(request: HttpRequest, kinds: tuple[str, ...]) -> None:
    """Raise Refused (406) when the caller takes none of the media types that the operation answers with."""
    accepted = request.headers.get("Accept", "")
    if not accepted or "*/*" in accepted:
        return
    ranges = {part.partition(";")[0].strip().lower() for part in accepted.split(",")}
    for kind in kinds:
        if kind in ranges or f"{kind.partition('/')[0]}/*" in ranges:
            return
    raise Refused(406, "not_acceptable", N_("This is answered as {kinds}."), kinds=", ".join(kinds))


def require_path(operation: Operation, given: Mapping[str, str]) -> None:
    """Raise Refused (404) when a part of the path cannot name anything."""
    for parameter in operation.parameters:
        if not is_valid(dict(parameter.schema), given[parameter.name]):
            raise Refused(404, "not_found", N_("There is nothing at this address."))


def idempotency_key(request: HttpRequest) -> str:
    """The key of a write. Raises Refused (400) without one."""
    key = request.headers.get("Idempotency-Key", "")
    if not _LOWEST <= len(key) <= _HIGHEST or not key.isascii() or not key.isprintable():
        raise Refused(400, "idempotency_key", N_("Send an Idempotency-Key of 8 to 80 characters."))
    return key


def query_of(operation: Operation, request: HttpRequest) -> BaseModel | None:
    """The query, read. Raises Refused (400) for a parameter that is unknown, repeated or malformed."""
    given: dict[str, str] = {}
    for name, values in request.GET.lists():
        if len(values) != 1 or _UNSTORABLE.search(values[0]):
            raise _bad_query(name)
        given[name] = values[0]
    if operation.query is None:
        if given:
            raise _bad_query(next(iter(given)))
        return None
    try:
        return operation.query.model_validate(given)
    except ValidationError as error:
        raise _bad_query(".".join(map(str, error.errors()[0]["loc"]))) from error


def body_of(operation: Operation, request: HttpRequest) -> Any:
    """What was sent, read: a shape, or None for a body that is a file itself.

    Raises Refused (400, 413, 415) and FieldErrors (422).
    """
    body = operation.body
    if body is None:
        return None
    if not request.content_type and not request.body:
        raise Refused(400, "body", N_("Send a body, as one of: {kinds}."), kinds=", ".join(body.kinds))
    if request.content_type not in body.kinds:
        raise Refused(415, "media_type", N_("Send the body as one of: {kinds}."), kinds=", ".join(body.kinds))
    _require_size(request, body)
    if body.shape is None:
        return None
    given = _form(request, body) if request.content_type == FORM else read_json(request, body.most)
    return read_shape(body.shape, given)


def read_shape(shape: type[BaseModel], given: Any) -> BaseModel:
    """The shape that was sent. Raises FieldErrors by path of the member."""
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        found: dict[str, list[Problem]] = {}
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            path = ".".join(map(str, one["loc"]))
            found.setdefault(path, []).append(Problem(one["type"], _TEXTS.get(one["type"], _WRONG)))
        raise FieldErrors(found) from error


def read_json(request: HttpRequest, most: int) -> Any:
    """The JSON of the body. Raises Refused (400, 413, and 422 for a text that cannot be kept)."""
    if len(request.body) > most:
        raise _too_large(most)
    try:
        given = json.loads(request.body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "json", N_("The body is not JSON.")) from error
    if any(_UNSTORABLE.search(text) for text in _texts(given)):
        raise Refused(422, "character", N_("The body holds a character that cannot be kept."))
    return given


def _texts(value: Any) -> Iterator[str]:
    """Every text of a value, names of members too."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _require_size(request: HttpRequest, body: Body) -> None:
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not length.isdigit() or int(length) > body.most:
        raise _too_large(body.most)


def _form(request: HttpRequest, body: Body) -> dict[str, Any]:
    """The fields of a form; its files are left where they are, and have to be there."""
    absent = [name for name in body.files if name not in request.FILES]
    if absent:
        raise FieldErrors({name: [Problem("missing", _TEXTS["missing"])] for name in absent})
    given = {name: values[-1] for name, values in request.POST.lists()}
    if any(_UNSTORABLE.search(value) for value in given.values()):
        raise Refused(422, "character", N_("The body holds a character that cannot be kept."))
    return {name: value for name, value in given.items() if name not in body.files}


def _bad_query(name: str) -> Refused:
    return Refused(400, "query", N_("The parameter {name} cannot be read."), name=name[:60])


def _too_large(most: int) -> Refused:
    return Refused(413, "too_large", N_("The body is larger than {most} kB."), most=most // 1024)
