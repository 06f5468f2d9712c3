"""The account of days in a sentence: "9 working days: 4 with us, 3 with you, 2 with the Civil Defence"."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diwan.cases.routing import body_name
from diwan.kit.accounts import ENTITY, Account


def days_told(account: Account, language: str, *, own: bool) -> str:
    """The whole and its parts, those without a full day left out. `own`: the applicant reads it, else an employee."""
    total = account.total.working_days
    whole = ngettext("{n} working day", "{n} working days", total).format(n=total)
    parts = [
        f"{item.working_days} {who}"
        for item in account.items
        if item.working_days and (who := with_words(item.holder, language, own=own))
    ]
    joint = "، " if language == "ar" else ", "
    return f"{whole}: {joint.join(parts)}" if parts else whole


def with_words(holder: str, language: str, *, own: bool) -> str:
    """With whom the case is or was; empty for nobody."""
    if holder.startswith(ENTITY):
        return _("with {body}").format(body=body_name(holder.removeprefix(ENTITY), language))
    return {
        "us": _("with us"),
        "applicant": _("with you") if own else _("with the applicant"),
        "payer": _("with you, to pay") if own else _("with the payer"),
        "entity": _("with another body"),
        "party": _("with the other party"),
    }.get(holder, "")
