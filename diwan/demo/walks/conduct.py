"""Conducting the walks: several processes, each with the cases of its municipalities, week by week together.

Numbers of documents run by municipality, so a municipality's cases stay in one process and in order of time; going week
by week keeps the numbers of cases in order of time as well.
"""

import gc
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, TextIO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from diwan.catalogue.models import LookupRow
from diwan.demo.models import DemoMark
from diwan.demo.walks import registers
from diwan.demo.walks.actors import Actors
from diwan.demo.walks.papers import add_papers
from diwan.demo.walks.reports.scripts import REPORTS, make_reports
from diwan.demo.walks.reports.walker import ReportWalker, kinds
from diwan.demo.walks.scripts import COUNT, REACH, Script, Traits, make_scripts
from diwan.demo.walks.walker import Walker
from diwan.kit import clock
from diwan.notify.models import Message
from diwan.outbox.actions import pass_over
from diwan.payments.actions import expire_bills
from diwan.people.actions import enrol_totp, step_up, totp_code
from diwan.people.actor import system
from diwan.people.models import Holding, TotpDevice
from diwan.people.queries import session_digest

Say = Callable[[str], object]
#: Which municipalities a process walks: about half of the cases each.
PARTS: Final = (("101", "104"), ("102", "103", "105"))
#: How long a second factor is relied on; it lasts ten minutes.
_CONFIRMED: Final = timedelta(minutes=5)
_WEEK: Final = timedelta(days=7)
_CLIENT: Final = "diwan.demo.walks.registers.PlannedRegisters"
#: Who hears of the cases of the past: rows of reports and ratings were written by the walks, partners heard long ago.
_DONE: Final = ("cases.index_words", "ratings.case_ended", "reports.project", "webhooks.fan_out")
#: Roles that approve, each act of which needs a fresh second factor.
_APPROVERS: Final = ("ROLE-SECTION-HEAD", "ROLE-HEAD")


def traits() -> dict[str, Traits]:
    """What the catalogue says of each activity."""
    rows = LookupRow.objects.filter(lookup="activities", valid_to__isnull=True).values_list("code", "data")
    return {
        code: Traits(
            risk=data.get("risk") or "low", supervisor=data.get("supervisor") or "", permit=bool(data.get("permit")),
            safety=data.get("safety") or "declaration", food=data.get("article") == "ART-08",
            health=bool(data.get("health_risk")), least=int(data.get("min_area") or 0),
            most=int(data.get("max_area") or 0),
        )
        for code, data in rows
    }  # fmt: skip


def make_cases(mark: DemoMark, *, count: int, say: Say) -> int:
    """Walk all scripts in the processes of PARTS, and the reports in one more; returns how many cases were made.

    Nothing when it was done before.
    """
    if mark.cases_at is not None:
        return 0
    began = confirmed = confirm_approvers()
    parts = [_start(part, count) for part in range(len(PARTS) + 1)]
    try:
        for number, moment in enumerate(weeks(mark.day, began)):
            if clock.real_now() - confirmed > _CONFIRMED:
                confirmed = confirm_approvers()
            for part in parts:
                _tell(part, moment.isoformat())
            for part in parts:
                _hear(part)
            with clock.moved(moment):
                while expire_bills():
                    pass
            if number % 13 == 12:
                say(f"the year up to {moment:%Y-%m-%d}")
        made = sum(int(_ask(part, "end")) for part in parts)
    finally:
        for part in parts:
            part.kill()
            part.wait()
    papers = add_papers()
    say(f"{papers} papers in the cases' slots")
    settle(began)
    DemoMark.objects.filter(pk=mark.pk).update(cases_at=clock.real_now(), cases=made)
    return made


def weeks(day: date, now: datetime) -> list[datetime]:
    """Ends of the weeks from before the first script to the present."""
    first = now - timedelta(days=REACH + 1)
    whole = [first + _WEEK * number for number in range(1, REACH // 7 + 1)]
    return [*(moment for moment in whole if moment < now), now]


def walk_part(part: int, *, count: int, orders: TextIO, answers: TextIO) -> None:
    """One process: walk to each moment that is read, answer when there; `end` is answered by the number of cases."""
    mark = DemoMark.objects.get()
    registers.know(mark.day)
    settings.REGISTER_CLIENT = _CLIENT
    hurry()
    walker = _walker(part, mark.day, count)
    for line in orders:
        if line.strip() == "end":
            if isinstance(walker, ReportWalker):
                walker.finish()
            print(walker.made, file=answers, flush=True)
            return
        walker.until(datetime.fromisoformat(line.strip()))
        print("there", file=answers, flush=True)


def _walker(part: int, day: date, count: int) -> Walker | ReportWalker:
    actors, now = Actors.read(sessions()), clock.real_now()
    if part < len(PARTS):
        return Walker(actors, now, _share(part, day, count))
    wanted = round(REPORTS * count / COUNT)
    return ReportWalker(actors, now, make_reports(now, day, kinds(), count=wanted))


def hurry() -> None:
    """Nobody is told that a case of the past was kept, so a commit need not wait for the disk; and rubbish may lie."""
    gc.set_threshold(200_000, 50, 50)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _share(part: int, day: date, count: int) -> list[Script]:
    return [script for script in make_scripts(day, traits(), count=count) if script.shop.town in PARTS[part]]


def session_of(account_id: int) -> str:
    """The session in which an approver acts in the walks."""
    return session_digest(f"demo walks of account {account_id}")


def approvers() -> list[Holding]:
    """Who approves."""
    return list(
        Holding.objects.filter(position__roles__code__in=_APPROVERS, valid_to__isnull=True).select_related(
            "account"
        )
    )


def sessions() -> dict[int, str]:
    """Sessions of the approvers by account."""
    return {holding.account_id: session_of(holding.account_id) for holding in approvers()}


def confirm_approvers() -> datetime:
    """A fresh second factor for each approver, as each would give before a batch; the moment of it."""
    now = clock.real_now()
    for holding in approvers():
        if not TotpDevice.objects.filter(account=holding.account).exists():
            enrol_totp(account=holding.account, by=system("demo"))
        code = totp_code(account=holding.account)
        step_up(account=holding.account, code=code, session=session_of(holding.account_id))
    return now


@transaction.atomic
def settle(began: datetime) -> None:
    """Messages of the past year have long been sent, and what follows from its events the walks have done themselves:
    nobody waits for them now. Words are caught up with by the schedule that looks for cases without any.
    """
    pass_over(_DONE)
    Message.objects.filter(state=Message.State.QUEUED, not_before__lte=began).update(
        state=Message.State.SENT, attempts=1, sent_at=F("not_before")
    )


def _start(part: int, count: int) -> "subprocess.Popen[str]":
    words = [
        sys.executable,
        "-m",
        "diwan.project",
        "demo",
        "walk",
        "--part",
        str(part),
        "--count",
        str(count),
    ]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _tell(part: "subprocess.Popen[str]", line: str) -> None:
    if part.stdin is not None:
        print(line, file=part.stdin, flush=True)


def _hear(part: "subprocess.Popen[str]") -> str:
    line = part.stdout.readline().strip() if part.stdout is not None else ""
    if not line:
        raise RuntimeError("a process that makes cases has ended before its work was done")
    return line


def _ask(part: "subprocess.Popen[str]", line: str) -> str:
    _tell(part, line)
    return _hear(part)
