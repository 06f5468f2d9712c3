"""Where the short message gateway posts its delivery receipts."""

import json
import logging
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diwan.kit import clock
from diwan.kit.signed import BadSignature, verify_notice
from diwan.notify.actions import record_receipt

log = logging.getLogger("diwan.notify")
LARGEST = 16 * 1024


@csrf_exempt
@require_POST
def receipt(request: HttpRequest) -> JsonResponse:
    """Take one receipt. The signature takes the place of a session, hence no CSRF token.

    A receipt for a message that is not ours gets the same answer as one that is.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        signed = verify_notice(
            body=request.body, headers=request.headers, key=settings.DIWAN.sms_key, now=clock.real_now()
        )
    except BadSignature as error:
        log.warning("a delivery receipt was refused: %s", error.why)
        return JsonResponse({"error": "signature"}, status=401)
    try:
        data = json.loads(signed.body)["data"]
        reference, status = str(data["reference"]), str(data["status"])
        at = datetime.fromisoformat(str(data["at"]))
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "not_a_receipt"}, status=400)
    if at.tzinfo is None:
        return JsonResponse({"error": "not_a_receipt"}, status=400)
    record_receipt(reference=reference, status=status, at=at)
    return JsonResponse({"status": "recorded"})
