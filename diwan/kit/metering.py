"""What the processes of an installation count and time, in the terms of Prometheus.

Web processes and worker write their figures into files of one folder (`PROMETHEUS_MULTIPROC_DIR`, set by
`project.metering` before this module is loaded), and whichever web process is asked adds them up. Without the folder
(tests, commands) the figures stay in the process.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.registry import CollectorRegistry

#: Our own, so that nothing of the library's defaults (a process's memory, the collector of cycles) is mixed in.
REGISTRY: Final = CollectorRegistry()
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS: Final = Histogram(
    "diwan_request_seconds",
    "Time to answer, by class of address (the package that answers), method and class of status.",
    ("route", "method", "status"),
    buckets=SECONDS,
    registry=REGISTRY,
)
JOBS: Final = Histogram(
    "diwan_sweep_seconds",
    "Time of one round of a sweep that found work.",
    ("sweep",),
    buckets=SECONDS,
    registry=REGISTRY,
)
JOBS_DONE: Final = Counter(
    "diwan_sweep_done",
    "Rows that a sweep has taken up (acts, documents, messages ...).",
    ("sweep",),
    registry=REGISTRY,
)
JOBS_FAILED: Final = Counter(
    "diwan_sweep_failed", "Rounds of a sweep that ended with an error.", ("sweep",), registry=REGISTRY
)
CALLS: Final = Counter(
    "diwan_outside_calls",
    "Calls to systems outside, by what came of them.",
    ("system", "result"),
    registry=REGISTRY,
)
BREAKERS: Final = Gauge(
    "diwan_breaker_open",
    "1 where a process leaves a system outside alone after several failures.",
    ("system",),
    multiprocess_mode="livemax",
    registry=REGISTRY,
)
POOL: Final = Gauge(
    "diwan_database_pool",
    "Connections of the processes' pools: size, available, and requests that wait for one.",
    ("what",),
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
