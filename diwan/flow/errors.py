"""The errors of the flow: a move that the position does not allow, and a workflow that cannot be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diwan.kit.errors import N_, DiwanError, Problem, english

MESSAGES = {
    "flow.unknown_token": N_("This step is no longer open."),
    "flow.unknown_outcome": N_("This action does not belong to this step."),
    "flow.wrong_event": N_("This does not fit where the case stands."),
    "flow.withdraw_not_allowed": N_("The case can't be withdrawn where it stands."),
    "flow.cancel_not_allowed": N_("The case can't be cancelled where it stands."),
    "flow.intervention_not_allowed": N_("This can't be done where the case stands."),
    "flow.reopen_not_allowed": N_("The case can't be reopened."),
    "flow.ended": N_("The case has ended."),
    "flow.no_branch": N_("No rule says where the case goes from step {step}."),
    "flow.endless": N_("The rules lead the case in a circle at step {step}."),
    "flow.join_without_split": N_("Step {step} gathers branches that were not opened."),
    "flow.split_in_itself": N_("Step {step} opens its branches again inside one of them."),
    "flow.tokens_left": N_("Step {step} ends the case while another branch is open."),
    "flow.too_many_tokens": N_("More branches than allowed are open at step {step}."),
    "flow.unsound": N_("The position does not fit the workflow at step {step}."),
}


class FlowError(DiwanError):
    """An event that does not fit the position. ``code`` is one of `MESSAGES`."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(**params)
        self.code = code
        self.message = MESSAGES[code]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a workflow definition.

    ``path`` leads to it in the definition; ``file`` and ``line`` come from the loader; ``trail`` tells, event by
    event, how a case comes to the place where it is stuck.
    """

    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()
    file: str | None = None
    line: int | None = None
    trail: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file or ''}:{self.line}: " if self.line else ""
        way = f" [{' > '.join(self.trail)}]" if self.trail else ""
        words = english(Problem(self.code, self.message, self.params))
        return f"{place}{'.'.join(str(part) for part in self.path)}: {words}{way}"


class WorkflowError(DiwanError):
    """A workflow that cannot be published, with every fault found."""

    code = "flow.workflow_invalid"
    message = N_("The workflow can't be published.")

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__()
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)
