"""What can be written to the log. There is no action that changes or removes a row."""

from diwan.audit.actions.access import AccessNote, log_access
from diwan.audit.actions.record import audit_digest, audit_digest_of, audit_row, audit_sql_values
from diwan.audit.actions.seal import SealingRefused, seal_committed

__all__ = [
    "AccessNote",
    "SealingRefused",
    "audit_digest",
    "audit_digest_of",
    "audit_row",
    "audit_sql_values",
    "log_access",
    "seal_committed",
]
