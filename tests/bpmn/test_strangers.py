"""Diagrams that mean more, or something else, than we would run: refused by name and id. The rest means the same."""

from __future__ import annotations

import pytest

from diwan.bpmn import DiagramError, from_bpmn, to_bpmn
from diwan.bpmn.parsing import MOST_DRAWN
from diwan.flow import compile_workflow
from diwan.flow.compiler import MAX_STEPS
from tests.bpmn.files import APPROVAL, diagram, timer

ENDS = "<startEvent id='s'/><endEvent id='e'/><endEvent id='e2'/>"
LOOK = f"{ENDS}<userTask id='look' name='Look'/>"
CHOICE = f"{ENDS}<exclusiveGateway id='g' default='f3'/><userTask id='a'/>\ns>g\ng>a?CONDITION\ng>e2\na>e"
BOTH = f"""
{ENDS}<KIND id='g'/><KIND id='j'/><exclusiveGateway id='x' default='f1'/>
<userTask id='a'/><userTask id='b'/><userTask id='c'/>
"""
PARALLEL = BOTH.replace("KIND", "parallelGateway").replace("<endEvent id='e2'/>", "")
INCLUSIVE = BOTH.replace("KIND id='g'", "KIND id='g' default='f4'").replace("KIND", "inclusiveGateway")
AT_LOOK = f"<boundaryEvent id='late' attachedToRef='look'>{timer('P1D')}</boundaryEvent>"


def codes(content: bytes) -> set[str]:
    """What a file is refused for: ``code element id``."""
    with pytest.raises(DiagramError) as refusal:
        from_bpmn(content)
    assert all(fault.line for fault in refusal.value.faults)
    return {
        f"{fault.code.removeprefix('bpmn.')} {fault.params.get('element', '')} {fault.params.get('id', '')}".strip()
        for fault in refusal.value.faults
    }


AROUND_LOOK = "\ns>look\nlook>e\nlate>e2"
AROUND_WAIT = "\ns>w\nw>e"
TWICE = LOOK.replace("<userTask", "<userTask startQuantity='2'")
CYCLE = AT_LOOK.replace("timeDuration", "timeCycle")
UNNAMED = INCLUSIVE.replace(" default='f4'", "")


def on(day: str) -> str:
    """A wait for a day."""
    event = timer(day).replace("timeDuration", "timeDate")
    return f"{ENDS}<intermediateCatchEvent id='w'>{event}</intermediateCatchEvent>{AROUND_WAIT}"


@pytest.mark.parametrize(
    ("drawn", "refused"),
    [
        (f"{LOOK}\ns>look\nlook>e?form.a", "condition_elsewhere sequenceFlow f2"),
        (f"{LOOK}<exclusiveGateway id='x'/>\ns>x\nx>look?form.a\nlook>e", "condition_elsewhere sequenceFlow f2"),
        (CHOICE.replace("g>e2", "g>e2?form.b"), "condition_elsewhere sequenceFlow f3"),
        (CHOICE.replace("CONDITION", "${ready}"), "condition sequenceFlow f2"),
        (CHOICE.replace("CONDITION", "=amount > 3"), "condition sequenceFlow f2"),
        (CHOICE.replace("CONDITION", "a === b"), "condition sequenceFlow f2"),
        (CHOICE.replace("CONDITION", " "), "condition_missing sequenceFlow f2"),
        (CHOICE.replace("'f3'", "'none'"), "dangling exclusiveGateway g"),
        (f"{PARALLEL}x>c?form.a\nx>j\ns>g\ng>x\ng>b\nc>j\nb>j\nj>a\na>e", "arrows_at_join parallelGateway j"),
        (f"{PARALLEL}x>j\ns>g\ng>a\ng>b\ng>c\na>x\nb>x\nc>j\nj>e", "arrows_at_join parallelGateway j"),
        (f"{INCLUSIVE}s>g\ng>a?form.a\ng>b\ng>c\na>j\nb>j\nc>j\nj>e", "condition_missing sequenceFlow f3"),
        (f"{UNNAMED}s>g\ng>a?form.a\ng>b?form.b\na>j\nb>j\nj>e", "no_otherwise inclusiveGateway g"),
        (f"{ENDS}<serviceTask id='w' name='acts.send'/>{AROUND_WAIT}\nw>e2", "many_ways_out serviceTask w"),
        (f"{LOOK}{AT_LOOK}{AT_LOOK.replace('late', 'b')}{AROUND_LOOK}\nb>e", "one_timer boundaryEvent b"),
        (f"{APPROVAL}{AT_LOOK.replace('look', 'g')}\nlate>no", "no_edge boundaryEvent late"),
        (f"{LOOK}{AT_LOOK}\ns>look\nlook>late\nlate>e", "no_way_in boundaryEvent late"),
        (f"{LOOK}\ns>look\nlook>e\ne>e2", "ends endEvent e"),
        (f"{APPROVAL}<userTask id='a'/><userTask id='b'/>\na>b\nb>a", "never_reached userTask a"),
        (f"{TWICE}\ns>look\nlook>e", "attribute userTask look"),
        (f"{ENDS}<receiveTask id='w' instantiate='true'/>{AROUND_WAIT}", "attribute receiveTask w"),
        (f"{ENDS}<receiveTask id='w' messageRef='none'/>{AROUND_WAIT}", "dangling receiveTask w"),
        (f"{LOOK}{CYCLE}{AROUND_LOOK}", "duration boundaryEvent late"),
        (on("2027-02-30"), "timer intermediateCatchEvent w"),
        (on("2027-02-03T12:00:00"), "timer intermediateCatchEvent w"),
        (f"{APPROVAL}<scriptTask/>", "not_executed scriptTask -"),
        ("\n".join(f"<userTask id='t{number}'/>" for number in range(MAX_STEPS + 1)), "too_many_steps"),
        ("<scriptTask id='x'/>\n" * (MOST_DRAWN + 1), "too_many"),
    ],
)  # fmt: skip
def test_what_would_run_otherwise_here_is_refused_by_name_and_id(drawn: str, refused: str) -> None:
    assert refused in codes(diagram(drawn))


