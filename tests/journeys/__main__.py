"""`./run journey NAME [--twice]`: walk through the running installation; exit 0 only if all of it held."""

import argparse
import sys
import time

from tests.journeys import report, shop_licence
from tests.journeys.city import City
from tests.journeys.steps import Broken, Steps

JOURNEYS = {"shop-licence": shop_licence.walk, "report": report.walk}


def main() -> int:
    """Walk once, or twice in a row."""
    parser = argparse.ArgumentParser(
        prog="./run journey", description="Walk through the running installation."
    )
    parser.add_argument("name", choices=JOURNEYS, help="which journey")
    parser.add_argument("--twice", action="store_true", help="walk it twice in a row")
    parser.add_argument("--only", default="", help="only these parts, separated by commas")
    options = parser.parse_args()
    city = City.from_environment()
    began = time.monotonic()
    for time_of in range(1, 3 if options.twice else 2):
        steps = Steps(city.files / f"{options.name}-{time.strftime('%Y%m%d-%H%M%S')}")
        print(
            f"\nJourney {options.name}{f', time {time_of}' if options.twice else ''} at {city.base}",
            flush=True,
        )
        try:
            JOURNEYS[options.name](city, steps, only=frozenset(filter(None, options.only.split(","))))
        except Broken as error:
            print(f"\nBROKEN: {error}", file=sys.stderr)
            return 1
        print(f"\n  {steps.count} steps held. Files:", *steps.files, sep="\n    ", flush=True)
    seconds = time.monotonic() - began
    if steps.left_out:
        print(f"\nWhat was walked held, in {seconds:.0f} s. Not walked: {'; '.join(steps.left_out)}.")
    else:
        print(f"\nAll held in {seconds:.0f} s.")
    return 0


sys.exit(main())
