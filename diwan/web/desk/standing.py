"""How a licence stands, as the desk shows it."""

from django.utils.translation import gettext as _


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
