"""A message of a partner's system to a case that waits for it (step `wait`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from diwan.api.resources.cases import CaseSummary, summary
from diwan.api.resources.common import CASES, NUMBER, case_id_of
from diwan.cases.actions.receive_message import NotAwaited, receive_message
from diwan.cases.errors import CaseNotFound
from diwan.kit.errors import N_
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import CASES_WRITE, Answer, Body, Operation, answers
from diwan.rest.shapes import Given, with_example

Word = Annotated[str, Field(max_length=500)]


class MessageGiven(Given):
    """What the case is told."""

    model_config = with_example({"name": "objection", "data": {"reference": "OBJ-77"}}, given=True)
    name: str = Field(
        pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,63}$", description="The message for which the case waits"
    )
    data: dict[str, Word] = Field(
        default_factory=dict, max_length=20, description="Kept with the step that waited"
    )


@answers(
    Operation(
        method="POST", path="cases/{number}/messages", key="send_message", tag=CASES, scope=CASES_WRITE,
        parameters=(NUMBER,), body=Body(MessageGiven), title=N_("Send a message for which a case waits"),
        about=N_("Moves a case that you opened on from the step that waits for a message of this name."),
        answers=(Answer(200, "The case as it stands then", CaseSummary),),
        errors={CaseNotFound: 404, NotAwaited: 409}, refuses={409: "The case does not wait for this message"},
        writes=True,
    )
)  # fmt: skip
def send_message(call: Call, number: str) -> Reply:
    """Tell the client's case what it waits for."""
    given: MessageGiven = call.body
    case = receive_message(case_id=case_id_of(number), name=given.name, data=given.data, by=call.by)
    return Reply(body=CaseSummary(**summary(case)))
