"""The description of the API itself."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

from diwan.api.document import document_text
from diwan.api.door import tag_of
from diwan.kit.errors import N_
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import JSON, Access, Answer, Operation, answers, declare_tag

DESCRIPTION: Final = declare_tag("description", N_("Description"), N_("This document."))


@answers(
    Operation(
        method="GET", path="openapi.json", key="read_description", tag=DESCRIPTION, access=Access.OPEN,
        title=N_("Read this document"), about=N_("The description of the API as OpenAPI 3.1."),
        answers=(Answer(200, "The document", kind=JSON, headers=("ETag",)),),
    )
)  # fmt: skip
def read_description(call: Call) -> Reply:
    """The OpenAPI document."""
    text = document_text()
    response = HttpResponse(text, content_type=JSON)
    response["ETag"] = tag_of(text)
    return Reply(body=response)
