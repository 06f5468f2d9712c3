"""How many events a second reach a partner: `webhooks` as a process of the product prints the rate as JSON.

Events are written to the outbox, made into deliveries, signed, and posted to a receiver in a process of its own on this
machine, which checks every signature and keeps every event; the clock stops when all are written down as delivered.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
from django.conf import settings
from django.db import connection

from diwan.people.actor import system
from diwan.webhooks.actions import (
    Coverage,
    end_subscription,
    fan_out,
    finish_sending,
    make_subscription,
    send_due,
)
from diwan.webhooks.models import Delivery
from diwan.webhooks.queries import shown_secret

EVENTS = 3_000
SUBJECTS = 1_000
EVENT = "catalogue.version.published"
BY = system("benchmark")
_WRITE = """
INSERT INTO outbox_event (at, name, version, subject, data)
SELECT now(), %s, 1, 'service:bench-' || n %% %s, jsonb_build_object('service', 'bench-' || n %% %s, 'number', n)
FROM generate_series(1, %s) AS n
"""


@contextmanager
def _receiver() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "peers.receiver", "--data", folder],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path.cwd(),
        )
        try:
            assert process.stdout is not None
            yield str(json.loads(process.stdout.readline())["ready"])
        finally:
            process.terminate()
            process.wait(timeout=10)


def main(words: Sequence[str]) -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=EVENTS)
    count = parser.parse_args(words).events
    settings.DIWAN = replace(settings.DIWAN, webhooks_loopback=True)
    while fan_out():
        pass
    with _receiver() as url, httpx.Client(base_url=url) as receiver:
        made = make_subscription(
            name="Benchmark",
            url=f"{url}/events",
            coverage=Coverage(events=(EVENT,), all_services=True, all_municipalities=True),
            services=(),
            by=BY,
        )
        receiver.post("/control/secrets", json={"secret": shown_secret(made.pk, BY)})
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [EVENT, SUBJECTS, SUBJECTS, count])
        began, used = time.monotonic(), time.process_time()
        waiting = Delivery.objects.filter(subscription=made).exclude(state=Delivery.State.DELIVERED)
        while fan_out() or send_due() or waiting.exists() or not made.deliveries.exists():
            if time.monotonic() - began > count / 10:
                raise RuntimeError("the deliveries do not come to an end")
        took, used = time.monotonic() - began, time.process_time() - used
        finish_sending()
        kept = receiver.get("/control/counts").json()
        end_subscription(subscription_id=made.pk, by=BY)
    if kept != {"events": count, "again": 0, "refused": 0}:
        raise RuntimeError(f"the receiver has {kept} of {count}")
    print(json.dumps({"rate": count / took, "events": count, "cpu_us": used / count * 1e6}))
