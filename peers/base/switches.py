"""Switches of a peer: each part of it can be up, down, slow or worse, by page or by JSON."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

UP, DOWN, SLOW = "up", "down", "slow"
MAX_SECONDS = 120.0


class UnknownSwitch(KeyError):
    """No switch of that name, or not a state of it."""


@dataclass
class Switch:
    """One switch: `state` out of `states`; `seconds` counts for `slow`; `options` belong to the state."""

    name: str
    states: tuple[str, ...]
    state: str = UP
    seconds: float = 3.0
    options: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The switch as the control API shows it."""
        return {
            "name": self.name,
            "state": self.state,
            "states": list(self.states),
            "seconds": self.seconds,
            "options": self.options,
        }


class Board:
    """All switches of one peer, in memory: a restart puts everything up again."""

    def __init__(self, switches: Mapping[str, Iterable[str]]) -> None:
        self._switches = {name: Switch(name, tuple(states)) for name, states in switches.items()}

    def __getitem__(self, name: str) -> Switch:
        try:
            return self._switches[name]
        except KeyError:
            raise UnknownSwitch(name) from None

    def all(self) -> list[Switch]:
        """Every switch, in the order of declaration."""
        return list(self._switches.values())

    def turn(
        self, name: str, *, state: str, seconds: float | None = None, options: dict[str, Any] | None = None
    ) -> Switch:
        """Set a switch; `UnknownSwitch` for a name or state that does not exist."""
        switch = self[name]
        if state not in switch.states:
            raise UnknownSwitch(f"{name}: {state}")
        switch.state = state
        switch.seconds = min(max(seconds, 0.0), MAX_SECONDS) if seconds is not None else 3.0
        switch.options = options or {}
        return switch

    def reset(self) -> None:
        """Everything up."""
        for switch in self._switches.values():
            self.turn(switch.name, state=UP)

    async def gate(self, name: str, request: web.Request) -> str:
        """Act out `down` (the connection breaks, no answer) and `slow`; return the state for the rest."""
        switch = self[name]
        if switch.state == DOWN:
            break_connection(request)
        if switch.state == SLOW:
            await asyncio.sleep(switch.seconds)
        return switch.state


def break_connection(request: web.Request) -> None:
    """Drop the connection without an answer, as a dead system does."""
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError
