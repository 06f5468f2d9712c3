"""Systems outside that do not answer, in an officer's words: which, since when, and what happens to the work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext

from diwan.catalogue.queries import shelf
from diwan.health.queries import outages
from diwan.kit import clock
from diwan.kit.errors import N_
from diwan.people.models import OutsideEntity

#: First part of the name -> what is silent, and what an officer can count on.
_WORDS: Final = {
    "registers": (N_("A state register"), N_("Its checks come to you to be made by hand.")),
    "requests": (N_("An outside body"), N_("It is asked again by itself; the deadline runs on.")),
    "payments": (N_("The payment system"), N_("Bills keep their numbers and can be paid when it answers.")),
    "sms": (N_("The text message gateway"), N_("Messages wait and leave by themselves.")),
    "email": (N_("The mail server"), N_("Messages wait and leave by themselves.")),
    "signer": (N_("The signing service"), N_("Documents are signed by themselves when it answers.")),
    "authority": (
        N_("The certification authority"),
        N_("Documents are signed by themselves when it answers."),
    ),
}


@dataclass(frozen=True, slots=True)
class OutageView:
    """One line of the notice: who is silent, since when (real time), and what that means."""

    name: str
    since: datetime
    today: bool
    meaning: str


def outage_views(language: str) -> list[OutageView]:
    """Every outage that concerns work at a desk; nothing is asked of the database while all answer."""
    found = []
    for outage in outages():
        kind, _, detail = outage.name.partition(".")
        if kind in _WORDS:
            what, meaning = _WORDS[kind]
            name = _named(kind, detail, language) or gettext(what)
            today = clock.local(outage.since).date() == clock.local(clock.real_now()).date()
            found.append(OutageView(name, outage.since, today, gettext(meaning)))
    return found


def _named(kind: str, detail: str, language: str) -> str:
    """The register's own name by its name on the wire, or the body's; empty when nothing is known by it."""
    if kind == "registers":
        for row in shelf(clock.today()).rows("registers"):
            if detail in (row.data.get("wire"), row.code):
                return str(row.name.en if language == "en" else row.name.ar)
    if kind == "requests":
        body = OutsideEntity.objects.filter(code=detail).first()
        if body is not None:
            return body.name_en if language == "en" else body.name_ar
    return ""
