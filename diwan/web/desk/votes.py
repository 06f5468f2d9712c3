"""A vote as a member of the committee sees it: who has voted, the own ballot, and for who leads, the count."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diwan.cases.committee import Seat, Vote, vote_of
from diwan.cases.guards import may_do
from diwan.cases.models import OpenTask
from diwan.cases.queries import CasePage
from diwan.catalogue.compiled import CompiledService
from diwan.people.actor import Actor

ABSTAIN: Final = "abstain"
EXCUSE: Final = "excuse"


def vote_view(page: CasePage, actor: Actor) -> dict[str, Any] | None:
    """The vote that waits here, for a member of the committee; None for anybody else and where there is none."""
    task = next((task for task in page.tasks if task.kind == OpenTask.Kind.VOTE), None)
    if task is None or not may_do(task, by=actor):
        return None
    vote = vote_of(page.service, page.case, task)
    seat = vote.seat(actor.position_id)
    if seat is None:
        return None
    leads = vote.leader == actor.position_id
    language = actor.language
    return {
        "task": task,
        "title": page.service.title(task.step, language),
        "rule": _rule(vote, page.service, language),
        "seats": [_seat(one, vote, language) for one in vote.seats],
        "mine": _own(seat, page.service, language),
        "may_vote": seat.votes and seat.ballot is None,
        "choices": _choices(page.service, task.step, vote.choices, language),
        "reachable": vote.result.reachable,
        "leads": leads,
        "can_close": leads and vote.result.quorate,
        "count": _count(vote, page.service, language) if leads else [],
        "result": _result(vote, page.service, language) if leads and vote.result.quorate else "",
        "tied": _choices(page.service, task.step, vote.result.tied, language)[: len(vote.result.tied)],
    }


def minutes_view(page: CasePage) -> list[dict[str, Any]]:
    """The minutes of the votes that were closed, the newest first: names, voices and reasons, for the file."""
    return [
        {"step": task.step, "at": task.done_at, **task.data["minutes"], "outcome": task.outcome}
        for task in sorted(page.done, key=lambda done: -done.pk)
        if "minutes" in task.data
    ]


def minutes_words(page: CasePage, language: str) -> list[dict[str, Any]]:
    """The same in words, as the page shows it."""
    return [
        {
            "title": page.service.title(found["step"], language),
            "at": found["at"],
            "result": page.service.outcome(found["step"], found["outcome"], language),
            "by_chair": found["by_chair"],
            "carried": found["carried"],
            "seats": [
                {
                    "name": seat["name"][language] or seat["name"]["ar"],
                    "title": seat["title"][language],
                    "voice": _voice(page.service, found["step"], seat, language),
                    "note": seat["note"],
                }
                for seat in found["seats"]
            ],
        }
        for found in minutes_view(page)
    ]


def _voice(service: CompiledService, step: str, seat: Mapping[str, Any], language: str) -> str:
    if seat["out"]:
        return _out(seat["out"])
    if not seat["voted"]:
        return _("Did not vote")
    return service.outcome(step, seat["choice"], language) if seat["choice"] else _("Abstained")


def _out(why: str) -> str:
    return {
        "took_part": _("Took part in the decision: no vote"),
        "excused": _("Excused from the matter"),
        "vacant": _("The seat is vacant"),
    }[why]


def _seat(seat: Seat, vote: Vote, language: str) -> dict[str, Any]:
    """A seat for all to see: whether it has voted, never how."""
    name = seat.name_en if language == "en" else seat.name_ar
    voted = seat.ballot is not None and not seat.ballot.excused
    return {
        "name": name,
        "title": seat.post.title_en if language == "en" else seat.post.title_ar,
        "leads": seat.post.pk == vote.leader,
        "state": _out(seat.out) if seat.out else _("Has voted") if voted else _("Has not voted yet"),
        "kind": "plain" if seat.out else "success" if voted else "warning",
    }


def _own(seat: Seat, service: CompiledService, language: str) -> str:
    """How the reader voted, in words; empty before."""
    if seat.out:
        return _out(seat.out)
    if seat.ballot is None:
        return ""
    step = seat.ballot.step
    return service.outcome(step, seat.ballot.choice, language) if seat.ballot.choice else _("Abstained")


def _choices(
    service: CompiledService, step: str, keys: Sequence[str], language: str
) -> list[tuple[str, str, str]]:
    chosen = [(key, service.outcome(step, key, language), "") for key in keys]
    return [
        *chosen,
        (ABSTAIN, _("I abstain"), _("Say why below. It counts for the quorum, not as a vote.")),
        (
            EXCUSE,
            _("I have an interest in the matter"),
            _("Say which below. You take no part in this decision."),
        ),
    ]


def _rule(vote: Vote, service: CompiledService, language: str) -> list[str]:
    """The rule in words."""
    rule = vote.rule
    asked = {
        "most": _("The decision with most votes wins."),
        "half": _("A decision needs more than half of the votes."),
        "two_thirds": _("A decision needs two thirds of the votes."),
    }[rule.majority]
    return [
        ngettext(
            "At least {count} member has to take part.",
            "At least {count} members have to take part.",
            rule.quorum,
        ).format(count=rule.quorum),
        asked,
        _("With equal votes the side of the chair prevails."),
        _("Without a majority: {decision}.").format(
            decision=service.outcome(vote.task.step, rule.undecided, language)
        ),
    ]


def _count(vote: Vote, service: CompiledService, language: str) -> list[tuple[str, int]]:
    rows = [
        (service.outcome(vote.task.step, key, language), count) for key, count in vote.result.votes.items()
    ]
    return [*rows, (_("Abstained"), vote.result.abstained)]


def _result(vote: Vote, service: CompiledService, language: str) -> str:
    result = vote.result
    if result.choice is None:
        return _("The votes are equal; your casting vote decides.")
    decided = service.outcome(vote.task.step, result.choice, language)
    if result.by_chair:
        return _("{decision}: the votes are equal and the side of the chair prevails.").format(
            decision=decided
        )
    if not result.carried:
        return _("{decision}: no decision has the majority.").format(decision=decided)
    return _("{decision}: it has the majority.").format(decision=decided)
