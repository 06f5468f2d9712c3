"""Diagrams of other tools: what is taken in, what is refused by the name and id of its element, what attacks."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from lxml import etree
from ruamel.yaml import YAML

from diwan.bpmn import DiagramError, from_bpmn, to_bpmn
from diwan.bpmn.errors import FAULTS
from diwan.bpmn.parsing import MOST_BYTES
from diwan.flow import WorkflowError, compile_workflow
from tests.bpmn.files import APPROVAL, REFERENCE, diagram, timer
from tests.flow.definitions import table_of

ROOT = Path(__file__).parents[2]
NOT, SEVERAL, AT_LOOK = (
    "bpmn.not_executed",
    "multiInstanceLoopCharacteristics",
    "id='it' attachedToRef='look'",
)


def test_a_task_with_the_gateway_that_says_what_came_out() -> None:
    definition = from_bpmn(diagram(APPROVAL), role="ROLE-HEAD")
    assert definition["start"] == "look_at_it"
    assert definition["steps"]["look_at_it"]["actions"] == {
        "grant": {"to": "granted", "label": {"ar": "Grant", "en": "Grant"}},
        "refuse": {"to": "refused", "label": {"ar": "Refuse", "en": "Refuse"}},
    }
    assert definition["steps"]["refused"]["terminates"]
    compile_workflow(definition)


def test_branches_conditions_timers_messages_and_lanes() -> None:
    content = diagram(
        f"""
        <laneSet id='l'><lane id='l1' name='ROLE-INSPECTOR'><flowNodeRef>visit</flowNodeRef></lane></laneSet>
        <startEvent id='s'/><exclusiveGateway id='x' name='Big?' default='f2'/>
        <inclusiveGateway id='split' default='f6'/><inclusiveGateway id='join'/>
        <userTask id='visit' name='Visit'/>
        <boundaryEvent id='late' attachedToRef='visit' name='No visit'>{timer("P1DT12H")}</boundaryEvent>
        <manualTask id='read' name='Read'/>
        <receiveTask id='wait' name='Wait' messageRef='m'/>
        <boundaryEvent id='never' attachedToRef='wait'>{timer("P30D")}</boundaryEvent>
        <endEvent id='e' name='Done'/>
        s>x
        x>wait
        x>split?form.area &gt; 100.0
        split>visit?form.area &gt; 500.0
        split>read?form.food
        split>join
        visit>join
        late>join
        read>join
        join>wait
        wait>e
        never>e
        """,
        more="<message id='m' name='report.arrived'/>",
    )
    definition = from_bpmn(content)
    steps = definition["steps"]
    assert steps["big"]["branches"] == [{"to": "split", "when": "form.area > 100.0"}]
    assert steps["big"]["otherwise"] == "wait"
    assert [branch["to"] for branch in steps["split"]["branches"]] == ["visit", "read"]
    assert (steps["join"]["of"], steps["join"]["to"]) == ("split", "wait")
    assert steps["visit"]["role"] == "ROLE-INSPECTOR"
    assert steps["visit"]["deadline"]["amount"] == 36
    assert steps["visit"]["silence"]["outcome"] == "late"
    assert (steps["wait"]["message"], steps["wait"]["on_late"]) == ("report.arrived", "done")
    table = compile_workflow(definition)
    assert compile_workflow(from_bpmn(to_bpmn(table))) == table


@pytest.mark.parametrize(
    ("drawn", "element", "code"),
    [
        ("<subProcess id='it'/>", "subProcess it", NOT),
        ("<callActivity id='it'/>", "callActivity it", "bpmn.no_called"),
        (
            "<intermediateCatchEvent id='it'><timerEventDefinition/></intermediateCatchEvent>",
            "intermediateCatchEvent it",
            "bpmn.timer",
        ),
        ("<scriptTask id='it'/>", "scriptTask it", NOT),
        ("<eventBasedGateway id='it'/>", "eventBasedGateway it", NOT),
        ("<intermediateThrowEvent id='it'/>", "intermediateThrowEvent it", NOT),
        (f"<userTask id='it'><{SEVERAL} id='loop'/></userTask>", f"{SEVERAL} loop", NOT),
        ("<userTask id='it'><standardLoopCharacteristics/></userTask>", "standardLoopCharacteristics it", NOT),
        ("<userTask id='it' isForCompensation='true'/>", "userTask it", NOT),
        ("<startEvent id='it'><timerEventDefinition id='t'/></startEvent>", "timerEventDefinition t", NOT),
        ("<endEvent id='it'><errorEventDefinition id='t'/></endEvent>", "errorEventDefinition t", NOT),
        (f"<boundaryEvent {AT_LOOK} cancelActivity='false'>{timer('PT1H')}</boundaryEvent>", "boundaryEvent it", NOT),
        ("<startEvent id='it'/>", "startEvent it", "bpmn.one_start"),
        ("<userTask id='it'/>", "userTask it", "bpmn.no_way_out"),
        ("<userTask id='look'/>", "userTask look", "bpmn.same_id"),
        ("<userTask/>", "userTask", "bpmn.no_id"),
        ("<sequenceFlow id='it' sourceRef='look' targetRef='nowhere'/>", "sequenceFlow it", "bpmn.dangling"),
        ("<userTask id='it'/>\nit>yes\nit>no", "userTask it", "bpmn.many_ways_out"),
        ("<serviceTask id='it' name='Send'/>\nit>yes", "serviceTask it", "bpmn.no_act"),
        ("<businessRuleTask id='it'/>\nit>yes", "businessRuleTask it", "bpmn.no_table"),
        ("<parallelGateway id='it'/>\nit>yes\nit>no", "parallelGateway it", "bpmn.no_join"),
        ("<parallelGateway id='it'/>\nlook>it\ng>it\nit>no", "parallelGateway it", "bpmn.no_split"),
        ("<parallelGateway id='it'/>\nlook>it\ng>it\nit>no\nit>yes", "parallelGateway it", "bpmn.mixed_gateway"),
        ("<exclusiveGateway id='it'/>\nit>yes\nit>no?form.a", "sequenceFlow f5", "bpmn.condition_missing"),
        ("<exclusiveGateway id='it'/>\nit>yes?form.b\nit>no?form.a", "exclusiveGateway it", "bpmn.no_otherwise"),
        (f"<boundaryEvent {AT_LOOK}>{timer('P1M')}</boundaryEvent>\nit>no", "boundaryEvent it", "bpmn.duration"),
    ],
)  # fmt: skip
def test_what_is_not_executed_is_refused_by_name_and_id(drawn: str, element: str, code: str) -> None:
    with pytest.raises(DiagramError) as refusal:
        from_bpmn(diagram(APPROVAL + drawn))
    fault = next(fault for fault in refusal.value.faults if fault.code == code)
    said = f"{fault.params['element']} {fault.params['id']}".strip()
    assert said == element
    assert element.split()[0] in str(fault)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference diagrams are not beside the project")
def test_the_reference_diagrams_are_taken_in_or_refused_by_name_and_id() -> None:
    kinds = {}
    for path in sorted(REFERENCE.glob("*.bpmn")):
        try:
            definition = from_bpmn(path.read_bytes(), role="ROLE-CLERK")
            compile_workflow(definition)
            kinds[path.stem] = sorted(step["kind"] for step in definition["steps"].values())
        except DiagramError as refusal:
            kinds[path.stem] = sorted({str(fault.params["element"]) for fault in refusal.faults})
            assert all(fault.params["id"] and fault.line for fault in refusal.faults)
    assert kinds == {
        "A.1.0": ["end", "task", "task", "task"],
        "A.2.0": ["end", "task", "task", "task", "task"],
        "A.2.1": ["sequenceFlow", "task"],
        "A.3.0": ["boundaryEvent", "escalationEventDefinition", "messageEventDefinition", "subProcess"],
        "A.4.0": ["messageFlow", "process"],
        "A.4.1": ["messageFlow", "process"],
    }


def test_what_attacks_a_reader_of_xml_is_refused() -> None:
    bomb = "<!DOCTYPE d [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    outside = "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><d>&x;</d>"
    for content in (
        f"{bomb}]><d>&j;</d>".encode(),
        outside.encode(),
        b"",
        b"\x00\x01",
        b"%PDF-1.7",
        b"<a>" * 5000,
        ("<a>" * 500 + "</a>" * 500).encode(),
        b"<definitions/>",
        diagram(""),
        diagram(APPROVAL).replace(b"UTF-8", b"UTF-16"),
        b" " * (MOST_BYTES + 1),
    ):
        with pytest.raises(DiagramError):
            from_bpmn(content)


def test_a_file_changed_anyhow_is_read_or_refused() -> None:
    """Elements taken out, moved and renamed, attributes exchanged: never anything but a definition or a refusal."""
    source = random.Random(1448)
    files = [to_bpmn(table_of("cl-002")), diagram(APPROVAL)]
    counts = {"read": 0, "refused": 0}
    for _ in range(300):
        root = etree.fromstring(source.choice(files))
        elements = [element for element in root.iter(tag=etree.Element) if "/DI" not in str(element.tag)]
        for _ in range(source.randint(1, 3)):
            _change(source, elements)
        try:
            definition = from_bpmn(etree.tostring(root))
        except DiagramError:
            counts["refused"] += 1
            continue
        counts["read"] += 1
        try:
            compile_workflow(definition)
        except WorkflowError as refusal:
            assert refusal.faults
    assert min(counts.values()) > 20


def _change(source: random.Random, elements: list[etree._Element]) -> None:
    element, other = source.choice(elements), source.choice(elements)
    parent = element.getparent()
    match source.randrange(5):
        case 0 if parent is not None:
            parent.remove(element)
        case 1 if element.attrib:
            del element.attrib[source.choice(list(element.attrib))]
        case 2 if element.attrib:
            element.set(source.choice(list(element.attrib)), other.get("id") or "x")
        case 3:
            element.tag = other.tag
        case 4 if element is not other and element not in other.iterancestors():
            other.append(element)


def test_every_refusal_has_its_arabic_with_the_same_parameters() -> None:
    arabic = YAML(typ="safe").load((ROOT / "locale" / "src" / "bpmn.yaml").read_text(encoding="utf-8"))
    for message in FAULTS.values():
        assert set(re.findall(r"{\w+}", arabic[message])) == set(re.findall(r"{\w+}", message))
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "diwan" / "bpmn").glob("*.py"))
    assert set(re.findall(r'"(bpmn\.[a-z_]+)"', text)) - {"bpmn.refused"} == set(FAULTS)
