"""What people read about a document or a file: message ids (English) for gettext; Arabic is in the locale."""

from __future__ import annotations

from typing import Final, NamedTuple

from diwan.documents.queries import Standing
from diwan.documents.verify import Finding
from diwan.kit.errors import N_


class Said(NamedTuple):
    """A headline and the sentence under it that says what to do."""

    headline: str
    advice: str


FINDINGS: Final[dict[Finding, Said]] = {
    Finding.VALID: Said(
        N_("Authentic"), N_("The file is as it was issued: signed and sealed, and nothing was changed since.")
    ),
    Finding.CHANGED: Said(
        N_("Changed after signing"),
        N_("The file was changed after it was signed. Do not rely on it; ask for the original."),
    ),
    Finding.NOT_SIGNED: Said(
        N_("Not signed"),
        N_("The file carries no electronic signature. Ask for the original file, not a scan or a print."),
    ),
    Finding.UNKNOWN_AUTHORITY: Said(
        N_("Not issued by us"),
        N_("The file does not carry our seal, or its number is not in our records. Do not rely on it."),
    ),
    Finding.REVOKED_SIGNER: Said(
        N_("Signed with a revoked certificate"),
        N_("The signer's certificate had been revoked before the signature. Do not rely on the file."),
    ),
    Finding.EXPIRED: Said(
        N_("Signed with an expired certificate"),
        N_(
            "The signer's certificate had expired and nothing proves an earlier signature. Check the number instead."
        ),
    ),
    Finding.UNPROVEN: Said(
        N_("Not proven"),
        N_(
            "The signature is whole, but the file lacks proof that the certificate was valid. Check the number instead."
        ),
    ),
    Finding.UNREADABLE: Said(
        N_("Not a readable PDF"),
        N_("The file cannot be read as a PDF of up to 20 MB. Choose the original file."),
    ),
    Finding.UNCHECKABLE: Said(
        N_("Could not be checked"),
        N_(
            "Checking the file took longer than allowed: it is built to take long, or many are being checked. Try "
            "again in a minute; if it stays so, do not rely on the file and check the number instead."
        ),
    ),
}
STANDINGS: Final[dict[Standing, Said]] = {
    Standing.VALID: Said(N_("In force"), N_("The document is in force today.")),
    Standing.NOT_YET_VALID: Said(N_("Not in force yet"), N_("The document's validity has not begun.")),
    Standing.EXPIRED: Said(
        N_("Expired"), N_("The document's validity has ended; it may have been renewed under another number.")
    ),
    Standing.REVOKED: Said(N_("Revoked"), N_("The document was revoked and no longer holds.")),
    Standing.SUSPENDED: Said(
        N_("Suspended"), N_("The licence is suspended: until that is lifted, nobody may rely on it.")
    ),
    Standing.VOID: Said(N_("Void number"), N_("This number was voided; no document was issued under it.")),
    Standing.PENDING: Said(
        N_("Being issued"), N_("The document has its number and is being sealed. Look again in a minute.")
    ),
}
REFUSALS: Final[dict[str, str]] = {
    "document_unknown": N_("The signer does not find the document."),
    "document_not_pending": N_("The document was voided, revoked or issued already."),
    "mandate_revoked": N_("The approval was taken back."),
    "mandate_used_elsewhere": N_("The approval served another document."),
    "mandate_for_something_else": N_("The approval was given for another case or document."),
    "contents_changed_since_approval": N_("The contents differ from what was approved."),
    "validity_not_as_approved": N_("The dates of validity differ from what was approved."),
    "approved_in_the_future": N_("The approval bears a time that has not come."),
    "no_step_up_of_this_person": N_("The approval was not confirmed by the approver's own code."),
    "step_up_too_old": N_("The approver's confirmation was older than ten minutes."),
    "not_a_holder_of_the_post": N_("The approver did not hold the post on that day."),
    "no_delegation": N_("No delegation of the powers was in force."),
    "no_standing_authority": N_("No standing authority allows this document."),
    "standing_authority_not_in_force": N_("The standing authority was not in force."),
    "rendering_differs": N_("The rendering differs from the recorded one; the document is rendered again."),
    "certificate_revoked": N_("The certificate of the post or of the seal is revoked; it must be renewed."),
    "no_certificate": N_("The post has no certificate."),
    "position_unknown": N_("The post does not exist."),
    "nothing_to_seal": N_("There is nothing of that kind to put the seal under."),
}
