"""A draft as its pages work on it: service, surroundings, the pages that are asked, papers, and saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from diwan.cases.actions.drafts import own_draft, save_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.completing import asked_fields, fresh_fields, missing_papers, still_asked, whys_of
from diwan.cases.context import form_context
from diwan.cases.models import Case, Draft
from diwan.cases.services import service_of
from diwan.catalogue.compiled import CompiledService
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.files.rules import stands_in_the_form
from diwan.forms.context import FormContext
from diwan.forms.entry import clean, plan_pages, short_pages, validate_all, visible_fields
from diwan.forms.plan import Field, Page, in_language
from diwan.kit.errors import Problem
from diwan.people.actor import Actor
from diwan.web.apply.words import reason_text

NOTHING_CHANGED = "nothing_changed"
"""The question of a renewal whose "yes" leaves every kept answer as it was."""


@dataclass
class Sheet:
    """A draft with all that its pages need. Read once a request; `save` keeps it in step with the database."""

    draft: Draft
    service: CompiledService
    context: FormContext
    by: Actor
    case: Case | None = None
    """The returned case that the draft completes."""
    asked: frozenset[str] = frozenset()
    """Fields and slots that may change; only when a case is completed."""
    remarks: Mapping[str, str] = field(default_factory=dict)
    """The officer's words by field or slot; only when a case is completed."""

    @property
    def values(self) -> dict[str, Any]:
        """The answers so far."""
        return dict(self.draft.data)

    @property
    def typed(self) -> dict[str, list[str]]:
        """What was typed and could not be read, by input."""
        return dict(self.draft.typed)

    @property
    def owner(self) -> str:
        """The name under which papers of the draft are kept."""
        return f"draft:{self.draft.pk}"

    @property
    def is_short(self) -> bool:
        """Whether a renewal goes the short way: nothing has changed (or that is not said yet)."""
        renewal = self.service.renewal
        return bool(self.draft.renews and renewal and renewal.nothing_changed) and (
            self.draft.data.get(NOTHING_CHANGED) is not False
        )

    @cached_property
    def uploads(self) -> list[Upload]:
        """Papers sent with the draft."""
        return uploads_of(self.owner)

    @cached_property
    def earlier(self) -> list[Upload]:
        """Papers of the case that is completed."""
        return uploads_of(f"case:{self.case.pk}") if self.case is not None and not self.draft.part else []

    @property
    def documents(self) -> dict[str, list[str]]:
        """Slot -> ids of its papers; a slot of a completed case that got nothing new stands as it was."""
        slots = _by_slot(self.uploads)
        found = {**_by_slot(self.earlier), **slots}
        return still_asked(
            {slot: ids for slot, ids in found.items() if stands_in_the_form(slot)}, self.service.form
        )

    def pages(self) -> list[Page]:
        """The pages that are asked now, in order."""
        if self.case is not None and not self.draft.part:
            return [page for page in map(self._narrowed, self._all_pages()) if page is not None]
        if self.is_short:
            return short_pages(self.service.form, self.values, self.context)
        return self._all_pages()

    def page(self, key: str) -> Page | None:
        """The page with this key, if it is asked."""
        return next((page for page in self.pages() if page.key == key), None)

    def page_of(self, name: str) -> Page | None:
        """The page on which a field or slot is asked."""
        for page in self.pages():
            if name in page.slots or any(
                name == found.key for group in page.groups for found in group.fields
            ):
                return page
        return None

    def problems(self) -> dict[str, Problem]:
        """What is missing or wrong in the whole application, by field and slot."""
        return validate_all(self.service.form, self.values, self.documents, self.context)

    def visible(self) -> list[Field]:
        """The questions asked, given the answers."""
        return visible_fields(self.service.form, self.values, self.context)

    def facts(self) -> dict[str, Any]:
        """Facts derived from the answers that count."""
        values = clean(self.service.form, self.values, self.context)
        return self.service.derive(values, self.context)

    def save(
        self,
        *,
        values: Mapping[str, Any],
        typed: Mapping[str, Any],
        page: str,
        revision: int | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep the answers. Raises DraftNotFound, DraftChanged."""
        self.draft = save_draft(
            draft_id=self.draft.pk,
            values=values,
            typed=typed,
            page=page,
            by=self.by,
            revision=revision,
            answers=answers,
        )

    def title(self, page: Page, language: str) -> str:
        """The page's title."""
        return in_language(page.title, language)

    def _all_pages(self) -> list[Page]:
        return plan_pages(self.service.form, self.values, self.context)

    def _narrowed(self, page: Page) -> Page | None:
        """The page with nothing but what may change; None when nothing may."""
        may = self._may_change
        groups = tuple(
            replace(group, fields=kept)
            for group in page.groups
            if (kept := tuple(item for item in group.fields if item.key in may))
        )
        slots = tuple(key for key in page.slots if key in may)
        return replace(page, groups=groups, slots=slots) if groups or slots else None

    @property
    def _may_change(self) -> frozenset[str]:
        earlier = self.case.data if self.case is not None else {}
        service, now, context = self.service, self.values, self.context
        fresh = fresh_fields(service, before=earlier, now=now, context=context)
        return (
            self.asked | fresh | missing_papers(service, now=now, documents=self.documents, context=context)
        )


def open_sheet(draft_id: str, by: Actor) -> Sheet:
    """The actor's draft with its surroundings. Raises DraftNotFound."""
    draft = own_draft(draft_id, by)
    service = service_of(draft.version_id)
    context = form_context(service, applicant=snapshot_of_draft(draft), renews=draft.renews, part=draft.part)
    sheet = Sheet(draft=draft, service=service, context=context, by=by)
    if draft.amends is not None and draft.part:
        sheet.case = Case.objects.get(pk=draft.amends)
        sheet.asked = frozenset(
            key for page in service.form.pages if page.by == draft.part for key in _keys_of(page)
        )
        sheet.remarks = remarks_of(sheet.case, service, by.language, part=draft.part)
    elif draft.amends is not None:
        sheet.case = Case.objects.get(pk=draft.amends)
        sheet.asked = asked_fields(sheet.case, service)
        sheet.remarks = remarks_of(sheet.case, service, by.language)
    return sheet


def _keys_of(page: Page) -> list[str]:
    """Fields and slots of a page."""
    return [*(found.key for group in page.groups for found in group.fields), *page.slots]


def remarks_of(case: Case, service: CompiledService, language: str, *, part: str = "") -> dict[str, str]:
    """What is to be mended, in words, by field or slot: officers' remarks of this round, then failed checks."""
    words: dict[str, str] = {}
    for why in whys_of(case, service, part=part):
        if why.fix is not None:
            words.setdefault(why.field, in_language(why.fix, language))
            continue
        said = why.note or reason_text(why.code, language)
        words[why.field] = f"{words[why.field]} {said}" if why.field in words else said
    return words


def _by_slot(uploads: Sequence[Upload]) -> dict[str, list[str]]:
    slots: dict[str, list[str]] = {}
    for upload in uploads:
        slots.setdefault(upload.slot, []).append(upload.pk)
    return slots
