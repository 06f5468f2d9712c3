"""Playing runs by chance: sample answers, then whatever a step offers."""

from __future__ import annotations

import random
from typing import Any

from diwan.catalogue.compiled import load_definition
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.queries import current_version
from diwan.flow.table import NO_QUORUM
from diwan.forms.entry import prefill, visible_slots
from diwan.kit import clock
from diwan.sandbox.known import CHECKS
from diwan.sandbox.moves import Move
from diwan.sandbox.people import TestPerson, employees, fitting
from diwan.sandbox.playing import BY_STAFF, Play, Waiting
from diwan.sandbox.samples import fill, sample
from diwan.sandbox.setting import Setting

Form = dict[str, Any]


def setting_of(slug: str, person: TestPerson | None = None) -> Setting:
    """The service of today with somebody who can apply; a register that holds sample answers."""
    version = version_of(slug)
    service = load_definition(version)
    bare = Setting(service, person or fitting(service)[0], {}, clock.now())
    kept = {
        (field.prefill or "").partition(".")[2]: sample(field, bare.context()) for field in bare.kept_fields()
    }
    return Setting(
        service, bare.person, {name: one for name, one in kept.items() if one is not None}, bare.start
    )


def version_of(slug: str) -> ServiceVersion:
    """The version in force."""
    version = current_version(slug, clock.today())
    assert version is not None, slug
    return version


def form_of(setting: Setting, part: str = "", values: dict[str, Any] | None = None) -> Form:
    """`values` and `papers` for a move, by sample answers."""
    plan, context = setting.service.form, setting.context(part)
    found, papers = {**prefill(plan, context), **(values or {})}, set[str]()
    for page in plan.pages:
        if page.by == part:
            found = fill(plan, page, found, context)
            papers |= {slot.key for slot in visible_slots(plan, found, context) if slot.key in page.slots}
    return {"values": found, "papers": sorted(papers)}


def by_chance(play: Play, waiting: Waiting, dice: random.Random) -> Move:
    """Something that can happen at a step."""
    step = play.table.steps[waiting.token.step]
    at: dict[str, Any] = {"step": step.key, "token": waiting.token.id}
    free = [code for code in employees() if code not in play.barred(step)]
    if waiting.due is not None and dice.random() < 0.05:
        return Move(do="wait", **at)
    if step.kind == "wait":
        return Move(do="message", **at) if step.message and dice.random() < 0.8 else Move(do="wait", **at)
    if step.kind == "chain" and dice.random() < 0.4:
        return Move(do="sign", who=dice.choice(free), **at)
    if step.kind == "vote":
        choices = [key for key in step.exits if key != NO_QUORUM]
        return Move(do="act", votes=dict.fromkeys(employees(), dice.choice(choices)), **at)
    if step.act == CHECKS or step.kind in ("payment", "document"):
        return Move(do="act", **at)
    if step.kind == "applicant":
        return Move(do="act", **at, **form_of(play.setting, values=dict(play.known.data)))
    own = form_of(play.setting, step.key) if step.kind == "party" else {}
    exits = [one for one in step.exits.values() if one.key != step.on_expired or step.silence is not None]
    exit_ = dice.choice(exits or list(step.exits.values()))
    reasons = play.service.reasons_for(exit_)
    failing: list[str] = []
    if step.checklist is not None and exit_.effect != "continue":
        failing = [item.code for item in play.service.checklist(step.checklist)]
    return Move(
        do="act", outcome=exit_.key, who=dice.choice(free) if step.kind in BY_STAFF else "", note="A note",
        reason=reasons[0] if reasons else "", failing=failing, **at, **own,
    )  # fmt: skip


def _somebody(play: Play, waiting: Waiting) -> bool:
    step = play.table.steps[waiting.token.step]
    return step.kind not in BY_STAFF or len(play.barred(step)) < len(employees())


def walked(setting: Setting, dice: random.Random, *, most: int = 150) -> tuple[Play, list[dict[str, Any]]]:
    """A run to its end by chance, and its moves as they are kept."""
    play, moves = Play(setting), list[Move]()

    def make(move: Move) -> None:
        play.make(move)
        moves.append(move)

    make(Move(do="send", **form_of(setting)))
    while not play.ended and len(moves) < most:
        waiting = [one for one in play.open.values() if _somebody(play, one)]
        if not waiting:  # each of the few test employees has had a hand in it
            break
        make(by_chance(play, dice.choice(sorted(waiting, key=lambda one: one.token.id)), dice))
    return play, [move.to_json() for move in moves]
