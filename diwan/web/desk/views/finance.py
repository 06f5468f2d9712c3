"""Finance: payments that could not be accepted by themselves, decided one by one in a sentence."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diwan.kit.errors import DiwanError
from diwan.kit.numbers import case_number, show_case_number
from diwan.payments.actions.settle_notice import CannotAccept, may_settle, settle_notice
from diwan.payments.errors import NotAllowed
from diwan.payments.models import PaymentNotice
from diwan.payments.queries import unsettled_for
from diwan.people.actor import Actor
from diwan.people.doors import actor_of, needs_permission, needs_staff
from diwan.people.registry import SETTLE_PAYMENTS
from diwan.web.desk.views.frame import frame
from diwan.web.signin.words import say

PAGE = 100
Outcome = PaymentNotice.Outcome
Settlement = PaymentNotice.Settlement


@needs_staff
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The queue: what came, against which bill, and what can be decided."""
    return _shown(request)


@needs_permission(SETTLE_PAYMENTS)
@require_POST
def settle(request: HttpRequest, notice: int) -> HttpResponse:
    """Decide about one payment; a refusal keeps the sentence."""
    decision = request.POST.get("decision", "")
    text = request.POST.get("note", "")[:300]
    try:
        if decision not in Settlement.values:
            raise CannotAccept
        settle_notice(notice_pk=notice, decision=decision, note=text, by=actor_of(request))
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    except DiwanError as error:
        return _shown(request, refused={"pk": notice, "text": say(error), "note": text}, status=422)
    messages.success(request, _("Decided. The payer and the auditor read your sentence."))
    return HttpResponseRedirect(reverse("desk:finance"))


def _shown(request: HttpRequest, *, refused: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    try:
        rows = list(unsettled_for(actor)[:PAGE])
    except NotAllowed as error:
        raise PermissionDenied(say(error)) from error
    context = {
        **frame(request),
        "rows": [_row(row, actor) for row in rows],
        "refused": refused or {},
        "refused_pk": (refused or {}).get("pk"),
    }
    return render(request, "desk/finance.html", context, status=status)


def _row(row: PaymentNotice, actor: Actor) -> dict[str, Any]:
    bill = row.bill
    return {
        "pk": row.pk,
        "number": row.bill_number,
        "amount": row.amount,
        "billed": bill.total if bill is not None else None,
        "payer": "" if bill is None else (bill.payer_en if actor.language == "en" else bill.payer_ar),
        "case": show_case_number(bill.case_id) if bill is not None else "",
        "case_address": case_number(bill.case_id) if bill is not None else "",
        "paid_at": row.paid_at,
        "received_at": row.received_at,
        "what": outcome_words(row.outcome),
        "can_accept": row.outcome == Outcome.LATE,
        "may": may_settle(row, by=actor),
    }


def outcome_words(outcome: str) -> str:
    """Why the payment waits for a decision."""
    return {
        Outcome.DUPLICATE: _("Paid twice"),
        Outcome.WRONG_AMOUNT: _("The amount differs from the bill"),
        Outcome.LATE: _("Paid after the bill had expired"),
        Outcome.VOID_BILL: _("The bill was void"),
        Outcome.UNKNOWN_BILL: _("No such bill"),
    }.get(Outcome(outcome), outcome)
