"""What other packages may hear about documents."""

from diwan.outbox.events import declare

NUMBERED = declare(
    "documents.document.numbered",
    about="A document has its number and waits for rendering and seal.",
    keys=("document", "case"),
)
ISSUED = declare(
    "documents.document.issued",
    about="A document is sealed and can be downloaded.",
    keys=("document", "case", "number"),
    outward=("case", "number"),
)
REVOKED = declare(
    "documents.document.revoked",
    about="A document no longer holds.",
    keys=("document", "case", "number"),
    outward=("case", "number"),
)
VOIDED = declare(
    "documents.document.voided",
    about="A number was voided before the document was sealed; it stays in the series as void.",
    keys=("document", "case", "number"),
)
SUSPENDED = declare(
    "documents.document.suspended",
    about="The licence that a document proves was suspended.",
    keys=("document", "case", "number"),
    outward=("case", "number"),
)
RESTORED = declare(
    "documents.document.restored",
    about="The suspension or revocation of the licence that a document proves was lifted, stayed or taken back.",
    keys=("document", "case", "number"),
    outward=("case", "number"),
)
