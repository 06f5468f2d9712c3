"""What events and failures of deliveries are called, as English message ids (Arabic in the locale)."""

from django.utils.translation import gettext

from diwan.kit.errors import N_

EVENTS = {
    "cases.case.opened": N_("A case was opened"),
    "cases.case.moved": N_("A case moved on"),
    "cases.case.ended": N_("A case ended"),
    "catalogue.version.published": N_("A service was published or changed"),
    "documents.document.issued": N_("A document was issued"),
    "documents.document.revoked": N_("A document was revoked"),
    "documents.document.suspended": N_("A document was suspended"),
    "documents.document.restored": N_("The suspension of a document was lifted"),
    "payments.bill.issued": N_("A bill was issued"),
    "payments.bill.paid": N_("A bill was paid"),
    "payments.bill.expired": N_("A bill expired"),
    "payments.bill.voided": N_("A bill was withdrawn"),
    "registers.entry.made": N_("A licence entered the register"),
    "registers.entry.changed": N_("The status of a licence changed"),
    "reports.report.routed": N_("A report was sent to somebody"),
    "reports.report.closed": N_("The work on a report was said to be done"),
    "reports.report.confirmed": N_("A reporter confirmed the work"),
    "reports.report.disputed": N_("A reporter disputed the work"),
    "reports.report.judged": N_("A closing was judged"),
    "webhooks.subscription.tested": N_("Test"),
}
STATES = {
    "waiting": (N_("Waiting"), "info"),
    "delivered": (N_("Delivered"), "success"),
    "dead": (N_("Given up"), "error"),
}
FAILURES = {
    "silent": N_("no answer"),
    "no_name": N_("the name of the address leads nowhere"),
    "tls": N_("the receiver's certificate does not hold"),
    "blocked": N_("the address lies inside a network"),
    "malformed": N_("the answer can't be read"),
    "redirect": N_("the receiver leads to another address"),
    "gone": N_("the receiver is gone for good"),
    "too_old": N_("waited longer than seven days"),
    "ended": N_("the subscription ended"),
}


def event_text(name: str) -> str:
    """What an event is called; its name when it has no words."""
    return gettext(EVENTS[name]) if name in EVENTS else name


def failure_text(error: str, status: int) -> str:
    """Why the last attempt failed; the status that came back, when there was one."""
    if error in FAILURES:
        return gettext(FAILURES[error])
    return gettext("the receiver answered {status}").format(status=status) if status else ""
