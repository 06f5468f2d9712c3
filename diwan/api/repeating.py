"""A write that is sent again under its Idempotency-Key is answered as before, and done once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from diwan.cases.actions.open_cases import KeyReused
from diwan.cases.models import IdempotencyKey
from diwan.kit import clock
from diwan.rest.declaring import FORM, JSON, Operation

_KEPT: Final = ("ETag", "Location")
_CLAIM: Final = """
INSERT INTO idempotency_key (scope, key, request_hash, case_id, answer, at) VALUES (%s, %s, %s, 0, '{}', %s)
ON CONFLICT (scope, key) DO NOTHING RETURNING key
"""


def once(
    operation: Operation, request: HttpRequest, *, client: int, key: str, act: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Do it, or answer as the first time; in one transaction with what is done. Raises KeyReused for another body.

    A second request that comes while the first is at work waits for it. Where the action itself repeats harmlessly no
    answer is kept, and it is asked again.
    """
    scope = f"client:{client}:{operation.key}"
    sent = _hash(request)
    with transaction.atomic():
        fresh = _claim(scope, key, sent)
        if not fresh:
            known = IdempotencyKey.objects.get(scope=scope, key=key)
            if known.request_hash != sent:
                raise KeyReused
            if not operation.repeats:
                return _again(known.answer)
        response = act()
        if fresh and not operation.repeats:
            IdempotencyKey.objects.filter(scope=scope, key=key).update(answer=_kept(response))
        return response


def _claim(scope: str, key: str, sent: str) -> bool:
    """Whether the key was free and is ours now."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [scope, key, sent, clock.now()])
        return cursor.fetchone() is not None


def _hash(request: HttpRequest) -> str:
    """What makes two requests the same: method, path and all that was sent."""
    digest = sha256(f"{request.method} {request.path}\n{request.headers.get('If-Match', '')}\n".encode())
    if request.content_type == FORM:
        digest.update(json.dumps(sorted(request.POST.items())).encode())
        for name, file in sorted(request.FILES.items()):
            digest.update(f"{name} {getattr(file, 'name', '')}".encode())
            for chunk in getattr(file, "chunks", tuple)():
                digest.update(chunk)
            getattr(file, "seek", int)(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _kept(response: HttpResponseBase) -> dict[str, Any]:
    body = response.content.decode() if isinstance(response, HttpResponse) else ""
    headers = {name: response[name] for name in _KEPT if name in response}
    return {"status": response.status_code, "headers": headers, "body": body}


def _again(answer: Mapping[str, Any]) -> HttpResponse:
    response = HttpResponse(
        answer["body"], status=answer["status"], content_type=JSON, headers=dict(answer["headers"])
    )
    response["Idempotency-Replayed"] = "true"
    return response
