"""How an entry stands and what happened to it, in words: the same for its holder, the desk and its file."""

from typing import Final

from django.utils.translation import gettext as _

from diwan.catalogue.queries import lookup_row
from diwan.kit import clock, numbers
from diwan.kit.arabic import isolate
from diwan.kit.errors import N_
from diwan.registers.models import EntryChange

CAUSES: Final = {
    "made": N_("The licence was issued"),
    "renewed": N_("Renewed under a new number"),
    "transferred": N_("Passed to another holder"),
    "corrected": N_("Corrected under a new number"),
    "cancelled": N_("Cancelled at the holder's request"),
    "suspended": N_("Suspended"),
    "lifted": N_("The suspension was lifted"),
    "revoked": N_("Revoked"),
    "stayed": N_("The decision rests until the committee has decided"),
    "resumed": N_("The stay has ended and the decision has its effect again"),
    "undone": N_("The decision was taken back on an objection"),
    "eased": N_("The revocation became a suspension on an objection"),
}
WITH_PARENT: Final = {
    "suspended": N_("Suspended with the licence that it hangs on"),
    "active": N_("Back in force with the licence that it hangs on"),
    "cancelled": N_("Cancelled with the licence that it hangs on"),
    "revoked": N_("Revoked with the licence that it hangs on"),
}


def what(change: EntryChange) -> str:
    """What the change was, in the language in force."""
    if change.cause == EntryChange.Cause.PARENT:
        return _(WITH_PARENT[change.after])
    return _(CAUSES[change.cause])


def who(change: EntryChange, language: str) -> str:
    """Name, title and on whose behalf."""
    name = change.actor_en if language == "en" else change.actor_ar
    title = change.title_en if language == "en" else change.title_ar
    told = f"{name} ({title})" if title and title != name else name
    if change.on_behalf_of:
        arabic, _bar, english = change.on_behalf_of.partition(" | ")
        held_by = (english or arabic) if language == "en" else arabic
        told = f"{told}{', ' if language == 'en' else '، '}{_('on behalf of')} {held_by}"
    return told


def why(change: EntryChange, language: str) -> list[str]:
    """Reasons, article and the officer's words; and the case that brought it about."""
    found = [name for code in change.reasons if (name := _name("reasons", code, language))]
    if change.article:
        found.append(_name("articles", change.article, language))
    if change.note:
        found.append(change.note)
    if change.case_id is not None:
        found.append(
            _("Request %(number)s") % {"number": isolate(numbers.show_case_number(change.case_id), "ltr")}
        )
    return found


def article_text(change: EntryChange, language: str) -> str:
    """The text of the article that a change rests on; empty without one."""
    row = lookup_row("articles", change.article, clock.today()) if change.article else None
    text = row.data.get("text", {}) if row is not None else {}
    return str(text.get(language, "")) if isinstance(text, dict) else ""


def _name(lookup: str, code: str, language: str) -> str:
    row = lookup_row(lookup, code, clock.today())
    return code if row is None else (row.name.en if language == "en" else row.name.ar)


def standing_words(standing: str) -> tuple[str, str]:
    """The word for a standing, and the kind of tag it gets."""
    return {
        "active": (_("In force"), "success"),
        "expiring": (_("Expires soon"), "warning"),
        "expired": (_("Expired"), "error"),
        "suspended": (_("Suspended"), "error"),
        "cancelled": (_("Cancelled"), "plain"),
        "revoked": (_("Revoked"), "error"),
        "replaced": (_("Followed by another"), "plain"),
    }.get(standing, (standing, "plain"))
