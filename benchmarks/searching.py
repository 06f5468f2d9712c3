"""The one box at size: `searching --write` writes the words of cases without any, `searching` prints p95 as JSON."""

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import product

from benchmarks.bulk import BUSY_HEAD
from diwan.cases.actions.index_words import index_missing
from diwan.cases.models import CaseWords
from diwan.cases.queries import find_cases
from diwan.people.actor import Actor, system
from diwan.people.models import Account, Holding
from diwan.people.queries import actor_for

ROUNDS = 3
#: In every case, in some, in two hundred old ones, in one, in none; and two together.
WORDS = ("رخصة", "الرخص", "مطعم", "سالم", "نادر{old}", "نادر{new}", "فريد{old}", "فريد{new}", "معدوم")
PAIRS = ("رخصة مطعم", "مطعم نادر{old}", "رخصة معدوم", '"رخصه" سالم')


def _people() -> list[Actor]:
    """Who reads a whole municipality, who reads one's own, and who reads everything."""
    head = Holding.objects.select_related("account").get(position__code=BUSY_HEAD, valid_to__isnull=True)
    resident = Account.objects.filter(national_id__isnull=False).earliest("id")
    return [
        actor_for(head.account, f"position:{head.position_id}"),
        actor_for(resident, "self"),
        system("benchmark"),
    ]


def _asked(cases: int) -> Iterator[str]:
    for number in range(ROUNDS):
        old, new = 1000 + number * 97, cases - 500 - number * 89
        for text in (*WORDS, *PAIRS):
            word = "نادر" in text
            yield text.format(old=old // 200 if word else old, new=new // 200 if word else new)


def main(words: Sequence[str]) -> None:
    """Write, or measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    if parser.parse_args(words).write:
        index_missing()
        return
    took: list[tuple[float, str]] = []
    for actor, text in product(_people(), list(_asked(CaseWords.objects.count()))):
        find_cases(text, actor)
        began = time.perf_counter()
        find_cases(text, actor)
        took.append(((time.perf_counter() - began) * 1000, text))
    times = sorted(ms for ms, _text in took)
    print(
        json.dumps(
            {
                "p50": statistics.median(times),
                "p95": times[int(len(times) * 0.95)],
                "worst": max(took)[0],
                "worst_text": max(took)[1],
            }
        )
    )
