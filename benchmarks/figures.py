"""One figure: what was measured, what it is compared with, and whether the bound that the issue sets is kept."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

AT_LEAST: Final = "at least"
AT_MOST: Final = "at most"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`value` in `unit`; `ratio` to what it is compared with. The bound is on the ratio, or on the value without one.

    Beside it, for one request: `statements`, `buffers` (pages of 8 kB touched) and `cpu_us` (of the web process).
    """

    name: str
    value: float
    unit: str
    compared_with: str = ""
    compared_value: float | None = None
    ratio: float | None = None
    sense: str = ""
    bound: float | None = None
    statements: float | None = None
    buffers: float | None = None
    cpu_us: float | None = None
    note: str = ""

    @property
    def judged(self) -> float:
        """The number that the bound is on."""
        return self.value if self.ratio is None else self.ratio

    @property
    def ok(self) -> bool | None:
        """Whether the bound is kept; None when there is none."""
        if self.bound is None:
            return None
        return self.judged >= self.bound if self.sense == AT_LEAST else self.judged <= self.bound

    def as_data(self) -> dict[str, Any]:
        """For the JSON file."""
        return {**asdict(self), "ok": self.ok}


_HEAD: Final = (
    "name",
    "value",
    "unit",
    "compared with",
    "ratio",
    "bound",
    "ok",
    "statements",
    "buffers",
    "CPU us",
)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _cells(figure: Figure) -> tuple[str, ...]:
    bound = "" if figure.bound is None else f"{figure.sense} {figure.bound:,g}"
    verdict = {True: "yes", False: "MISSED", None: ""}[figure.ok]
    compared = figure.compared_with
    if figure.compared_value is not None:
        compared = f"{compared} {_number(figure.compared_value)}"
    return (
        figure.name,
        _number(figure.value),
        figure.unit,
        compared,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        bound,
        verdict,
        _number(figure.statements),
        _number(figure.buffers),
        _number(figure.cpu_us),
    )


def table(figures: Iterable[Figure]) -> list[str]:
    """The figures as lines of a table that is also Markdown."""
    rows = [_HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return [lines[0], rule, *lines[1:]]


def missed(figures: Iterable[Figure]) -> list[str]:
    """One sentence for every bound that is not kept."""
    return [
        f"{figure.name} is {figure.judged:.2f}; it has to be {figure.sense} {figure.bound:,g}."
        for figure in figures
        if figure.ok is False
    ]
