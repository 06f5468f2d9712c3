"""A report that is being told: its draft, what is asked on its page, its photos and voice note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, BinaryIO, Final, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest
from django.urls import reverse

from diwan.cases.actions.drafts import DraftNotFound, holder_of, own_draft, save_draft, start_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.context import form_context
from diwan.cases.models import Draft
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.files.actions import receive_upload
from diwan.files.errors import NoSuchFile
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.files.rules import MEGABYTE, SlotRules
from diwan.flow.table import Text
from diwan.forms.context import FormContext
from diwan.forms.lookups import Row
from diwan.forms.plan import Group, Page
from diwan.kit.errors import DiwanError, Problem
from diwan.modules.reports.actions.file_report import report_service
from diwan.modules.reports.errors import NOTHING_SAID, NOWHERE
from diwan.modules.reports.types import WITH_POLE, type_row
from diwan.people.actor import ANONYMOUS, Actor
from diwan.people.doors import actor_of, acts_for_residents

DAYS: Final = 3
KEPT: Final = 5
"""Reports under way that one browser keeps."""
SESSION: Final = "reports"
WHERE: Final = ("place", "district", "landmark", "pole")


@dataclass
class Sheet:
    """A draft with all that its pages need."""

    draft: Draft
    service: CompiledService
    context: FormContext
    by: Actor
    row: Row

    @property
    def values(self) -> dict[str, Any]:
        """The answers so far."""
        return dict(self.draft.data)

    @property
    def owner(self) -> str:
        """The name under which its photos are kept."""
        return f"draft:{self.draft.pk}"

    @cached_property
    def uploads(self) -> list[Upload]:
        """Photos and voice note sent so far."""
        return uploads_of(self.owner)

    @cached_property
    def page(self) -> Page:
        """Everything that is asked beside the type, as one page."""
        fields = {field.key: field for field in self.service.form.fields()}
        asked = [key for key in WHERE if key != "pole" or self.row.data.get("group") == WITH_POLE]
        where = tuple(fields[key] for key in asked if key in fields and self.row.data.get("place", True))
        groups = (Group("where", where), Group("what", (fields["description"],)))
        slots = tuple(slot for slot in ("photos", "voice") if self.service.form.slot(slot) is not None)
        return Page("details", Text("", ""), tuple(group for group in groups if group.fields), slots)

    def lacking(self, values: Mapping[str, Any]) -> dict[str, Problem]:
        """What has to be said before the report can be filed, by field."""
        if not self.row.data.get("place", True):
            said = values.get("description") or any(upload.slot == "voice" for upload in self.uploads)
            return {} if said else {"description": Problem("reports.nothing_said", NOTHING_SAID)}
        found = any(values.get(key) for key in WHERE)
        return {} if found else {"place": Problem("reports.nowhere", NOWHERE)}

    def save(self, values: Mapping[str, Any], typed: Mapping[str, Any], *, page: str) -> None:
        """Keep the answers. Raises DraftNotFound."""
        kept = {**values, "type": self.row.code}
        self.draft = save_draft(draft_id=self.draft.pk, values=kept, typed=typed, page=page, by=self.by)

    def receive(self, slot_key: str, file: UploadedFile[bytes]) -> Upload:
        """Take one photo or the voice note. Raises UploadRefused, CheckUnavailable, NoSuchFile."""
        slot = self.service.form.slot(slot_key) if slot_key in self.page.slots else None
        if slot is None or self.draft.case_id is not None:
            raise NoSuchFile
        rules = SlotRules(max_bytes=slot.max_mb * MEGABYTE, kinds=slot.kinds, most=slot.most)
        taken = receive_upload(
            stream=cast(BinaryIO, file), filename=file.name or "", slot=slot_key, rules=rules, owner=self.owner,
            by=self.by,
        )  # fmt: skip
        self.__dict__.pop("uploads", None)
        return taken

    def receive_posted(self, request: HttpRequest) -> dict[str, Problem]:
        """Take the files that came with the form (no script); problems by slot."""
        problems: dict[str, Problem] = {}
        for slot in self.page.slots:
            for file in request.FILES.getlist(slot):
                try:
                    self.receive(slot, file)
                except DiwanError as error:
                    problems[slot] = error.problem
        return problems

    def files(self) -> dict[str, list[dict[str, str]]]:
        """Photos and voice note by slot, as the file control shows them."""
        shown: dict[str, list[dict[str, str]]] = {}
        for upload in self.uploads:
            shown.setdefault(upload.slot, []).append(self.as_shown(upload))
        return shown

    def as_shown(self, upload: Upload) -> dict[str, str]:
        """One file as pages and scripts show it."""
        return {
            "id": upload.pk,
            "name": upload.filename,
            "kind": upload.media_type.partition("/")[0],
            "url": reverse("reports:draft_file", args=[self.draft.pk, upload.pk]),
            "remove_url": reverse("reports:draft_remove", args=[self.draft.pk, upload.pk]),
        }


def begin(request: HttpRequest, code: str) -> Draft:
    """A new draft of a report of this type, kept in the session of whoever is not signed in as a resident."""
    by = reporter(request)
    draft = start_draft(version_id=report_service().version_id, days=DAYS, by=by, values={"type": code})
    if by.account_id is None:
        remember(request, draft.pk)
    return draft


def reporter(request: HttpRequest) -> Actor:
    """Who reports: a resident who is signed in, else nobody in particular; an employee reports like anybody."""
    actor = actor_of(request)
    return actor if acts_for_residents(actor) else replace(ANONYMOUS, language=actor.language)


def sheet_or_404(request: HttpRequest, draft_id: str) -> Sheet:
    """The draft of this browser or person; the usual "not found" for anything else."""
    by = reporter(request)
    if by.account_id is None or draft_id in _kept(request):
        if draft_id not in _kept(request):
            raise Http404
        by = replace(holder_of(draft_id), language=by.language)
    try:
        draft = own_draft(draft_id, by)
    except DraftNotFound as error:
        raise Http404 from error
    row = type_row(str(draft.data.get("type", "")))
    if row is None:
        raise Http404
    service = service_of(draft.version_id)
    context = form_context(service, applicant=snapshot_of_draft(draft))
    return Sheet(draft=draft, service=service, context=context, by=by, row=row)


def remember(request: HttpRequest, draft_id: str, **told: Any) -> None:
    """Keep in the session that the draft is this browser's, and what belongs to it (the number to be proved)."""
    kept = _kept(request)
    kept[draft_id] = {**kept.get(draft_id, {}), **told}
    request.session[SESSION] = dict(list(kept.items())[-KEPT:])


def remembered(request: HttpRequest, draft_id: str) -> dict[str, Any]:
    """What the session keeps beside the draft."""
    return dict(_kept(request).get(draft_id, {}))


def _kept(request: HttpRequest) -> dict[str, dict[str, Any]]:
    found = request.session.get(SESSION)
    return dict(found) if isinstance(found, dict) else {}
