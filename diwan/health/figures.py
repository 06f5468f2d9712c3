"""The report as figures for Prometheus: asked from the database whenever somebody collects."""

from collections.abc import Iterable

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from diwan.health.registry import ORDER, report
from diwan.health.version import version


class DatabaseFigures(Collector):
    """`diwan_state`, `diwan_waiting`, `diwan_oldest_seconds` of every line of the report, and `diwan_build_info`."""

    def collect(self) -> Iterable[Metric]:
        """Ask every probe once."""
        state = GaugeMetricFamily(
            "diwan_state", "How a part is: 0 good, 1 to be watched, 2 bad.", labels=("group", "part")
        )
        waiting = GaugeMetricFamily(
            "diwan_waiting", "How many wait (or how much is left).", labels=("group", "part")
        )
        age = GaugeMetricFamily(
            "diwan_oldest_seconds", "How long the oldest has waited, or ago it was.", labels=("group", "part")
        )
        for group, findings in report().items():
            for found in findings:
                state.add_metric((group, found.key), ORDER[found.state])
                if found.count is not None:
                    waiting.add_metric((group, found.key), found.count)
                if found.age is not None:
                    age.add_metric((group, found.key), found.age)
        build = GaugeMetricFamily("diwan_build_info", "Which state of the product runs.", labels=("version",))
        build.add_metric((version(),), 1)
        return (state, waiting, age, build)
