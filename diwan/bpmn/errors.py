"""A diagram that cannot be taken in, with everything that stands in the way, by the name and id of each element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diwan.kit.errors import N_, DiwanError, Problem, english

FAULTS = {
    "bpmn.unreadable": N_("The file is no readable XML: {reason}"),
    "bpmn.too_large": N_("The file is larger than {most} bytes."),
    "bpmn.too_many": N_("The diagram draws more than {most} shapes and arrows."),
    "bpmn.too_many_steps": N_("The diagram draws more than {most} steps."),
    "bpmn.doctype": N_("A document type is not allowed in a diagram."),
    "bpmn.no_process": N_("There is no BPMN process in the file."),
    "bpmn.not_executed": N_("{element} {id} is not executed."),
    "bpmn.no_id": N_("{element} has no id."),
    "bpmn.same_id": N_("{element} {id}: the id stands twice."),
    "bpmn.dangling": N_("{element} {id} leads to {name}, which is not there."),
    "bpmn.one_start": N_("{element} {id}: a workflow has exactly one plain start with one way out."),
    "bpmn.no_way_in": N_("{element} {id}: no arrow can lead into it."),
    "bpmn.ends": N_("{element} {id} ends the case; no arrow can lead out of it."),
    "bpmn.never_reached": N_("{element} {id}: no way from the start leads to it."),
    "bpmn.no_way_out": N_("{element} {id} has no way out."),
    "bpmn.many_ways_out": N_("{element} {id} has several ways out; a gateway has to say which is taken."),
    "bpmn.condition_missing": N_("{element} {id}: this way out has no condition."),
    "bpmn.condition_elsewhere": N_(
        "{element} {id} has a condition, but only ways out of an exclusive or inclusive gateway have one, and never its"
        " default."
    ),
    "bpmn.condition": N_("{element} {id}: the condition {name} is not written in CEL."),
    "bpmn.no_otherwise": N_("{element} {id} has no way out for when no condition holds."),
    "bpmn.mixed_gateway": N_("{element} {id} gathers and opens branches at once; draw two gateways."),
    "bpmn.no_join": N_("{element} {id} opens branches that no gateway of its kind gathers."),
    "bpmn.no_split": N_("{element} {id} gathers branches that no gateway of its kind opened."),
    "bpmn.arrows_at_join": N_(
        "{element} {id} waits for each of its arrows; exactly one has to come from each branch of {name}."
    ),
    "bpmn.attribute": N_("{element} {id}: its attribute {name} is not executed."),
    "bpmn.one_timer": N_("{element} {id}: {name} already has a timer at its edge."),
    "bpmn.no_edge": N_("{element} {id}: only a task or a wait has a timer at its edge, not {name}."),
    "bpmn.duration": N_("{element} {id}: the duration {name} is not a whole number of hours or days."),
    "bpmn.timer": N_("{element} {id}: the timer {name} is neither a day nor a whole number of days."),
    "bpmn.no_called": N_("{element} {id} names no service of which a case is opened."),
    "bpmn.no_act": N_("{element} {id} names no registered act."),
    "bpmn.no_table": N_("{element} {id} names no decision table."),
    "bpmn.silence_elsewhere": N_("{element} {id} leads elsewhere than the outcome {name} of its step."),
    "bpmn.endless": N_("{element} {id}: gateways lead in a circle."),
    "bpmn.damaged": N_("{element} {id}: what Diwan has written into it was changed and can't be read."),
    "bpmn.two_of_a_slot": N_("{element} {id}: its step already has a way out named {name}."),
    "bpmn.repeated_step": N_("{element} {id}: the step {name} is drawn twice."),
}


@dataclass(frozen=True, slots=True)
class DiagramFault:
    """One thing that stands in the way; ``line`` is that of the element in the file."""

    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.line}: " if self.line else ""
        return place + english(Problem(self.code, self.message, self.params))


class DiagramError(DiwanError):
    """A diagram that cannot be taken in; ``faults`` holds everything found."""

    code = "bpmn.refused"
    message = N_("The diagram can't be taken in.")

    def __init__(self, faults: tuple[DiagramFault, ...]) -> None:
        super().__init__()
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def refused(code: str, line: int | None = None, **params: Any) -> DiagramError:
    """The refusal of a whole file."""
    return DiagramError((DiagramFault(code, FAULTS[code], params, line),))
