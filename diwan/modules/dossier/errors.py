"""Refusals of the file."""

from diwan.kit.errors import N_, DiwanError


class DossierForbidden(DiwanError):
    """The capacity lacks the permission."""

    code = "dossier.forbidden"
    message = N_("Your post may not make the file of a case.")
