"""Refusals that several actions share; those of one action stand beside it."""

from diwan.kit.errors import N_, DiwanError


class CaseNotFound(DiwanError):
    """The case does not exist, or the actor may not know that it does: one answer for both."""

    code = "cases.not_found"
    message = N_("There is no such case among those you can open. Check the number.")


class NotAllowed(DiwanError):
    """The capacity lacks the permission."""

    code = "cases.not_allowed"
    message = N_(
        "Your current capacity does not allow this. Change capacity, or pass the case to the one in charge."
    )


class NotCovered(DiwanError):
    """The token of a partner covers neither every service nor every municipality."""

    code = "cases.not_covered"
    message = N_("Your token does not cover this service, or not the municipality of this place.")


class Outrun(DiwanError):
    """Somebody else acted first; what was typed is kept as a note draft."""

    code = "cases.outrun"
    message = N_(
        "{who} acted on this case at {when}: {what}. Your text is kept; read the case again before you act."
    )


class WrongMoment(DiwanError):
    """The act does not fit where the case stands."""

    code = "cases.wrong_moment"
    message = N_("This cannot be done where the case stands now: {stage}.")


class ReasonRequired(DiwanError):
    """A return, refusal or cancellation needs a reason."""

    code = "cases.reason_required"
    message = N_("Choose at least one reason: the applicant reads it.")


class NoteRequired(DiwanError):
    """The act needs words: a reply, a ruling."""

    code = "cases.note_required"
    message = N_("Write the text in the note: it goes to the file and is read by whoever decides or is told.")


class UnknownReason(DiwanError):
    """The reason code is not in the list of this step."""

    code = "cases.unknown_reason"
    message = N_("The reason {reason} is not in the list for this step. Choose one from the list.")


class StepUpRequired(DiwanError):
    """Signing needs a second factor not older than ten minutes."""

    code = "cases.step_up_required"
    message = N_("Confirm with a fresh code from your authenticator: this approval authorises a signature.")


class SamePerson(DiwanError):
    """Segregation of duties (domain 5.2, rule 5)."""

    code = "cases.same_person"
    message = N_("You took part in an earlier step of this case, so another employee has to take this one.")


class DraftMoved(DiwanError):
    """The draft was saved or sent from elsewhere while it was being sent; nothing was opened."""

    code = "cases.draft_moved"
    message = N_(
        "The application was changed in another window while it was being sent. Look it over and send it again."
    )


class FormChanged(DiwanError):
    """Another version of the form is in force than the one that was filled in; nothing was opened."""

    code = "cases.form_changed"
    message = N_(
        "The form of this service has changed since you filled it in. What you typed is kept: look it over and send it."
    )
