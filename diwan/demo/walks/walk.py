"""One case under way."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from diwan.cases.models import Case, OpenTask
from diwan.demo.walks.scripts import Script


@dataclass(slots=True)
class Walk:
    """A case under way: what its script says, its own random numbers, and when each open task is acted on."""

    script: Script
    case_id: int
    rng: random.Random
    pending: dict[int, datetime] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    tasks: list[OpenTask] = field(default_factory=list)
    case: Case | None = None
    returned: int = 0

    def next_at(self) -> datetime | None:
        """When something happens to the case next."""
        return min(self.pending.values(), default=None)
