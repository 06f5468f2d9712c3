"""One report under way."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from diwan.cases.models import Case, OpenTask
from diwan.demo.walks.reports.scripts import ReportScript


@dataclass(slots=True)
class ReportWalk:
    """A report under way: its script, its own random numbers, the one task that waits and when it is done."""

    script: ReportScript
    case_id: int
    rng: random.Random
    case: Case | None = None
    task: OpenTask | None = None
    due: datetime | None = None
    closings: int = 0
    is_false: bool = False
    settled: bool = False
    told: set[str] = field(default_factory=set)
