"""Out, in and out again: the same file, the same table; every kind of step; what was changed elsewhere counts."""

from __future__ import annotations

import itertools
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from lxml import etree

from diwan.bpmn import from_bpmn, to_bpmn
from diwan.bpmn.names import DIAGRAM, EDGE, bpmn
from diwan.catalogue.compiled import CompiledService
from diwan.catalogue.queries import compiled_service
from diwan.catalogue.source import read_yaml
from diwan.flow import Table, compile_workflow
from diwan.flow.definition import definition_of
from diwan.flow.table import KINDS
from diwan.kit import clock
from tests.bpmn.files import WAITING, diagram
from tests.catalogue.conftest import packaged, services  # noqa: F401  fixtures
from tests.catalogue.test_procedures import _slugs
from tests.flow.definitions import NAMES, table_of


def _tables(services: dict[str, CompiledService]) -> list[Table]:  # noqa: F811
    waiting = compile_workflow(from_bpmn(diagram(WAITING)))
    return [*(services[slug].flow for slug in _slugs()), *(table_of(name) for name in NAMES), waiting]


TITLES = {"ROLE-HEAD": "رئيس البلدية"}


@pytest.fixture(scope="module")
def sheets(services: dict[str, CompiledService]) -> list[tuple[Table, bytes]]:  # noqa: F811
    """Every workflow with its drawing in Arabic."""
    return [(table, to_bpmn(table, language="ar", titles=TITLES)) for table in _tables(services)]


def test_out_in_and_out_again(sheets: list[tuple[Table, bytes]]) -> None:
    kinds: set[str] = set()
    for table, content in sheets:
        assert compile_workflow(definition_of(table)) == table, table.key
        _comes_back(table, content, "ar")
        kinds |= {step.kind for step in table.steps.values()}
    assert set(KINDS) - kinds == set()


@pytest.mark.full
def test_out_in_and_out_again_in_english(sheets: list[tuple[Table, bytes]]) -> None:
    for table, _arabic in sheets:
        _comes_back(table, to_bpmn(table, language="en", titles=TITLES), "en")


def _comes_back(table: Table, content: bytes, language: str) -> None:
    again = compile_workflow(from_bpmn(content))
    assert again == table, table.key
    assert list(again.steps) == list(table.steps)
    assert to_bpmn(again, language=language, titles=TITLES) == content


def test_a_gateway_that_waits_for_all_gets_one_arrow_a_branch(sheets: list[tuple[Table, bytes]]) -> None:
    """An engine that reads the sheet waits at a gathering parallelGateway for each of its arrows."""
    gathered = 0
    for table, content in sheets:
        root = etree.fromstring(content)
        flows = {flow.get("id"): flow for flow in root.iter(bpmn("sequenceFlow"))}
        for key, step in table.steps.items():
            node = next(iter(root.xpath("//*[@id=$id]", id=f"Step_{key}")), None)
            if step.kind != "join" or node is None or node.tag != bpmn("parallelGateway"):
                continue
            split = table.steps[step.of or ""]
            coming = [flows[each.text] for each in node.iter(bpmn("incoming"))]
            assert len(coming) == max(1, len(split.branches)), f"{table.key}.{key}"
            gathered += any(str(flow.get("sourceRef")).startswith("Merge_") for flow in coming)
    assert gathered > 0


