"""Let handlers begin with what comes next."""

from collections.abc import Iterable

from diwan.outbox.actions.deliver import watermark
from diwan.outbox.models import Cursor


def pass_over(handlers: Iterable[str]) -> None:
    """What was committed until now is done for these handlers: their cursors move to the watermark, never back.

    For a command that loads data and has itself brought about what they would have.
    """
    now = watermark()
    for name in handlers:
        Cursor.objects.get_or_create(handler=name)
        Cursor.objects.filter(handler=name, xid__lt=now).update(xid=now)