def test_the_default_of_branches_is_taken_when_no_other_is() -> None:
    """A default that leads straight to the join needs no branch; one that leads to a step is a branch of its own."""
    arrows = "s>g\ng>a?form.a\ng>b?form.b\ng>c\na>j\nb>j\nc>j\nj>e"
    inside = INCLUSIVE.replace("<endEvent id='e2'/>", "").replace(
        "<exclusiveGateway id='x' default='f1'/>", ""
    )
    definition = from_bpmn(diagram(inside + arrows))
    assert definition["steps"]["g"]["branches"] == [
        {"to": "a", "when": "form.a"},
        {"to": "b", "when": "form.b"},
        {"to": "c", "when": "!(form.a) && !(form.b)"},
    ]
    table = compile_workflow(definition)
    again = compile_workflow(from_bpmn(to_bpmn(table)))
    assert (again, to_bpmn(again)) == (table, to_bpmn(table))
    straight = arrows.replace("g>c", "g>j").replace("c>j\nj>e", "j>c\nc>e")
    assert len(from_bpmn(diagram(inside + straight))["steps"]["g"]["branches"]) == 2


def test_a_late_outcome_takes_the_place_of_no_other() -> None:
    drawn = APPROVAL.replace("Refuse\n", "Late\n") + f"<endEvent id='over'/>{AT_LOOK}\nlate>over"
    step = from_bpmn(diagram(drawn))["steps"]["look_at_it"]
    assert {key: action["to"] for key, action in step["actions"].items()} == {
        "grant": "granted",
        "late": "refused",
        "late_2": "over",
    }
    assert step["silence"]["outcome"] == "late_2"


def test_what_changes_nothing_is_passed_over_however_it_is_written() -> None:
    """Encodings, prefixes, white space around ids, declarations that nothing uses, data on paper, notes, extensions."""
    plain = diagram(APPROVAL).decode().replace("Granted", "مقبول")
    expected = from_bpmn(plain.encode())
    unused = "".join(f"<{name} id='{name}'/>" for name in ("signal", "error", "escalation", "endPoint"))
    written = [
        ("\ufeff" + plain).encode(),
        plain.replace("UTF-8", "UTF-16").encode("utf-16"),
        plain.replace("UTF-8", "windows-1256").encode("windows-1256"),
        plain.replace("<", "<b:").replace("<b:/", "</b:").replace("<b:?", "<?").replace("xmlns=", "xmlns:b=").encode(),
        plain.replace("id='look'", "id='\n look '").replace("targetRef='look'", "targetRef=' look'").encode(),
        plain.replace("<process ", f"{unused}<extension definition='a:b'/><process ").encode(),
        plain.replace("<userTask", "<?note?><!-- note --><userTask xmlns:v='urn:v' v:assignee='me'").encode(),
        plain.replace("</process>", "<potentialOwner/><ioBinding/><v:own xmlns:v='urn:v'/></process>").encode(),
        plain.replace("<startEvent id='s'/>", "<startEvent id='s'><dataOutput/><outputSet/></startEvent>").encode(),
    ]  # fmt: skip
    for content in written:
        assert from_bpmn(content) == expected
    wait = f"{ENDS}<receiveTask id='w' messageRef='own:m'/>{AROUND_WAIT}".replace("<endEvent id='e2'/>", "")
    read = from_bpmn(diagram(wait, more="<message id='m' name='report.arrived'/>"))
    assert read["steps"]["w"]["message"] == "report.arrived"
