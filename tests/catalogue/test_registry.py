"""Kinds are declared once, and everything a packaged service names is declared."""

from __future__ import annotations

import pytest

from diwan.catalogue import registry
from diwan.catalogue.registry import Kind, UnknownKind
from diwan.flow.table import KINDS, Text


def test_every_step_kind_of_the_flow_is_declared() -> None:
    assert registry.names("step") == frozenset(KINDS)


@pytest.mark.parametrize("group", registry.GROUPS)
def test_every_kind_has_texts(group: str) -> None:
    found = list(registry.kinds(group))
    assert found
    assert all(kind.title.ar and kind.title.en and kind.about for kind in found)


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        registry.declare(Kind("check", "rule", Text("أ", "a"), "again"))


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown group"):
        registry.declare(Kind("spell", "x", Text("أ", "a"), "x"))


def test_an_undeclared_kind_is_named() -> None:
    with pytest.raises(UnknownKind, match=r"checks\.stars"):
        registry.kind("act", "checks.stars")


def test_what_is_executed_and_not_declared_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_executed", [])
    assert registry.unmatched() == []
    registry.executes(
        lambda: {"act": frozenset({"checks.stars"}), "template": frozenset({"licence", "poem"})}
    )
    missing = [
        f"{group} {name} is declared but nobody executes it"
        for group in ("act", "guard", "follow_up", "consequence")
        for name in sorted(registry.names(group))
    ]
    assert registry.unmatched() == [
        *missing,
        "act checks.stars is executed but not declared",
        "template poem is executed but not declared",
    ]
