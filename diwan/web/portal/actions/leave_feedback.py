"""Keep an answer to "was this page useful?", and the words that may follow it."""

import re

from django.db import transaction

from diwan.kit import clock
from diwan.web.portal.models import Feedback

#: Parts of an address that name somebody's request, document or draft are not kept.
_PRIVATE = re.compile(r"/(?:\d{6,}|[A-Za-z0-9_-]{20,})(?=/|$)")


@transaction.atomic
def leave_feedback(*, page: str, useful: bool, language: str) -> Feedback:
    """Store one answer about a page; numbers and secrets in its address are left out."""
    path = _PRIVATE.sub("/…", page.split("?")[0])[:200]
    return Feedback.objects.create(page=path, useful=useful, language=language[:2], at=clock.now())


@transaction.atomic
def add_words(*, feedback_id: int, words: str) -> None:
    """Add what the visitor writes to an answer of the same session."""
    Feedback.objects.filter(pk=feedback_id, words="").update(words=" ".join(words.split())[:500])
