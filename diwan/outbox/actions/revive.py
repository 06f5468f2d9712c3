"""Try a dead letter again after its cause was removed."""

from diwan.kit import clock
from diwan.outbox.models import Failure


def revive_dead(*, handler: str = "") -> int:
    """Make dead letters (of one handler, or all) due at once, with fresh attempts; returns how many."""
    dead = Failure.objects.filter(dead_at__isnull=False)
    if handler:
        dead = dead.filter(handler=handler)
    return dead.update(dead_at=None, attempts=0, next_at=clock.real_now())
