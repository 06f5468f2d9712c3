"""A BPMN 2.0 file -> its elements, read with care: nothing outside the file is fetched, nothing inside expands.

What is not executed is refused here by the name and id of its element.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from diwan.bpmn import plain
from diwan.bpmn.errors import FAULTS, DiagramError, DiagramFault, refused
from diwan.bpmn.names import bpmn, ours
from diwan.bpmn.slots import fits, is_own

MOST_BYTES: Final = 4_000_000
MOST_DRAWN: Final = 6_000
"""Shapes and arrows of a process; a workflow of most steps that is drawn here has far fewer."""

NODES: Final = frozenset({
    "startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "task", "userTask", "manualTask",
    "serviceTask", "businessRuleTask", "receiveTask", "callActivity",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway",
})  # fmt: skip
SILENT: Final = frozenset({
    "documentation", "extensionElements", "ioSpecification", "dataObject", "dataObjectReference", "dataStoreReference",
    "dataInputAssociation", "dataOutputAssociation", "property", "textAnnotation", "association", "group", "auditing",
    "monitoring", "incoming", "outgoing", "laneSet", "dataInput", "dataOutput", "inputSet", "outputSet", "ioBinding",
    "supportedInterfaceRef", "supports", "resourceRole", "performer", "humanPerformer", "potentialOwner",
})  # fmt: skip
"""What changes nothing about how a case runs: notes, data on paper, and what is read elsewhere."""
ROOT_SILENT: Final = frozenset({
    "documentation", "extensionElements", "import", "itemDefinition", "message", "dataStore", "category", "resource",
    "interface", "relationship", "process", "collaboration", "signal", "error", "escalation", "correlationProperty",
    "partnerEntity", "partnerRole", "endPoint",
})  # fmt: skip
"""What is only declared beside a process; an event that uses a signal or an error is refused where it stands."""
_EVENTS: Final = {
    "startEvent": frozenset[str](),
    "endEvent": frozenset({"terminateEventDefinition"}),
    "boundaryEvent": frozenset({"timerEventDefinition"}),
    "intermediateCatchEvent": frozenset({"messageEventDefinition", "timerEventDefinition"}),
}
_INSIDE_NODE: Final = SILENT | {"rendering"}
_ONCE: Final = ("startQuantity", "completionQuantity")


NAMELESS: Final = "-"
"""In a refusal, for an element that has no id."""


@dataclass(slots=True)
class Element:
    """One node or flow of a file, with what we once wrote into it, if we did."""

    id: str
    tag: str
    name: str
    line: int | None
    source: str = ""
    target: str = ""
    condition: str | None = None
    language: str | None = None
    """Of the condition, if the file says it."""
    default: str | None = None
    host: str | None = None
    interrupts: bool = True
    duration: str | None = None
    date: str | None = None
    calls: str | None = None
    message: str | None = None
    terminates: bool = False
    step: str | None = None
    own: dict[str, Any] = field(default_factory=dict)
    slot: tuple[str, ...] | None = None
    always: bool = False
    drawn: str | None = None
    documentation: str = ""


@dataclass(slots=True)
class Diagram:
    """The elements of one process."""

    key: str
    whole: dict[str, Any] | None
    process: Element
    nodes: dict[str, Element] = field(default_factory=dict)
    flows: dict[str, Element] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    """Node -> the name of its lane."""
    refused: set[str] = field(default_factory=set)
    """Elements that are there and not executed."""
    faults: list[DiagramFault] = field(default_factory=list)
    noted: set[tuple[str, str, int | None]] = field(default_factory=set)
    """What the faults are about, so that none is said twice."""

    def fault(self, code: str, element: Element, **params: Any) -> None:
        """Note what stands in the way at an element."""
        said = {"element": element.tag, "id": element.id or NAMELESS, **params}
        about = (code, str(sorted(said.items())), element.line)
        if about not in self.noted:
            self.noted.add(about)
            self.faults.append(DiagramFault(code, FAULTS[code], said, element.line))

    def give_up_if_faulty(self) -> None:
        """Raise `DiagramError` with everything noted so far."""
        if self.faults:
            raise DiagramError(tuple(sorted(self.faults, key=lambda fault: fault.line or 0)))


def parse(content: bytes) -> Diagram:
    """Read a file. Raises `DiagramError`."""
    process, messages, faults = _process(_root(content))
    if len(process) > MOST_DRAWN:
        raise refused("bpmn.too_many", process.sourceline, most=MOST_DRAWN)
    name = process.get("name") or process.get("id") or "imported"
    diagram = Diagram(name, None, _element(process), faults=faults)
    for told in process.iterfind(f"{bpmn('extensionElements')}/{ours('workflow')}"):
        diagram.whole = _plain(diagram, told, _element(process))
        diagram.key = str(diagram.whole.get("key", diagram.key))
        if {"start", "steps"} & set(diagram.whole):
            diagram.fault("bpmn.damaged", _element(process))
    for child in process.iterchildren(tag=etree.Element):
        _child(diagram, child, messages)
    _lanes(diagram, process)
    _ends_meet(diagram)
    diagram.give_up_if_faulty()
    return diagram


def _root(content: bytes) -> etree._Element:
    if len(content) > MOST_BYTES:
        raise refused("bpmn.too_large", most=MOST_BYTES)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, etree.XMLSyntaxError) else None
        raise refused("bpmn.unreadable", line, reason=str(error).split(", line", 1)[0]) from error
    if root.getroottree().docinfo.doctype:
        raise refused("bpmn.doctype")
    return root


def _process(root: etree._Element) -> tuple[etree._Element, dict[str, str], list[DiagramFault]]:
    """The one process, the names of messages, and what else stands at the top that is not executed."""
    processes = root.findall(bpmn("process"))
    if root.tag != bpmn("definitions") or not processes:
        raise refused("bpmn.no_process")
    messages = {
        one.get("id", ""): one.get("name") or one.get("id", "") for one in root.iterchildren(bpmn("message"))
    }
    beside = [*root.iterchildren(tag=etree.Element), *root.iterfind(f"{bpmn('collaboration')}/*")]
    faults = [
        DiagramFault(
            "bpmn.not_executed",
            FAULTS["bpmn.not_executed"],
            {"element": _tag(one), "id": one.get("id") or NAMELESS},
            one.sourceline,
        )
        for one in beside
        if (one.tag == bpmn("process") and one is not processes[0]) or _acts_at_the_top(one)
    ]
    return processes[0], messages, faults


def _acts_at_the_top(element: etree._Element) -> bool:
    """Whether an element beside the process would have to be executed: a flow of messages, a signal, a choreography."""
    tag = _tag(element)
    if tag == "participant":
        return element.find(bpmn("participantMultiplicity")) is not None
    if tag == "extension":
        return element.get("mustUnderstand") in ("true", "1")
    return tag is not None and tag not in ROOT_SILENT and tag not in SILENT


def _tag(element: etree._Element) -> str | None:
    """The local name of an element of BPMN; None for one of another namespace."""
    name = etree.QName(element)
    return name.localname if bpmn(name.localname) == element.tag else None


def _element(element: etree._Element) -> Element:
    name = etree.QName(element).localname
    return Element(
        _ref(element, "id") or "", name, " ".join((element.get("name") or "").split()), element.sourceline
    )


def _ref(element: etree._Element, attribute: str) -> str | None:
    """An id as the schema reads it: white space around it is none of it."""
    found = element.get(attribute)
    return None if found is None else found.strip()


def _child(diagram: Diagram, child: etree._Element, messages: dict[str, str]) -> None:
    tag = _tag(child)
    if tag is None or tag in SILENT:
        return
    element = _element(child)
    if tag not in NODES and tag != "sequenceFlow":
        diagram.refused.add(element.id)
        diagram.fault("bpmn.not_executed", element)
    elif not element.id:
        diagram.fault("bpmn.no_id", element, id="")
    elif element.id in diagram.nodes or element.id in diagram.flows:
        diagram.fault("bpmn.same_id", element)
    elif tag == "sequenceFlow":
        _flow(diagram, child, element)
    else:
        _node(diagram, child, element, messages)


def _flow(diagram: Diagram, child: etree._Element, element: Element) -> None:
    element.source, element.target = _ref(child, "sourceRef") or "", _ref(child, "targetRef") or ""
    condition = child.find(bpmn("conditionExpression"))
    if condition is not None:
        element.condition = "".join(condition.itertext()).strip() or None
        element.language = condition.get("language")
    for told in child.iterfind(f"{bpmn('extensionElements')}/*"):
        if told.tag == ours("exit"):
            key = told.get("key")
            element.slot = (told.get("slot", ""),) if key is None else (told.get("slot", ""), key)
            element.always = told.get("always") == "true"
            element.own = _plain(diagram, told, element)
            if not fits(element.slot) or "to" in element.own:
                diagram.fault("bpmn.damaged", element)
        elif told.tag == ours("drawn"):
            element.drawn = told.get("why", "")
    diagram.flows[element.id] = element


def _node(diagram: Diagram, child: etree._Element, element: Element, messages: dict[str, str]) -> None:
    element.default = _ref(child, "default")
    element.host = _ref(child, "attachedToRef")
    element.calls = child.get("calledElement")
    element.interrupts = child.get("cancelActivity", "true") in ("true", "1")
    element.message = _message(diagram, child, element, messages)
    element.documentation = " ".join("".join(child.itertext(bpmn("documentation"))).split())
    known = _EVENTS.get(element.tag, frozenset())
    events = 0
    for inner in child.iterchildren(tag=etree.Element):
        tag = _tag(inner)
        if tag is None or tag in _INSIDE_NODE:
            continue
        if tag not in known:
            diagram.fault(
                "bpmn.not_executed", Element(inner.get("id") or element.id, tag, "", inner.sourceline)
            )
        events += 1
        _event(diagram, inner, tag, element, messages)
    _attributes(diagram, child, element, events)
    for told in child.iterfind(f"{bpmn('extensionElements')}/*"):
        if told.tag == ours("step"):
            element.step = told.get("key", "")
            element.own = _plain(diagram, told, element)
            if not is_own(element.own):
                diagram.fault("bpmn.damaged", element)
        elif told.tag == ours("drawn"):
            element.drawn = told.get("why", "")
    diagram.nodes[element.id] = element


def _attributes(diagram: Diagram, child: etree._Element, element: Element, events: int) -> None:
    """What a node says of itself that is executed nowhere. ``events``: how many definitions an event has."""
    if element.tag in ("boundaryEvent", "intermediateCatchEvent") and events != 1:
        diagram.fault("bpmn.not_executed", element)
    if element.tag == "boundaryEvent" and not element.interrupts:
        diagram.fault("bpmn.not_executed", element)
    if child.get("isForCompensation") in ("true", "1"):
        diagram.fault("bpmn.not_executed", element)
    if child.get("instantiate") in ("true", "1"):
        diagram.fault("bpmn.attribute", element, name="instantiate")
    for name in _ONCE:
        if child.get(name, "1").strip() != "1":
            diagram.fault("bpmn.attribute", element, name=name)


def _event(
    diagram: Diagram, inner: etree._Element, tag: str, element: Element, messages: dict[str, str]
) -> None:
    if tag == "terminateEventDefinition":
        element.terminates = True
    elif tag == "timerEventDefinition":
        said = [
            (_tag(part), "".join(part.itertext()).strip())
            for part in inner.iterchildren(bpmn("timeDuration"), bpmn("timeDate"), bpmn("timeCycle"))
        ]
        element.duration = ""
        match said:
            case [("timeDuration", text)]:
                element.duration = text
            case [("timeDate", text)]:
                element.date = text
            case _:
                element.duration = ", ".join(f"{name} {text}" for name, text in said)
    elif tag == "messageEventDefinition":
        element.message = _message(diagram, inner, element, messages)


def _message(
    diagram: Diagram, named: etree._Element, element: Element, messages: dict[str, str]
) -> str | None:
    """The name of the message that an element refers to; the reference can have a prefix of the file's own."""
    reference = _ref(named, "messageRef")
    if not reference:
        return None
    for known in (reference, reference.rpartition(":")[2]):
        if known in messages:
            return messages[known]
    diagram.fault("bpmn.dangling", element, name=reference)
    return None


def _plain(diagram: Diagram, told: etree._Element, element: Element) -> dict[str, Any]:
    try:
        return plain.read(told)
    except (ValueError, KeyError):
        diagram.fault("bpmn.damaged", element)
        return {}


def _lanes(diagram: Diagram, process: etree._Element) -> None:
    """The innermost lane of each node."""
    for lane in process.iter(bpmn("lane")):
        for reference in lane.iterchildren(bpmn("flowNodeRef")):
            diagram.lanes[(reference.text or "").strip()] = " ".join((lane.get("name") or "").split())


def _ends_meet(diagram: Diagram) -> None:
    for flow in diagram.flows.values():
        for end in (flow.source, flow.target):
            if end not in diagram.nodes and end not in diagram.refused:
                diagram.fault("bpmn.dangling", flow, name=end or NAMELESS)
    for node in diagram.nodes.values():
        known = node.host in diagram.nodes or node.host in diagram.refused
        if node.tag == "boundaryEvent" and not known:
            diagram.fault("bpmn.dangling", node, name=node.host or NAMELESS)
