"""Partners submit applications and papers by token, with an idempotency key."""

import json
from hashlib import sha256
from typing import Any, BinaryIO, cast

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diwan.api.problems import Refused, answers_problems
from diwan.api.tokens import Client, client_of
from diwan.cases.actions.submit_application import Application, submit_application
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service
from diwan.files.actions import receive_upload
from diwan.files.rules import MEGABYTE, SlotRules
from diwan.kit import clock
from diwan.kit.numbers import show_case_number

MOST_BYTES = 256 * 1024


@csrf_exempt
@require_POST
@answers_problems
def submit(request: HttpRequest) -> JsonResponse:
    """`POST /api/v1/cases`: {service, applicant, answers, documents, language} -> 201 {number, secret}; repeated: 200.

    The header Idempotency-Key is required; the same key with another body is refused with 409.
    """
    client, by = client_of(request)
    key = _key(request)
    body = _body(request)
    service = _service(client, str(body.get("service", "")))
    application = Application(
        service=service,
        applicant=_applicant(body.get("applicant")),
        answers=_mapping(body.get("answers"), "answers"),
        documents={
            name: list(found) for name, found in _mapping(body.get("documents", {}), "documents").items()
        },
        key=key,
        scope=f"client:{client.pk}",
        papers=owner_of(client.pk, key),
        language="en" if body.get("language") == "en" else "ar",
    )
    opened = submit_application(application=application, by=by)
    return JsonResponse(
        {"number": opened.number, "shown": show_case_number(opened.case_id), "secret": opened.secret},
        status=201 if opened.fresh else 200,
    )


@csrf_exempt
@require_POST
@answers_problems
def upload(request: HttpRequest) -> JsonResponse:
    """`POST /api/v1/uploads`: multipart `file`, `service`, `slot` -> 201 {id}.

    The paper waits for the application that comes under the same Idempotency-Key.
    """
    client, by = client_of(request)
    service = _service(client, request.POST.get("service", ""))
    slot = service.form.slot(request.POST.get("slot", ""))
    file = request.FILES.get("file")
    if slot is None or file is None:
        raise Refused(
            400, "upload", "Send multipart fields `service`, `slot` (a slot of the service) and `file`."
        )
    made = receive_upload(
        stream=cast(BinaryIO, file),
        filename=file.name or "",
        slot=slot.key,
        rules=SlotRules(kinds=tuple(slot.kinds), max_bytes=slot.max_mb * MEGABYTE, most=slot.most),
        owner=owner_of(client.pk, _key(request)),
        by=by,
    )
    return JsonResponse({"id": made.pk, "size": made.size, "type": made.media_type}, status=201)


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not 8 <= len(key) <= 80:
        raise Refused(400, "idempotency_key", "Send an Idempotency-Key of 8 to 80 characters.")
    return key


def owner_of(client_pk: int, key: str) -> str:
    """The owner of papers sent ahead of the application with this key."""
    return f"client:{client_pk}/{sha256(key.encode()).hexdigest()[:24]}"


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MOST_BYTES:
        raise Refused(413, "too_large", "The body is larger than 256 kB.")
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise Refused(400, "json", "The body is not JSON.") from error
    return _mapping(body, "body")


def _mapping(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > 200:
        raise Refused(400, name, f"`{name}` has to be an object.")
    return value


def _applicant(value: Any) -> dict[str, Any]:
    """The snapshot that the partner vouches for: texts only, with what the rules read always there."""
    given = {
        name: str(found) for name, found in _mapping(value, "applicant").items() if isinstance(found, str)
    }
    if not given.get("national_id") or not given.get("mobile") or not given.get("name_ar"):
        raise Refused(400, "applicant", "`applicant` needs `national_id`, `name_ar` and `mobile`.")
    kind = "establishment" if given.get("unified_number") else "individual"
    return {
        "name_en": given["name_ar"], "party_id": given["national_id"], "capacity": "authorised",
        "citizen": given["national_id"].startswith("1"), **given, "kind": kind,
    }  # fmt: skip


def _service(client: Client, slug: str) -> CompiledService:
    service = compiled_service(slug, clock.today()) if slug in client.services else None
    if service is None or not service.applicable:
        raise Refused(403, "service", "The token does not cover this service, or it is not offered today.")
    return service
