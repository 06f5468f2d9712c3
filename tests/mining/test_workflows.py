"""Every packaged workflow can be drawn with figures and simulated: no kind of step is unknown to the model."""

from __future__ import annotations

from diwan.catalogue.compiled import CompiledService
from diwan.flow import Table
from diwan.mining.comparing import simulated
from diwan.mining.figures import Figures, figures_of
from diwan.mining.model import Arrivals, Model, Spread, StepModel
from diwan.mining.sheet import drawing_of
from tests.catalogue.conftest import packaged, services  # noqa: F401  fixtures
from tests.conftest import Some
from tests.mining.test_pure import BEGIN


def _figures(table: Table) -> Figures:
    """Each way out of each step, taken twice."""
    whole = {"opened": 10, "ended": 5, "lead_at": [1.0, 2.0], "versions": 1}
    rows: list[tuple[str, dict[str, object]]] = [("whole", whole)]
    times = {"elapsed": 10.0, "due": 0, "late": 0, "elapsed_at": [1.0, 2.0], "working_at": [1.0, 2.0]}
    for key, step in table.steps.items():
        if step.exits:
            rows.append(
                ("step", {"step": key, "kind": step.kind, "role": "", "done": 5, "cases": 5, **times})
            )
        rows += [("outcome", {"step": key, "outcome": outcome, "count": 2}) for outcome in step.exits]
    return figures_of(rows)


def test_every_packaged_workflow_is_drawn_and_simulated(
    services: dict[str, CompiledService],  # noqa: F811
    some_of: Some[Table],
) -> None:
    tables = [service.table for service in services.values() if service.table is not None]
    assert len(tables) > 10
    for table in some_of(tables):
        drawing = drawing_of(table, _figures(table), language="ar", from_right=True)
        steps = {key for key, step in table.steps.items() if step.exits}
        assert {shape.figures.key for shape in drawing.shapes if shape.figures is not None} == steps, (
            table.key
        )
        model = Model(
            arrivals=Arrivals([1.0] * 336), places={1: 1.0}, decisions={}, staff={}, other={},
            steps={
                key: StepModel(dict.fromkeys(step.exits, 1.0), delay=Spread((60.0,)))
                for key, step in table.steps.items()
            },
        )  # fmt: skip
        found = simulated(model, table, {}, begin=BEGIN.timestamp(), weeks=0.1, runs=1)
        assert found.unfinished == 0 and found.lead is not None, table.key
