"""Where the payment system posts its notices: signed, in time, each once."""

import json
import logging

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diwan.integrations.payments.gateway import read_payment
from diwan.kit import clock
from diwan.kit.signed import BadSignature, verify_notice
from diwan.payments.actions import Notice, record_notice
from diwan.people.actor import system

log = logging.getLogger("diwan.payments")
LARGEST = 64 * 1024


@csrf_exempt
@require_POST
def notice(request: HttpRequest) -> JsonResponse:
    """Take one notice. 200: recorded, now or before, whatever it amounts to. 401: not from the payment system.

    400: signed, but not a payment. The signature takes the place of a session, hence no CSRF token.
    """
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        signed = verify_notice(
            body=request.body,
            headers=request.headers,
            key=settings.DIWAN.payments_notice_key,
            now=clock.real_now(),
        )
    except BadSignature as error:
        log.warning("a payment notice was refused: %s", error.why)
        return JsonResponse({"error": "signature"}, status=401)
    try:
        body = json.loads(signed.body)
        if body["type"] != "payment_paid" or body["id"] != signed.id:
            raise ValueError("another kind of notice, or another id inside")
        paid = read_payment(body["data"])
    except (ValueError, KeyError, TypeError) as error:
        log.warning("signed payment notice %s cannot be read: %s", signed.id, error)
        return JsonResponse({"error": "not_a_payment"}, status=400)
    row = record_notice(
        notice=Notice(
            notice_id=signed.id,
            payment_id=paid.payment_id,
            biller=paid.biller,
            bill_number=paid.bill_number,
            amount=paid.amount,
            paid_at=paid.paid_at,
        ),
        by=system("payment-notice"),
    )
    return JsonResponse({"status": "recorded", "outcome": row.outcome})
