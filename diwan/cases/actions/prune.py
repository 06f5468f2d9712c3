"""Removal of what has expired: drafts nobody submitted, idempotency keys after seven days."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from diwan.cases.models import Draft, IdempotencyKey
from diwan.files.models import Upload
from diwan.kit import clock

KEEP_KEYS: Final = timedelta(days=7)
_AT_ONCE: Final = 500


def prune_drafts() -> int:
    """Remove expired drafts with their uploads; the number removed."""
    removed = 0
    expired = Draft.objects.filter(expires_at__lt=clock.now()).values_list("id", "case_id")[:_AT_ONCE]
    for draft_id, case_id in list(expired):
        with transaction.atomic():
            if case_id is None:
                Upload.objects.filter(owner=f"draft:{draft_id}", discarded_at=None).update(
                    discarded_at=clock.now()
                )
            removed += Draft.objects.filter(pk=draft_id).delete()[0]
    return removed


def prune_keys() -> int:
    """Forget idempotency keys after seven days; the number forgotten."""
    return IdempotencyKey.objects.filter(at__lt=clock.now() - KEEP_KEYS).delete()[0]
