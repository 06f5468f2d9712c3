"""Refusals that several actions of the catalogue share."""

from __future__ import annotations

from collections.abc import Sequence

from diwan.catalogue.source import Wrong
from diwan.kit.errors import N_, DiwanError


class NotAllowed(DiwanError):
    """The capacity may not change the catalogue."""

    code = "catalogue.not_allowed"
    message = N_("Your current capacity may not change the catalogue.")


class NoSuchService(DiwanError):
    """There is no such service or version."""

    code = "catalogue.no_such_service"
    message = N_("There is no such service.")


class Unusable(DiwanError):
    """The definition cannot be used; `faults` is everything that is wrong with it."""

    code = "catalogue.unusable"
    message = N_("The definition has faults: {faults}")

    def __init__(self, faults: Sequence[Wrong]) -> None:
        super().__init__(faults=[fault.problem for fault in faults])
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class DatesOverlap(DiwanError):
    """Another row of the same thing holds on some of these days."""

    code = "catalogue.dates_overlap"
    message = N_("Another version or row already holds on some of these days. Choose a later first day.")


class DatesReversed(DiwanError):
    """The last day is not after the first."""

    code = "catalogue.dates_reversed"
    message = N_("The end has to be later than the beginning.")


class NoRate(DiwanError):
    """The price table has no row for this day: finance has to complete it."""

    code = "catalogue.no_rate"
    message = N_("The price table has no rate {rate} on this day. The finance department has to complete it.")


class OwnDraft(DiwanError):
    """Whoever wrote a version, or asked for it, does not put it into force."""

    code = "catalogue.own_draft"
    message = N_("You wrote in this draft or asked for it yourself. Somebody else approves it.")


class DraftOver(DiwanError):
    """The draft is published or was laid aside."""

    code = "catalogue.draft_over"
    message = N_("This draft is closed. Begin a new one from the version in force.")


class WrittenMeanwhile(DiwanError):
    """Somebody else saved the draft since it was opened."""

    code = "catalogue.written_meanwhile"
    message = N_(
        "Somebody else saved this draft meanwhile. Nothing of yours is lost: copy it, open the draft again and bring"
        " both together."
    )


class NoSuchPackage(DiwanError):
    """No package of this number was received, or it was removed."""

    code = "catalogue.no_such_package"
    message = N_("There is no such package.")


class NoSuchCalendar(DiwanError):
    """There is no working calendar of this code, or no holiday of this number."""

    code = "catalogue.no_such_calendar"
    message = N_("There is no such calendar or holiday.")


class NoSuchRow(DiwanError):
    """No row of this code holds without an end."""

    code = "catalogue.no_such_row"
    message = N_("No row of this code holds before that day without an end already.")


class RowInThePast(DiwanError):
    """A row would be changed for days that are over."""

    code = "catalogue.row_in_the_past"
    message = N_("A list is never changed backwards: choose today or a later day.")


class RowInUse(DiwanError):
    """Services in force name the row that would end."""

    code = "catalogue.row_in_use"
    message = N_("Services in force name this row: {services}. Confirm that they shall do without it.")
