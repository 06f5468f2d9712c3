"""Every packaged workflow, walked at random until each of its ends was reached: whatever the rules answer, it moves."""

from __future__ import annotations

import random
from typing import Any

import pytest

from diwan.catalogue.compiled import CompiledService
from diwan.flow import Position, advance, start
from diwan.flow.events import Intervened
from diwan.flow.soundness import _events
from diwan.rules import Verdict

AWAY = ("withdrawn", "cancelled")
"""What may happen at every step, and so is taken rarely."""
WALKS = 4000
"""Walks at most; most workflows have shown every end after a few hundred."""


def _slugs() -> list[str]:
    from diwan.catalogue.packaged import read_packaged

    return [one.definition.slug for one in read_packaged().services if one.definition.workflow is not None]


@pytest.mark.parametrize("slug", _slugs())
def test_every_end_is_reached(slug: str, services: dict[str, CompiledService]) -> None:
    table = services[slug].flow
    chance = random.Random(slug)
    wanted = {key for key, step in table.steps.items() if step.kind == "end"}
    passed = {key for key, step in table.steps.items() if step.kind in ("party", "vote")}

    def answer(rule: str, facts: Any) -> Verdict:
        return Verdict(chance.random() < 0.5, {})

    for _walk in range(WALKS):
        position: Position = start(table, {}, answer).position
        for _step in range(200):
            passed -= {token.step for token in position.tokens}
            events = list(_events(table, position))
            if not position.tokens or not events:
                break
            onward = [one for one in events if one[0] not in AWAY and not isinstance(one[1], Intervened)]
            likely = onward if onward and chance.random() < 0.95 else events
            position = advance(table, position, chance.choice(likely)[1], {}, answer).position
        wanted.discard(position.end or "")
        if not wanted and not passed:
            return
    raise AssertionError(f"never reached: {sorted(wanted | passed)}")
