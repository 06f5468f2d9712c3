"""Packages of services in words: how a need stands, where it is put right, what became of a package."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diwan.catalogue import actions
from diwan.catalogue.actions import Coming
from diwan.catalogue.queries import packages
from diwan.documents.sealing import VALID
from diwan.kit.errors import N_
from diwan.web.console.list_words import list_name

_NO_POST: Final = N_("No post here has this role. Whoever runs the server gives it to a post.")


def group_word(group: str) -> str:
    """What a group of needs is called in the active language; a list by its name."""
    return {
        actions.SERVICES: _("Other services"), actions.DEPARTMENTS: _("Departments"),
        actions.MESSAGES: _("Messages"), actions.KINDS: _("Kinds of fields, steps, checks and documents"),
    }.get(group) or list_name(group)  # fmt: skip


def state_word(state: str) -> tuple[str, str]:
    """How a need stands, and the sign of its tag."""
    return {
        actions.HERE: (_("Here already"), "success"), actions.COMES: (_("Comes along"), "info"),
        actions.UNREADY: (_("Not ready here"), "warning"), actions.MISSING: (_("Missing here"), "error"),
    }[state]  # fmt: skip


def advice(need: actions.Need) -> str:
    """What to do about a need that is not met, "" for one that is. A role that comes along is nobody's here yet."""
    if need.state == actions.COMES:
        return _(_NO_POST) if need.group == actions.ROLES else ""
    if need.state == actions.UNREADY:
        return {
            actions.ROLES: _(_NO_POST),
            actions.REGISTERS: _("No gateway to registers is set here. Whoever runs the server sets it."),
            actions.DEPARTMENTS: _(
                "No unit here is of this department. Change the department in the draft, or have the unit entered."
            ),
            actions.MESSAGES: _(
                "This platform has no such message. Change it in the draft, or update the platform."
            ),
        }.get(
            need.group, _("The service names it, and it is not here. Its page leads nowhere until it comes.")
        )
    if need.state != actions.MISSING:
        return ""
    return {
        actions.SERVICES: _("Ask whoever sent the package for this service too, and import that one first."),
        actions.KINDS: _("This platform does not know it. Update the platform first."),
    }.get(need.group, _("Add the row to the list first."))


def coming_word(one: Coming) -> tuple[str, str]:
    """What a service of the package is to us, and the sign of its tag."""
    return {
        "new": (pgettext("service", "New here"), "info"),
        "changed": (pgettext("service", "Differs from ours"), "warning"),
        "same": (pgettext("service", "The same here"), "success"),
    }[one.state]  # fmt: skip


def seal_word(state: str) -> str:
    """Whether somebody whom we trust vouches for a package."""
    return _("The seal is valid") if state == VALID else _("Nobody vouches for this seal here")


def became_word(state: str) -> tuple[str, str]:
    """How a version that came in a package stands today, and the sign of its tag."""
    return {
        packages.DRAFT: (_("Draft"), "info"), packages.ASKED: (_("Waits for a second person"), "info"),
        packages.ASIDE: (pgettext("draft", "Laid aside"), "plain"), packages.ANNOUNCED: (_("Announced"), "info"),
        packages.IN_FORCE: (pgettext("version", "In force"), "success"), packages.OVER: (_("Over"), "plain"),
    }[state]  # fmt: skip
