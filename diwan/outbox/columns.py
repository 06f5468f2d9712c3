"""Column defaults that the database computes."""

from django.db.models import BigIntegerField, Func, TextField
from django.db.models.functions import Cast


def current_transaction() -> Cast:
    """The id of the writing transaction as a bigint: readers advance below the oldest running one, never by max(id)."""
    return Cast(Cast(Func(function="pg_current_xact_id"), TextField()), BigIntegerField())
