"""What codes of the log are called, as English message ids (Arabic in the locale)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext

from diwan.cases.wording import act_text
from diwan.kit.errors import N_
from diwan.people.models import Account, Establishment, OutsideEntity, Position

_CASE = "cases.case."
ACTIONS = {
    "cases.case.refused": N_("Refused: not allowed, or not to be seen"),
    "access.refused": N_("Refused: not open to this person"),
    "cases.draft.started": N_("Draft started"),
    "cases.draft.discarded": N_("Draft deleted"),
    "people.session.opened": N_("Signed in"),
    "people.session.closed": N_("Signed out"),
    "people.session.refused": N_("Sign-in refused"),
    "people.capacity.chosen": N_("Capacity chosen"),
    "people.step_up.made": N_("Confirmed with a fresh code"),
    **{
        f"catalogue.calendar.{what}": N_("Calendar changed")
        for what in ("made", "holiday", "removed", "hours", "places")
    },
    **{
        f"sandbox.run.{what}": N_("Service tried out")
        for what in ("begun", "answered", "entry_kept", "moved", "taken_back")
    },
    "catalogue.package.exported": N_("Service exported as a package"),
    "catalogue.package.received": N_("Package of a service received"),
    "catalogue.package.imported": N_("Package of a service imported"),
    "catalogue.package.removed": N_("Package of a service removed"),
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
    "registers.entry.suspended": N_("Licence suspended"),
    "registers.entry.lifted": N_("Suspension lifted"),
    "registers.entry.revoked": N_("Licence revoked"),
    "registers.entry.cancelled": N_("Licence cancelled"),
    "registers.entry.renewed": N_("Licence renewed"),
    "registers.entry.transferred": N_("Licence transferred"),
    "registers.entry.parent": N_("Permit followed its licence"),
    "registers.entry.moved": N_("Permit moved to another licence"),
    "registers.entry.reminded": N_("Holder told of the expiry"),
    "documents.document.suspended": N_("Document suspended"),
    "documents.document.restored": N_("Document in force again"),
    "documents.document.revoked": N_("Document revoked"),
    "dossier.file.made": N_("Whole file made"),
    "counter.slip.opened": N_("Slip opened"),
    "counter.slip.closed": N_("Slip closed"),
    "counter.slip.taken_over": N_("Slip taken over"),
    "counter.consent.given": N_("Consent given"),
    "files.upload.received": N_("Paper received"),
    "files.upload.discarded": N_("Paper removed"),
    "files.uploads.shared": N_("Papers shared"),
    "webhooks.subscription.made": N_("Partner subscribed to events"),
    "webhooks.subscription.moved": N_("Partner's address changed"),
    "webhooks.subscription.rotated": N_("Partner's secret changed"),
    "webhooks.subscription.tested": N_("Test sent to a partner"),
    "webhooks.subscription.paused": N_("Partner's events paused"),
    "webhooks.subscription.resumed": N_("Partner's events resumed"),
    "webhooks.subscription.replayed": N_("Events sent to a partner again"),
    "webhooks.subscription.ended": N_("Partner's subscription ended"),
}
PURPOSES = {
    "audit": N_("read its log"),
    "desk.case": N_("opened the case"),
    "desk.document": N_("opened the document"),
    "desk.licence": N_("opened the licence"),
    "dossier": N_("made the whole file"),
    "desk.queue": N_("saw it in a list"),
    "files.serve": N_("opened a paper"),
    "search.person": N_("found it by search"),
}


OBJECTS = {
    "account": N_("account"),
    "availability": N_("offering"),
    "bill": N_("bill"),
    "calendar": N_("calendar"),
    "case": N_("case"),
    "catalogue": N_("catalogue"),
    "certificate": N_("certificate"),
    "crew": N_("crew"),
    "delegation": N_("delegation"),
    "document": N_("document"),
    "draft": N_("draft"),
    "entry": N_("register entry"),
    "establishment": N_("establishment"),
    "holiday": N_("holiday"),
    "lookup_row": N_("row of a table"),
    "mandate": N_("signing mandate"),
    "message": N_("message"),
    "messages": N_("messages"),
    "municipality": N_("municipality"),
    "notice": N_("payment notice"),
    "number": N_("number that is no case"),
    "outside_entity": N_("outside body"),
    "owner": N_("owner of papers"),
    "page": N_("page"),
    "position": N_("post"),
    "role": N_("role"),
    "sandbox_run": N_("trial of a service"),
    "service": N_("a service"),
    "service_package": N_("package of a service"),
    "service_version": N_("version of a service"),
    "slip": N_("counter slip"),
    "standing_authority": N_("standing authority"),
    "step_up": N_("confirmation by code"),
    "stock": N_("stock of an item"),
    "subscription": N_("partner's subscription"),
    "token": N_("access token"),
    "unit": N_("unit"),
    "upload": N_("paper"),
    "version_move": N_("move of cases to a version"),
    "written_draft": N_("draft of a service"),
}


_SYSTEM = N_("The system")
_BY_RULE = N_("Automatic")
_MYSELF = N_("Myself")


def action_text(code: str) -> str:
    """A code of the log in the language in force; the code itself when it has no words."""
    if code in ACTIONS:
        return gettext(ACTIONS[code])
    if code.startswith(_CASE):
        return act_text(code.removeprefix(_CASE))
    return code


def object_text(kind: str) -> str:
    """What a kind of object is called; the kind itself when it has no words."""
    return gettext(OBJECTS[kind]) if kind in OBJECTS else kind


def purpose_text(code: str) -> str:
    """What somebody read an object for."""
    return gettext(PURPOSES[code]) if code in PURPOSES else code


_KINDS: dict[str, type[Any]] = {"position": Position, "establishment": Establishment, "entity": OutsideEntity}


def names_of(labels: Iterable[str], language: str) -> dict[str, str]:
    """`account:12` -> the person's name, `system:...` -> the system. One statement."""
    wanted = set(labels)
    ids = {int(label.partition(":")[2]) for label in wanted if label.startswith("account:")}
    found = Account.objects.filter(pk__in=ids).values_list("pk", "name_ar", "name_en") if ids else []
    names = {f"account:{pk}": english if language == "en" else arabic for pk, arabic, english in found}
    return names | {label: gettext(_SYSTEM) for label in wanted if label.startswith("system:")}


def capacity_names(codes: Iterable[str], language: str) -> dict[str, str]:
    """Capacity -> what the person acted as: the post, the establishment, the outside body. A statement a kind."""
    wanted = set(codes)
    names = {"self": gettext(_MYSELF)}
    for kind, model in _KINDS.items():
        ids = {int(code.partition(":")[2]) for code in wanted if code.startswith(f"{kind}:")}
        for row in model.objects.filter(pk__in=ids) if ids else ():
            arabic, english = (
                (row.title_ar, row.title_en) if kind == "position" else (row.name_ar, row.name_en)
            )
            names[f"{kind}:{row.pk}"] = english if language == "en" else arabic
    return names | {code: gettext(_BY_RULE) for code in wanted if code.startswith("system:")}
