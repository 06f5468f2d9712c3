"""Small diagrams as another tool would draw them, and those that the standard's interchange group gives out."""

from __future__ import annotations

from pathlib import Path

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "data" / "bpmn"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  targetNamespace="urn:test">"""


def diagram(inside: str, *, more: str = "") -> bytes:
    """A file with one process that holds ``inside``; a flow is written ``a>b``, ``a>b:name`` or ``a>b?condition``."""
    lines, number = [], 0
    for line in inside.strip().splitlines():
        line = line.strip()
        if line.startswith("<"):
            lines.append(line)
            continue
        ends, _, condition = line.partition("?")
        ends, _, name = ends.partition(":")
        source, _, target = ends.partition(">")
        number += 1
        said = (
            f"<conditionExpression xsi:type='tFormalExpression'>{condition}</conditionExpression>"
            if condition
            else ""
        )
        ends = f"sourceRef='{source}' targetRef='{target}'"
        lines.append(f"<sequenceFlow id='f{number}' {ends} name='{name}'>{said}</sequenceFlow>")
    return f"{HEAD}{more}<process id='p' name='Permit'>{''.join(lines)}</process></definitions>".encode()


APPROVAL = """
<startEvent id='s'/>
<userTask id='look' name='Look at it'/>
<exclusiveGateway id='g'/>
<endEvent id='yes' name='Granted'/>
<endEvent id='no' name='Refused'><terminateEventDefinition/></endEvent>
s>look
look>g
g>yes:Grant
g>no:Refuse
"""
WAITING = """
<startEvent id='s'/>
<receiveTask id='wait' name='Wait for the survey'/>
<endEvent id='e' name='Arrived'/>
s>wait
wait>e
"""


def timer(duration: str) -> str:
    """What makes an event one of time."""
    return f"<timerEventDefinition><timeDuration>{duration}</timeDuration></timerEventDefinition>"
