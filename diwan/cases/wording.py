"""What acts are called in the history, as English message ids (Arabic in the locale)."""

from django.utils.translation import gettext

from diwan.kit.errors import N_

ACTS = {
    "opened": N_("Application submitted"),
    "acted": N_("Step taken"),
    "returned": N_("Returned for completion"),
    "resubmitted": N_("Completed and submitted again"),
    "chosen": N_("Answered by the applicant"),
    "intervened": N_("Ruling over the case"),
    "claimed": N_("Taken over"),
    "assigned": N_("Assigned"),
    "released": N_("Given back to the unit"),
    "withdrawn": N_("Withdrawn by the applicant"),
    "cancelled": N_("Cancelled"),
    "reopened": N_("Reopened"),
    "undone": N_("Last act taken back"),
    "paid": N_("Bill paid"),
    "expired": N_("Period expired"),
    "silence": N_("No answer within the period"),
    "escalated": N_("Escalated because of lateness"),
    "checked": N_("Automatic checks done"),
    "issued": N_("Document issued"),
    "decided": N_("Routed by rule"),
    "followed": N_("A visit afterwards was ordered"),
    "signed": N_("Signed on the way up"),
    "child_ended": N_("The case that was opened for it has ended"),
    "told": N_("Awaited message received"),
    "voted": N_("Voted in the committee"),
    "excused": N_("Excused from the matter"),
    "ruled": N_("Decision of the committee"),
    "asked_party": N_("The other party was asked"),
    "answered": N_("The other party answered"),
    "looked_into": N_("A low rating is being looked into"),
    "noted": N_("Note added"),
    "secret_renewed": N_("New secret given out"),
}


def act_text(code: str) -> str:
    """The act in the language in force."""
    return gettext(ACTS.get(code, code))
