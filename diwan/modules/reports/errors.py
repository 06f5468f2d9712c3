"""What the actions of reports refuse."""

from typing import Final

from diwan.kit.errors import N_, DiwanError

NOWHERE: Final = N_(
    "Say where it is: set the pin, choose a street or a district, or write the nearest landmark."
)
NOTHING_SAID: Final = N_("Write in a few words what happened, or record it.")


class ReportNotFound(DiwanError):
    """No such report among those the actor may know of."""

    code = "reports.not_found"
    message = N_("There is no such report among those you can open. Check the number.")


class PhotosMissing(DiwanError):
    """Work is closed with a photo before and one after."""

    code = "reports.photos_missing"
    message = N_("Add a photo taken before the work and one taken after it. Without both it can't be closed.")


class WordsMissing(DiwanError):
    """What was done is said in words."""

    code = "reports.words_missing"
    message = N_("Write in a few words what was done: the reporter reads it.")


class NothingSaid(DiwanError):
    """A comment is words."""

    code = "reports.nothing_said"
    message = N_("Write in a few words what there is to say.")


class TooFar(DiwanError):
    """The photos were taken elsewhere."""

    code = "reports.too_far"
    message = N_(
        "The photos were taken {metres} m from the place of the report. Take them there, or write why they differ."
    )


class TakenBefore(DiwanError):
    """The photo after the work is older than the task."""

    code = "reports.taken_before"
    message = N_("The photo after the work was taken before the report reached you. Take a new one.")


class ProofMissing(DiwanError):
    """The work was closed around its own page."""

    code = "reports.proof_missing"
    message = N_("Close the work on its own page, with photos and a few words on what was done.")


class SameReport(DiwanError):
    """A report cannot be joined with itself or with one that was joined already."""

    code = "reports.same"
    message = N_("Choose another report that is still open to join with.")


class TooManyOpen(DiwanError):
    """Many open reports of one number (domain 3.3: five)."""

    code = "reports.too_many_open"
    message = N_(
        "{most} reports of this number are still open. Follow those, or call 940 if this one cannot wait."
    )


class NotAnonymous(DiwanError):
    """The type needs somebody who can be asked."""

    code = "reports.not_anonymous"
    message = N_("This type of report needs a mobile number. Enter it; it is not shown to anybody outside.")


class UnknownTarget(DiwanError):
    """Nobody of that code can be sent a report."""

    code = "reports.unknown_target"
    message = N_("This team is not there any more. Choose another one from the list.")
