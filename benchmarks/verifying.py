"""`python -m benchmarks.verifying [FILE.pdf ROOTS.pem]`: how many files a second one web process judges for the page of
verification, each in a confined process of its own. The file is any sealed document, the roots are those it is under:
left out, a licence of the demo with two signatures and two revisions behind them; what it carries holds until 2031, so
it needs no list of the day.
"""

import argparse
import threading
import time
from pathlib import Path
from typing import Final

from benchmarks import figures
from benchmarks.figures import AT_LEAST, Figure
from diwan.documents.checking import AT_ONCE, Checker

BOUND: Final = 5.0
PATIENCE: Final = 30.0
SEALED: Final = Path(__file__).resolve().parent / "sealed" / "licence.pdf"
ROOTS: Final = SEALED.with_name("roots.pem")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verifying", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=SEALED)
    parser.add_argument("roots", type=Path, nargs="?", default=ROOTS)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    found = [measure(asked.file.read_bytes(), roots=asked.roots.resolve(), seconds=asked.seconds)]
    print("\n".join([*figures.table(found), "", *figures.missed(found)]))
    return 0


def of_the_sample(seconds: float) -> Figure:
    """The figure for the licence that lies beside this file."""
    return measure(SEALED.read_bytes(), roots=ROOTS, seconds=seconds)


def measure(pdf: bytes, *, roots: Path, seconds: float) -> Figure:
    """Files judged a second, as many at once as one web process takes. RuntimeError for a file that is not whole."""
    checker, counts = Checker(seconds=PATIENCE), [0] * AT_ONCE
    try:
        _one(checker, pdf, roots)
        began = time.monotonic()

        def work(place: int) -> None:
            while time.monotonic() < began + seconds:
                _one(checker, pdf, roots)
                counts[place] += 1

        threads = [threading.Thread(target=work, args=(place,)) for place in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rate = sum(counts) / (time.monotonic() - began)
    finally:
        checker.close()
    return Figure(name="verify_pdfs_per_s", value=round(rate, 1), unit="files/s", sense=AT_LEAST, bound=BOUND)


def _one(checker: Checker, pdf: bytes, roots: Path) -> None:
    answer = checker.ask(pdf, roots=roots)
    if (
        answer is None
        or any(one["state"] != "valid" for one in answer["signatures"])
        or not answer["signatures"]
    ):
        raise RuntimeError(f"The file is not a whole sealed document: {answer}")


if __name__ == "__main__":
    raise SystemExit(main())
