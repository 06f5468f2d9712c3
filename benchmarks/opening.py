"""Opening in sets of 500 through the product's own action: `opening --seconds N`, prints JSON."""

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from benchmarks.stage import APPLICANT, SERVICE, SNAPSHOT
from diwan.cases.actions.open_cases import MOST, open_cases
from diwan.cases.context import form_context
from diwan.cases.opening import Opening
from diwan.cases.places import place_of
from diwan.catalogue.queries import compiled_service
from diwan.forms.entry import clean, read_json
from diwan.kit import clock
from diwan.people.actor import system
from tests import cast


def complete_application() -> Opening:
    """One application that was found complete."""
    service = compiled_service(SERVICE, clock.today())
    assert service is not None
    context = form_context(service, applicant=SNAPSHOT)
    read = read_json(service.form, cast.answers(SERVICE, cr_number=APPLICANT["cr_number"]), context)
    values = clean(service.form, read.values, context)
    municipality_id, district_id = place_of(service, values)
    return Opening(
        service=service, municipality_id=municipality_id, district_id=district_id, applicant=SNAPSHOT, data=values,
        facts={"derived": service.derive(values, context)}, by=system("benchmark"), channel="api", scope="benchmark",
    )  # fmt: skip


def main(words: Sequence[str]) -> None:
    """Open sets until the time is over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args(words)
    one = complete_application()
    open_cases([replace(one, key=uuid4().hex)])
    opened, began, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < asked.seconds:
        opened += len(open_cases([replace(one, key=uuid4().hex) for _ in range(MOST)]))
    seconds = time.perf_counter() - began
    print(
        json.dumps(
            {"cases": opened, "seconds": seconds, "cpu_us": (time.process_time() - cpu) / opened * 1e6}
        )
    )
