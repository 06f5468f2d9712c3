"""Where outside bodies post their final answers: signed, in time."""

import json
import logging

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diwan.integrations.registers.outside import receive_answer
from diwan.integrations.registers.requests import read_state
from diwan.kit import clock
from diwan.kit.signed import BadSignature, verify_notice

log = logging.getLogger("diwan.registers")
LARGEST = 64 * 1024


@csrf_exempt
@require_POST
def answer(request: HttpRequest) -> JsonResponse:
    """Take one answer; the same again is quiet. The signature takes the place of a session, hence no CSRF token."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        signed = verify_notice(
            body=request.body, headers=request.headers, key=settings.DIWAN.registers_key, now=clock.real_now()
        )
    except BadSignature as error:
        log.warning("the answer of a body was refused: %s", error.why)
        return JsonResponse({"error": "signature"}, status=401)
    try:
        state = read_state(json.loads(signed.body)["data"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "not_an_answer"}, status=400)
    return JsonResponse({"status": receive_answer(state)})
