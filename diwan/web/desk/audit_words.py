"""What codes of the log are called, as English message ids (Arabic in the locale)."""

from collections.abc import Iterable

from django.utils.translation import gettext

from diwan.cases.wording import act_text
from diwan.kit.errors import N_
from diwan.people.models import Account

_CASE = "cases.case."
ACTIONS = {
    "cases.case.refused": N_("Refused: not allowed, or not to be seen"),
    "cases.draft.started": N_("Draft started"),
    "cases.draft.discarded": N_("Draft deleted"),
    "people.session.opened": N_("Signed in"),
    "people.session.closed": N_("Signed out"),
    "people.session.refused": N_("Sign-in refused"),
    "people.capacity.chosen": N_("Capacity chosen"),
    "people.step_up.made": N_("Confirmed with a fresh code"),
    "people.account.made": N_("Account made"),
    "people.post.filled": N_("Post filled"),
    "people.post.vacated": N_("Post vacated"),
    "people.delegation.given": N_("Powers delegated"),
    "people.delegation.revoked": N_("Delegation ended"),
    "payments.bill.issued": N_("Bill issued"),
    "payments.bill.voided": N_("Bill void"),
    "payments.bill.expired": N_("Bill expired"),
    "payments.notice.accepted": N_("Payment received"),
    "payments.notice.settled": N_("Payment notice settled"),
    "payments.notice.duplicate": N_("Paid twice"),
    "payments.notice.wrong_amount": N_("Another amount paid"),
    "payments.notice.late": N_("Paid late"),
    "documents.document.numbered": N_("Document numbered"),
    "documents.document.issued": N_("Document sealed"),
    "registers.entry.made": N_("Entered in the register"),
    "files.upload.received": N_("Paper received"),
    "files.upload.discarded": N_("Paper removed"),
    "files.uploads.shared": N_("Papers shared"),
}
PURPOSES = {
    "desk.case": N_("opened the case"),
    "desk.document": N_("opened the document"),
    "files.serve": N_("opened a paper"),
    "search.person": N_("found it by search"),
}


def action_text(code: str) -> str:
    """A code of the log in the language in force; the code itself when it has no words."""
    if code in ACTIONS:
        return gettext(ACTIONS[code])
    if code.startswith(_CASE):
        return act_text(code.removeprefix(_CASE))
    return code


def purpose_text(code: str) -> str:
    """What somebody read an object for."""
    return gettext(PURPOSES[code]) if code in PURPOSES else code


def names_of(labels: Iterable[str], language: str) -> dict[str, str]:
    """`account:12` -> the person's name. One statement."""
    ids = {int(label.partition(":")[2]) for label in labels if label.startswith("account:")}
    found = Account.objects.filter(pk__in=ids).values_list("pk", "name_ar", "name_en") if ids else []
    return {f"account:{pk}": english if language == "en" else arabic for pk, arabic, english in found}
