"""`Picture` -> a BPMN 2.0 file. The same workflow always gives the same bytes."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from diwan.bpmn import plain
from diwan.bpmn.layout import Sheet, corners, lay_out
from diwan.bpmn.names import BOUNDS, CEL, DIAGRAM, EDGE, OURS, PREFIXES, bpmn, ours
from diwan.bpmn.picture import Flow, Node, Picture

EXPORTER: Final = "Diwan"
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def write(picture: Picture) -> bytes:
    """The file, in UTF-8 with its diagram."""
    root = etree.Element(bpmn("definitions"), nsmap={**PREFIXES, "xsi": XSI})
    name = _NOT_IN_A_NAME.sub("_", picture.key)
    root.set("id", f"Definitions_{name}")
    root.set("targetNamespace", OURS)
    root.set("expressionLanguage", CEL)
    root.set("exporter", EXPORTER)
    for message in dict.fromkeys(node.message for node in picture.nodes if node.message):
        etree.SubElement(root, bpmn("message"), id=message_id(message), name=message)
    collaboration = etree.SubElement(root, bpmn("collaboration"), id="Collaboration")
    participant = etree.SubElement(collaboration, bpmn("participant"), id="Participant", name=picture.key)
    participant.set("processRef", f"Process_{name}")
    process = etree.SubElement(
        root, bpmn("process"), id=f"Process_{name}", name=picture.key, isExecutable="true"
    )
    extension = etree.SubElement(process, bpmn("extensionElements"))
    plain.write(etree.SubElement(extension, ours("workflow")), picture.whole)
    _lanes(process, picture)
    for node in picture.nodes:
        _node(process, node, picture)
    for flow in picture.flows:
        _flow(process, flow)
    _diagram(root, picture, lay_out(picture))
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return content


def lane_id(lane: str) -> str:
    """The id of a lane."""
    return "Lane_" + _NOT_IN_A_NAME.sub("_", lane)


def message_id(message: str) -> str:
    """The id of a message."""
    return "Message_" + _NOT_IN_A_NAME.sub("_", message)


def _lanes(process: etree._Element, picture: Picture) -> None:
    lanes = etree.SubElement(process, bpmn("laneSet"), id="Lanes")
    for lane, name in picture.lanes.items():
        element = etree.SubElement(lanes, bpmn("lane"), id=lane_id(lane), name=name)
        for node in picture.nodes:
            if node.lane == lane:
                etree.SubElement(element, bpmn("flowNodeRef")).text = node.id


def _node(process: etree._Element, node: Node, picture: Picture) -> None:
    element = etree.SubElement(process, bpmn(node.element), id=node.id)
    if node.name:
        element.set("name", node.name)
    for attribute, value in (("attachedToRef", node.host), ("calledElement", node.calls)):
        if value is not None:
            element.set(attribute, value)
    if node.message and node.element == "receiveTask":
        element.set("messageRef", message_id(node.message))
    outgoing = [flow for flow in picture.flows if flow.source == node.id]
    for flow in filter(_is_default, outgoing):
        element.set("default", flow.id)
    extension = etree.SubElement(element, bpmn("extensionElements"))
    if node.step is not None:
        plain.write(etree.SubElement(extension, ours("step"), key=node.step), node.own)
    else:
        etree.SubElement(extension, ours("drawn"), why=node.drawn or "")
    for flow in picture.flows:
        if flow.target == node.id:
            etree.SubElement(element, bpmn("incoming")).text = flow.id
    for flow in outgoing:
        etree.SubElement(element, bpmn("outgoing")).text = flow.id
    if node.timer is not None:
        event = etree.SubElement(element, bpmn("timerEventDefinition"), id=f"Timer_{node.id}")
        duration = etree.SubElement(event, bpmn("timeDuration" if node.host else "timeDate"))
        duration.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        duration.text = node.timer
    if node.terminates:
        etree.SubElement(element, bpmn("terminateEventDefinition"), id=f"Terminate_{node.id}")


def _is_default(flow: Flow) -> bool:
    return flow.default


def _flow(process: etree._Element, flow: Flow) -> None:
    element = etree.SubElement(process, bpmn("sequenceFlow"), id=flow.id)
    if flow.name:
        element.set("name", flow.name)
    element.set("sourceRef", flow.source)
    element.set("targetRef", flow.target)
    extension = etree.SubElement(element, bpmn("extensionElements"))
    if flow.slot is None:
        etree.SubElement(extension, ours("drawn"), why="follows")
    else:
        place, own = flow.slot.place, flow.slot.own
        told = etree.SubElement(extension, ours("exit"), slot=str(place[0]))
        if len(place) > 1 and isinstance(place[1], str):
            told.set("key", place[1])
        if place[0] == "branches" and "when" not in own and flow.condition == "true":
            told.set("always", "true")
        plain.write(told, {key: item for key, item in own.items() if key != "when"})
    if flow.condition is not None:
        condition = etree.SubElement(element, bpmn("conditionExpression"))
        condition.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        condition.text = flow.condition


def _diagram(root: etree._Element, picture: Picture, sheet: Sheet) -> None:
    diagram = etree.SubElement(root, f"{{{DIAGRAM}}}BPMNDiagram", id="Diagram")
    plane = etree.SubElement(diagram, f"{{{DIAGRAM}}}BPMNPlane", id="Plane", bpmnElement="Collaboration")
    _shape(plane, "Participant", sheet.whole, isHorizontal="true")
    for lane in picture.lanes:
        _shape(plane, lane_id(lane), sheet.lanes[lane], isHorizontal="true")
    for node in picture.nodes:
        more = {"isMarkerVisible": "true"} if node.element == "exclusiveGateway" else {}
        _shape(plane, node.id, sheet.nodes[node.id], **more)
    for flow in picture.flows:
        edge = etree.SubElement(plane, f"{{{DIAGRAM}}}BPMNEdge", id=f"Edge_{flow.id}", bpmnElement=flow.id)
        for x, y in corners(sheet.flows[flow.id]):
            etree.SubElement(edge, f"{{{EDGE}}}waypoint", x=str(x), y=str(y))


def _shape(plane: etree._Element, id_: str, box: tuple[int, int, int, int], **more: str) -> None:
    shape = etree.SubElement(
        plane, f"{{{DIAGRAM}}}BPMNShape", {"id": f"Shape_{id_}", "bpmnElement": id_, **more}
    )
    x, y, width, height = map(str, box)
    etree.SubElement(shape, f"{{{BOUNDS}}}Bounds", x=x, y=y, width=width, height=height)
