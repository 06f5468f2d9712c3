"""What is open near a place, before a report is filed: `near` as a process of the product prints p95 as JSON."""

import argparse
import json
import statistics
import time
from collections.abc import Sequence

from benchmarks.reports import kinds, places
from diwan.modules.reports.models import Report
from diwan.modules.reports.queries import similar_near
from diwan.places.models import Street

ASKED = 400
"""People about to report, where the others report; each place is asked once."""


def main(words: Sequence[str]) -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--asked", type=int, default=ASKED)
    count = parser.parse_args(words).asked
    streets = list(Street.objects.order_by("id").values_list("lat", "lng"))
    asking = list(zip(kinds(count, seed=41), places(streets, count, seed=41), strict=True))
    similar_near(lat=0.0, lng=0.0, kind="RPT-0101")
    took: list[float] = []
    offered = 0
    for kind, (lat, lng) in asking:
        began = time.perf_counter()
        found = similar_near(lat=lat, lng=lng, kind=kind["code"], group=kind.get("group", ""))
        took.append((time.perf_counter() - began) * 1000)
        offered += bool(found)
    times = sorted(took)
    print(
        json.dumps(
            {
                "open": Report.objects.filter(closed_at__isnull=True).count(),
                "asked": count,
                "offered": offered,
                "p50": statistics.median(times),
                "p95": times[int(len(times) * 0.95)],
                "worst": times[-1],
            }
        )
    )
