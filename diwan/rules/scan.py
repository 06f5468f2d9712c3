"""A small scanner of CEL source: names outside strings and comments, and a static measure of cost."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<text>[bBrR]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<number>[0-9][A-Za-z0-9_]*(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?)?|\.[0-9]+)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_MACROS = frozenset({"all", "exists", "exists_one", "map", "filter"})


class Word(NamedTuple):
    """One token: its kind (text, name, number, sign), source, and offset."""

    kind: str
    source: str
    offset: int


def words(text: str) -> list[Word]:
    """The tokens of ``text`` without space and comments."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind != "space":
            found.append(Word(kind, match.group(), match.start()))
    return found


def paths(tokens: list[Word]) -> list[tuple[str, int, int]]:
    """Every dotted path (`a.b.c`; a called name is left out): path, offset of its first, index of its last token."""
    found: list[tuple[str, int, int]] = []
    index = 0
    while index < len(tokens):
        word = tokens[index]
        index += 1
        if word.kind != "name" or _follows_dot(tokens, index - 1):
            continue
        parts = [word.source]
        while index + 1 < len(tokens) and tokens[index].source == "." and tokens[index + 1].kind == "name":
            parts.append(tokens[index + 1].source)
            index += 2
        if index < len(tokens) and tokens[index].source == "(":
            parts.pop()
        if parts:
            found.append((".".join(parts), word.offset, index - 1))
    return found


def _follows_dot(tokens: list[Word], index: int) -> bool:
    """Whether the name at ``index`` selects from something that is not itself a name."""
    if index == 0 or tokens[index - 1].source != ".":
        return False
    return index > 1 and (tokens[index - 2].kind != "sign" or tokens[index - 2].source in ")]}")


def cost(tokens: list[Word], items: int) -> int:
    """An upper measure of work: every token counts once for each pass of the macros around it, of ``items`` each."""
    total, passes = 0, [1]
    for index, word in enumerate(tokens):
        if word.source in "([{":
            loop = index > 1 and tokens[index - 1].source in _MACROS and tokens[index - 2].source == "."
            passes.append(passes[-1] * (items if loop else 1))
        elif word.source in ")]}" and len(passes) > 1:
            passes.pop()
        total += passes[-1]
    return total


def present(text: str, tokens: list[Word], variables: frozenset[str]) -> str:
    """Replace ``has(form.x)`` of a dotted variable by the variable ``has_form.x``, keeping every column."""
    out = list(text)
    for index, word in enumerate(tokens):
        if word.source != "has" or index + 2 >= len(tokens) or tokens[index + 1].source != "(":
            continue
        if index and tokens[index - 1].source == ".":
            continue
        inner = paths(tokens[index + 2 :])
        if not inner or inner[0][1] != tokens[index + 2].offset:
            continue
        path, _offset, last = inner[0]
        close = index + 3 + last
        if path in variables and close < len(tokens) and tokens[close].source == ")":
            end = tokens[close].offset + 1
            out[word.offset : end] = f"has_{path}".ljust(end - word.offset)
    return "".join(out)
