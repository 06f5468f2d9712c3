"""What can be done with documents: authorise, number, seal, revoke, void; and certificates."""

from diwan.documents.actions.certificates import (
    CertificateActForbidden,
    renew_certificate,
    revoke_certificate,
)
from diwan.documents.actions.follow_register import (
    reinstate_with_entry,
    restore_with_entry,
    revoke_with_entry,
    suspend_with_entry,
)
from diwan.documents.actions.issue import ContentsNotApproved, NotApproved, issue_document, take_serial
from diwan.documents.actions.mandate import (
    NoPost,
    NoStandingAuthority,
    StepUpNeeded,
    declare_standing_authority,
    grant_mandate,
    grant_standing_mandate,
    revoke_mandate,
)
from diwan.documents.actions.revoke import (
    DocumentActForbidden,
    DocumentUnknown,
    NotRevocable,
    NotVoidable,
    revoke_document,
    void_number,
)
from diwan.documents.actions.seal import render_and_sign
from diwan.documents.actions.status_lists import refresh_status_lists

__all__ = [
    "CertificateActForbidden",
    "ContentsNotApproved",
    "DocumentActForbidden",
    "DocumentUnknown",
    "NoPost",
    "NoStandingAuthority",
    "NotApproved",
    "NotRevocable",
    "NotVoidable",
    "StepUpNeeded",
    "declare_standing_authority",
    "grant_mandate",
    "grant_standing_mandate",
    "issue_document",
    "refresh_status_lists",
    "reinstate_with_entry",
    "render_and_sign",
    "renew_certificate",
    "restore_with_entry",
    "revoke_certificate",
    "revoke_document",
    "revoke_mandate",
    "revoke_with_entry",
    "suspend_with_entry",
    "take_serial",
    "void_number",
]
