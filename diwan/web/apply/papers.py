"""Papers of a draft: received into slots, shown in them, discarded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, TypeAlias, cast

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from diwan.files.actions import discard_upload, receive_upload
from diwan.files.errors import NoSuchFile
from diwan.files.models import Upload
from diwan.files.rules import MEGABYTE, SlotRules
from diwan.forms.entry import visible_slots
from diwan.forms.plan import Page, Slot
from diwan.kit.errors import DiwanError, Problem
from diwan.people.actor import Actor
from diwan.web.apply.sheets import Sheet

Uploaded: TypeAlias = "UploadedFile[bytes]"


def rules_of(slot: Slot) -> SlotRules:
    """The limits of a slot as the store checks them."""
    return SlotRules(max_bytes=slot.max_mb * MEGABYTE, kinds=slot.kinds, most=slot.most)


def receive(sheet: Sheet, slot_key: str, file: Uploaded) -> Upload:
    """Take one file into a slot that the form asks for now. Raises UploadRefused, CheckUnavailable, NoSuchFile."""
    asked = {slot.key: slot for slot in visible_slots(sheet.service.form, sheet.values, sheet.context)}
    slot = asked.get(slot_key)
    if slot is None or (sheet.case is not None and sheet.page_of(slot_key) is None):
        raise NoSuchFile
    return receive_upload(
        stream=cast(BinaryIO, file),
        filename=file.name or "",
        slot=slot_key,
        rules=rules_of(slot),
        owner=sheet.owner,
        by=sheet.by,
    )


def receive_posted(sheet: Sheet, page: Page, many: Mapping[str, list[Uploaded]]) -> dict[str, Problem]:
    """Take the files that came with a form (no script); problems by slot."""
    problems: dict[str, Problem] = {}
    for key in page.slots:
        for file in many.get(key, []):
            try:
                receive(sheet, key, file)
            except DiwanError as error:
                problems[key] = error.problem
    if many:
        sheet.__dict__.pop("uploads", None)
    return problems


def discard(upload_id: str, by: Actor) -> None:
    """Take a paper out of its slot. Raises NoSuchFile, CannotDiscard."""
    discard_upload(upload_id=upload_id, by=by)


def shown(sheet: Sheet) -> dict[str, list[dict[str, Any]]]:
    """Papers by slot as the file control shows them: those of the draft, removable; those of the case, not."""
    files: dict[str, list[dict[str, Any]]] = {}
    for upload in sheet.uploads:
        files.setdefault(upload.slot, []).append(as_shown(upload, sheet.draft.pk))
    for upload in sheet.earlier:
        if upload.slot not in files and upload.slot not in sheet.asked:
            files.setdefault(upload.slot, []).append(as_shown(upload, ""))
    return files


def as_shown(upload: Upload, draft_id: str) -> dict[str, Any]:
    """One paper as pages and scripts show it; `size` in bytes."""
    return {
        "id": upload.pk,
        "name": upload.filename,
        "size": upload.size,
        "url": reverse("apply:file", args=[upload.pk]),
        "remove_url": reverse("apply:remove", args=[draft_id, upload.pk]) if draft_id else "",
    }


def slots_missing(sheet: Sheet, page: Page) -> dict[str, Problem]:
    """Problems of the slots of a page."""
    return {key: problem for key, problem in sheet.problems().items() if key in page.slots}


def names_of(uploads: Iterable[Upload]) -> list[str]:
    """File names, for the page of all answers."""
    return [upload.filename for upload in uploads]