def test_the_sheet_holds_every_shape_and_no_arrow_crosses_one(sheets: list[tuple[Table, bytes]]) -> None:
    for table, content in sheets:
        root = etree.fromstring(content)
        boxes = {}
        for shape in root.iter(f"{{{DIAGRAM}}}BPMNShape"):
            bounds = shape[0]
            boxes[str(shape.get("bpmnElement"))] = [
                int(bounds.get(key, "0")) for key in ("x", "y", "width", "height")
            ]
        whole = boxes.pop("Participant")
        shapes = {
            name: box
            for name, box in boxes.items()
            if name.startswith(("Step_", "Outcomes_", "Origins_", "Start"))
        }
        assert all(
            min(x, y) >= 0 and x + w <= whole[2] and y + h <= whole[3] for x, y, w, h in boxes.values()
        )
        corners = [(box[0], box[1]) for box in shapes.values()]
        assert len(set(corners)) == len(corners)
        flows = {str(flow.get("id")): flow for flow in root.iter(bpmn("sequenceFlow"))}
        hosts = {event.get("id"): event.get("attachedToRef") for event in root.iter(bpmn("boundaryEvent"))}
        for edge in root.iter(f"{{{DIAGRAM}}}BPMNEdge"):
            flow = flows[str(edge.get("bpmnElement"))]
            ends = {flow.get("sourceRef"), flow.get("targetRef"), hosts.get(flow.get("sourceRef"))}
            points = [(int(p.get("x", "0")), int(p.get("y", "0"))) for p in edge.iter(f"{{{EDGE}}}waypoint")]
            for (x1, y1), (x2, y2) in itertools.pairwise(points):
                assert x1 == x2 or y1 == y2
                for name, (x, y, w, h) in shapes.items():
                    inside = (
                        min(x1, x2) < x + w and max(x1, x2) > x and min(y1, y2) < y + h and max(y1, y2) > y
                    )
                    assert not inside or name in ends, (
                        table.key,
                        edge.get("id"),
                        name,
                    )


def test_an_arrow_that_was_moved_elsewhere_leads_elsewhere() -> None:
    table = table_of("cl-002")
    root = etree.fromstring(to_bpmn(table))
    step = next(step for step in table.steps.values() if len(step.exits) > 1 and step.kind == "task")
    ends = [key for key, other in table.steps.items() if other.kind == "end"]
    outcome, exit_ = next((key, exit_) for key, exit_ in step.exits.items() if exit_.effect != "return")
    other = next(key for key in ends if key != exit_.to)
    for flow in root.iter(bpmn("sequenceFlow")):
        if flow.get("sourceRef") == f"Outcomes_{step.key}" and flow.get("targetRef") == f"Step_{exit_.to}":
            flow.set("targetRef", f"Step_{other}")
            break
    definition = from_bpmn(etree.tostring(root))
    assert definition["steps"][step.key]["actions"][outcome]["to"] == other


def test_a_step_that_was_drawn_into_our_file_is_a_step() -> None:
    root = etree.fromstring(to_bpmn(table_of("cl-002")))
    process = root.find(bpmn("process"))
    assert process is not None
    start = next(flow for flow in process.iter(bpmn("sequenceFlow")) if flow.get("sourceRef") == "StartEvent")
    first = str(start.get("targetRef"))
    start.set("targetRef", "Activity_1")
    etree.SubElement(process, bpmn("userTask"), id="Activity_1", name="Sort the mail")
    etree.SubElement(process, bpmn("sequenceFlow"), id="new", sourceRef="Activity_1", targetRef=first)
    definition = from_bpmn(etree.tostring(root), role="ROLE-CLERK")
    assert definition["start"] == "sort_the_mail"
    assert definition["steps"]["sort_the_mail"]["role"] == "ROLE-CLERK"
    compile_workflow(definition)


@pytest.mark.parametrize("key", ["a.b-c", "x" * 64, "Ω name & <sign>"])
def test_any_key_of_a_workflow_comes_back(key: str) -> None:
    definition = definition_of(table_of("cl-002")) | {"key": key}
    table = compile_workflow(definition)
    assert compile_workflow(from_bpmn(to_bpmn(table))).key == key


def test_a_workflow_goes_out_and_comes_back_by_the_command_line(catalogue: str, tmp_path: Path) -> None:
    drawn, written = tmp_path / "objection.bpmn", tmp_path / "objection.yaml"
    call_command("catalogue", "to-bpmn", "object-to-decision", str(drawn), stdout=StringIO())
    assert "عضو لجنة الاعتراضات" in drawn.read_text(encoding="utf-8")
    call_command("catalogue", "from-bpmn", str(drawn), str(written), stdout=StringIO())
    service = compiled_service("object-to-decision", clock.today())
    assert service is not None
    assert compile_workflow(read_yaml(written).data) == service.flow
    with pytest.raises(CommandError, match="No service nothing"):
        call_command("catalogue", "to-bpmn", "nothing", str(drawn))
    with pytest.raises(CommandError, match="no readable XML"):
        call_command("catalogue", "from-bpmn", str(written), str(drawn))
