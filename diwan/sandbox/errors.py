"""What a run refuses, in words."""

from diwan.kit.errors import N_, DiwanError


class RunUnknown(DiwanError):
    """No such run."""

    code = "sandbox.unknown"
    message = N_("There is no such run.")


class NotYours(DiwanError):
    """Runs are read by all who write services, and played by whoever began them."""

    code = "sandbox.not_yours"
    message = N_("Somebody else began this run. Begin one of your own to try it.")


class ChangedMeanwhile(DiwanError):
    """The run went on in another window."""

    code = "sandbox.changed"
    message = N_("The run went on in another window. Look at where it stands now.")


class NothingToRun(DiwanError):
    """The service is only read."""

    code = "sandbox.nothing"
    message = N_("This service has no workflow: there is nothing to run.")


class NothingPrinted(DiwanError):
    """The result cannot be printed where the run stands."""

    code = "sandbox.nothing_printed"
    message = N_("Nothing can be printed yet: what the document needs is not known here.")


class NotWhole(DiwanError):
    """A draft with faults cannot run."""

    code = "sandbox.not_whole"
    message = N_("The saved text has faults. Mend them first, then try it out.")


class NoSuchPerson(DiwanError):
    """A code that no test person has."""

    code = "sandbox.person"
    message = N_("Choose one of the test people.")


class AnswersMissing(DiwanError):
    """The form has answers missing or wrong; `problems` by field or slot."""

    code = "sandbox.answers"
    message = N_("The form is not complete yet. Open its pages and mend what is marked.")


class NotHere(DiwanError):
    """The move names a step at which nothing waits: so it stands after the text was changed."""

    code = "sandbox.not_here"
    message = N_("Nothing waits at the step {step} any more.")


class SamePerson(DiwanError):
    """Segregation of duties."""

    code = "sandbox.same_person"
    message = N_("This person did a step that somebody else has to follow. Choose another person.")


class NobodyActs(DiwanError):
    """A step of a post without anybody at it."""

    code = "sandbox.nobody"
    message = N_("Choose who acts.")


class ReasonMissing(DiwanError):
    """The exit asks for a reason."""

    code = "sandbox.reason"
    message = N_("Choose a reason.")


class ReasonElsewhere(DiwanError):
    """A reason that belongs to another way out of the step."""

    code = "sandbox.reason_elsewhere"
    message = N_("This reason is not one of the way out that you chose. Choose one of its own.")


class WordsMissing(DiwanError):
    """The exit asks for words."""

    code = "sandbox.words"
    message = N_("Write a few words: this way out asks for them.")


class VisitFails(DiwanError):
    """A visit reported as passed with items that fail it."""

    code = "sandbox.visit"
    message = N_(
        "With these items the visit does not pass. Choose the other way out, or mark fewer items as not met."
    )


class VoteTied(DiwanError):
    """Equal votes, and the chair on neither side."""

    code = "sandbox.tied"
    message = N_("The votes are equal and the chair is on neither side. Give the chair a vote.")


class TooLong(DiwanError):
    """More moves than anybody tries."""

    code = "sandbox.too_long"
    message = N_("This run has very many moves. Begin a new one.")
