"""What acts are called in the history, and why a case stays on its version, as English message ids (Arabic in the
locale)."""

from collections.abc import Mapping
from typing import Any, Final

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
    "recounted": N_("Deadline counted anew"),
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
    "carried": N_("Moved to another version of the service"),
    "carried_back": N_("Taken back to the former version of the service"),
    "noted": N_("Note added"),
    "secret_renewed": N_("New secret given out"),
}

STAYS: Final = {
    "ended": N_("It has ended."),
    "elsewhere": N_("It is no longer on the version from which cases are moved."),
    "gone": N_("Nothing in the new version stands for “{step}”. Choose the step that is meant."),
    "kind": N_("In the new version “{to}” is a step of another kind."),
    "meaning": N_(
        "What is asked at “{step}” is already under way, and the new version asks something else there."
    ),
    "origin": N_("Once completed it goes back to “{step}”, which the new version does not have."),
    "split": N_("Its parallel steps under “{step}” do not come together in the new version."),
    "approval": N_("“{to}” would go out without the approval that the new version asks for."),
    "stuck": N_("From “{to}” it would never come to an end in the new version."),
    "too_many": N_("The new version has too many ways from “{to}” to be sure that it comes to an end."),
    "duties": N_(
        "Whoever did “{step}” may not do others, and nothing in the new version stands for it. Choose the step that is "
        "meant."
    ),
    "bill": N_("Its bill is out, and the new version has other fees."),
    "document": N_("Its document is being made, and the new version makes another one."),
    "approved": N_("Its document is approved already, and the new version makes another one."),
    "answers": N_("The new form asks for what this request does not have: {names}."),
    "nobody": N_("In the new version nobody is in charge of where it stands."),
    "rule": N_("A rule of the new version cannot be answered with what this request has."),
    "acted": N_("Somebody has acted on it since, so it stays where it is."),
    "failed": N_("It could not be moved: a fault was noted for whoever runs the system."),
    "missing": N_("It is no longer there."),
}
"""Why a case is not moved to another version, or not taken back."""


def act_text(code: str) -> str:
    """The act in the language in force."""
    return gettext(ACTS.get(code, code))


def stays_text(reason: Mapping[str, Any], language: str) -> str:
    """A reason as `carrying.Reason.plain` keeps it, as one sentence in the language in force."""
    comma = "، " if language == "ar" else ", "
    return gettext(STAYS[reason["code"]]).format(
        step=_said(reason.get("step"), language),
        to=_said(reason.get("to"), language),
        names=comma.join(_said(name, language) for name in reason.get("names", ())),
    )


def _said(text: Mapping[str, str] | None, language: str) -> str:
    return "" if text is None else text.get(language) or text.get("ar", "")
