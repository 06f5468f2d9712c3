"""Certificates of posts and of the seal: a new one, or the end of one. The signer does it; keys are not seen here."""

from __future__ import annotations

from typing import Any

from diwan.audit.actions import audit_row
from diwan.documents import signing
from diwan.documents.registry import MAY_MANAGE_CERTIFICATES
from diwan.kit.errors import N_, DiwanError
from diwan.people.actor import Actor


class CertificateActForbidden(DiwanError):
    """The actor may not manage certificates."""

    code = "documents.certificates_forbidden"
    message = N_("Your post may not manage signing certificates.")


def renew_certificate(*, position_code: str, by: Actor) -> dict[str, Any]:
    """Have the signer make a fresh key and obtain a certificate for a post ("" = the seal): its serial and end.

    Raises CertificateActForbidden, signing.SignerUnavailable, signing.SigningRefused.
    """
    _permitted(by)
    answer = signing.ask({"op": "enrol", "position": position_code, "renew": True})
    _written("documents.certificate.renewed", position_code, by)
    return answer


def revoke_certificate(*, position_code: str, reason: str, by: Actor) -> None:
    """Have the authority revoke the current certificate of a post ("" = the seal).

    `reason` is a CRL reason: key_compromise, affiliation_changed, superseded, cessation_of_operation. What was signed
    before stays valid. Raises CertificateActForbidden, signing.SignerUnavailable, signing.SigningRefused.
    """
    _permitted(by)
    signing.ask({"op": "revoke", "position": position_code, "reason": reason})
    _written("documents.certificate.revoked", position_code, by)


def _permitted(by: Actor) -> None:
    if not (by.is_system or by.can(MAY_MANAGE_CERTIFICATES)):
        raise CertificateActForbidden


def _written(action: str, position_code: str, by: Actor) -> None:
    audit_row(
        by=by,
        action=action,
        object_type="certificate",
        object_id=position_code or "seal",
        municipality_id=None,
    )
