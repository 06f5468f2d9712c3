"""What is refused, in words."""

from diwan.kit.errors import N_, DiwanError


class UnknownProcess(DiwanError):
    """No such service, or it is none of the asker's: the same answer."""

    code = "mining.unknown"
    message = N_("There is no such service.")


class PeriodWrong(DiwanError):
    """The period ends before it begins, lies ahead or is too long."""

    code = "mining.period"
    message = N_("Choose a period of up to two years: the first day, then the last, not after today.")


class TooFewCases(DiwanError):
    """Too little was measured to build a model on."""

    code = "mining.too_few"
    message = N_(
        "Trying changes out needs at least {least} ended cases in the period; there are {found}. "
        "Choose a longer period."
    )


class TooManyCases(DiwanError):
    """More than can be simulated while somebody waits."""

    code = "mining.too_many"
    message = N_("There are too many tasks for an answer while you wait. Choose one municipality.")


class ChangeWrong(DiwanError):
    """A change that cannot be meant."""

    code = "mining.change"
    message = N_("Choose one of the steps and numbers that are offered.")


class NotModelled(DiwanError):
    """The workflow does something that measured shares cannot stand for."""

    code = "mining.not_modelled"
    message = N_("This workflow can't be simulated: the model stops at the step {step}.")
