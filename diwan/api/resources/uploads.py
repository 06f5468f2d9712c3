"""Papers that are sent ahead of an application."""

from __future__ import annotations

from typing import Any, BinaryIO, Final, cast

from django.core.files.uploadedfile import UploadedFile
from pydantic import Field

from diwan.api.reading import idempotency_key
from diwan.api.resources.common import CASES, offered
from diwan.api.tokens import owner_of
from diwan.files.actions import receive_upload
from diwan.files.errors import CheckUnavailable, UploadRefused
from diwan.files.models import Upload
from diwan.files.rules import MEGABYTE, SlotRules
from diwan.forms.plan import Slot
from diwan.kit.errors import N_, FieldErrors, Problem
from diwan.rest.calls import Call, Reply
from diwan.rest.declaring import CASES_WRITE, FORM, Answer, Body, Operation, answers
from diwan.rest.shapes import Given, Told, with_example

MOST_BYTES: Final = 26 * MEGABYTE
"""The largest paper that any slot takes, and its envelope."""


class UploadGiven(Given):
    """The fields beside the file."""

    model_config = with_example({"service": "shop-licence-instant", "slot": "facade"}, given=True)
    service: str = Field(max_length=80, description="Short name of the service")
    slot: str = Field(max_length=60, description="Slot of the service's form")
    application: str | None = Field(
        default=None,
        min_length=8,
        max_length=80,
        description="Idempotency-Key under which the application will be sent; by default the key of this request",
    )


class UploadTold(Told):
    """A paper that was received."""

    model_config = with_example(
        {"id": "Zk3vW0h7m1Qe9xYtB2pRsA", "slot": "facade", "size": 18211, "type": "image/jpeg"}
    )
    id: str
    slot: str
    size: int = Field(description="Bytes as kept")
    type: str = Field(description="Media type as kept; photos are made JPEG")


@answers(
    Operation(
        method="POST", path="uploads", key="send_upload", tag=CASES, scope=CASES_WRITE,
        body=Body(UploadGiven, kinds=(FORM,), files=("file",), most=MOST_BYTES),
        title=N_("Send a paper ahead"),
        about=N_(
            "The paper waits for the application that will come under the key named in `application`. Photos are "
            "decoded and written anew; programs, archives and office files are refused."
        ),
        answers=(Answer(201, "The paper was received", UploadTold),),
        errors={UploadRefused: 422, CheckUnavailable: 503},
        refuses={503: "Files cannot be examined just now"}, writes=True,
    )
)  # fmt: skip
def send_upload(call: Call) -> Reply:
    """Receive one paper of an application to come."""
    service = offered(call.token, call.body.service)
    key = call.body.application or idempotency_key(call.request)
    made = receive(call, slot_of(service.form.slot(call.body.slot)), owner_of(call.token.pk, key))
    return Reply(body=made, status=201)


def slot_of(slot: Slot | None) -> Slot:
    """The slot. Raises FieldErrors for none."""
    if slot is None:
        raise FieldErrors({"slot": [Problem("slot", N_("The form has no slot of this name."))]})
    return slot


def receive(call: Call, slot: Slot, owner: str) -> UploadTold:
    """Store the part `file` of the request in the slot of an owner. Raises UploadRefused, CheckUnavailable."""
    file = cast("UploadedFile[Any]", call.request.FILES["file"])
    made = receive_upload(
        stream=cast(BinaryIO, file),
        filename=file.name or "",
        slot=slot.key,
        rules=SlotRules(kinds=tuple(slot.kinds), max_bytes=slot.max_mb * MEGABYTE, most=slot.most),
        owner=owner,
        by=call.by,
    )
    return told(made)


def told(upload: Upload) -> UploadTold:
    """An upload as the API tells of it."""
    return UploadTold(id=upload.pk, slot=upload.slot, size=upload.size, type=upload.media_type)
