"""Django application of the package."""

from django.apps import AppConfig

from diwan.kit.errors import N_
from diwan.mining.registry import READ_PROCESS
from diwan.people.doors import entrance
from diwan.people.registry import (
    EDIT_CATALOGUE,
    MANAGE_PEOPLE,
    PUBLISH_CATALOGUE,
    RESET_SECOND_FACTOR,
    VIEW_HEALTH,
)


class ConsoleConfig(AppConfig):
    """Registers the package with Django under its short label, and its entries in the staff's navigation."""

    name = "diwan.web.console"
    label = "console"

    def ready(self) -> None:
        """Add the ways in."""
        # Imported here since models are there only once the applications are loaded.
        from diwan.catalogue.queries.workshop import publications_for

        entrance(
            "console:health",
            label=N_("State of the system"),
            icon="heart-pulse",
            fits=lambda by: by.can(VIEW_HEALTH),
        )
        entrance(
            "console:process", label=N_("How services run"), icon="diagram-3",
            fits=lambda by: by.can(READ_PROCESS),
        )  # fmt: skip
        entrance(
            "console:people", label=N_("People"), icon="person-gear",
            fits=lambda by: by.can(MANAGE_PEOPLE) or by.can(RESET_SECOND_FACTOR),
        )  # fmt: skip
        entrance(
            "console:services", label=N_("Workshop of services"), icon="pencil-square",
            fits=lambda by: by.can(EDIT_CATALOGUE) or by.can(PUBLISH_CATALOGUE),
            waits=lambda by: publications_for(by.account_id or 0) if by.can(PUBLISH_CATALOGUE) else 0,
        )  # fmt: skip
        entrance(
            "console:sandbox", label=N_("Sandbox"), icon="play-circle",
            fits=lambda by: by.can(EDIT_CATALOGUE) or by.can(PUBLISH_CATALOGUE),
        )  # fmt: skip
        entrance(
            "console:changes", label=N_("Changing what runs"), icon="arrow-left-right",
            fits=lambda by: by.can(EDIT_CATALOGUE) or by.can(PUBLISH_CATALOGUE),
        )  # fmt: skip
        entrance(
            "console:packages", label=N_("Packages of services"), icon="box-seam",
            fits=lambda by: by.can(EDIT_CATALOGUE),
        )  # fmt: skip
        entrance(
            "console:lists", label=N_("Prices and lists"), icon="list-columns",
            fits=lambda by: by.can(EDIT_CATALOGUE),
        )  # fmt: skip
        entrance(
            "console:calendars", label=N_("Calendars and holidays"), icon="calendar3",
            fits=lambda by: by.can(EDIT_CATALOGUE),
        )  # fmt: skip
