"""Answers and papers of a case for an officer: what was said, what it was before, what is remarked on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from diwan.cases.context import entry_number, form_context
from diwan.cases.models import FieldRemark, History
from diwan.cases.queries import CasePage, against_entry, replaced_papers
from diwan.cases.registry import paper_name_of
from diwan.files.models import Upload
from diwan.files.queries import uploads_of
from diwan.forms.context import FormContext
from diwan.forms.entry import answered, visible_slots
from diwan.forms.plan import Field
from diwan.forms.registry import kind
from diwan.kit.dates import Part
from diwan.web.desk.steps import in_words

CONSENT: Final = "_consent"
VISIT_PHOTO: Final = "_visit"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer or paper: label, value in parts, the value before the last return, and what is remarked on it."""

    key: str
    label: str
    value: Sequence[Part]
    was: Sequence[Part] = ()
    changed: bool = False
    remarks: Sequence[FieldRemark] = ()
    papers: Sequence[Mapping[str, Any]] = ()


class Sheet:
    """The answers of one case in one language, read once for a page."""

    def __init__(self, page: CasePage, language: str) -> None:
        self.page = page
        self.language = language
        case = page.case
        self._context: FormContext = form_context(
            page.service, applicant=case.applicant, renews=entry_number(case.facts), part=None
        )
        self._entry_had = {key: pair[0] for key, pair in against_entry(case, page.service).items()}
        self._before = {**self._entry_had, **_before(page.history)}
        self.papers = self._papers(uploads_of(f"case:{case.pk}"))

    def groups(self) -> list[tuple[str, list[Answer]]]:
        """Answers by page of the form; questions that were not answered are left out."""
        groups: dict[str, list[Answer]] = {}
        for form_page, _group, found, value in answered(
            self.page.service.form, self.page.case.data, self._context
        ):
            if found.kind == "declaration" or (value is None and found.key not in self._before):
                continue
            groups.setdefault(in_words(form_page.title, self.language), []).append(self._answer(found, value))
        return list(groups.items())

    def slots(self) -> list[Answer]:
        """The papers asked, as lines that can be remarked on."""
        case = self.page.case
        return [
            Answer(
                key=slot.key,
                label=self.page.service.label(slot.key, self.language),
                value=(),
                changed=slot.key in case.highlights,
                remarks=self._remarks(slot.key),
                papers=[paper for paper in self.papers if paper["slot"] == slot.key],
            )
            for slot in visible_slots(self.page.service.form, case.data, self._context)
        ]

    def changes(self) -> list[Answer]:
        """What the applicant changed since the last return: answers with before and after, papers with old and new."""
        changed = {*self.page.case.highlights, *self._entry_had}
        found = [answer for _title, group in self.groups() for answer in group if answer.key in changed]
        return [*found, *(answer for answer in self.slots() if answer.key in changed)]

    def pin(self) -> str:
        """Latitude and longitude of the place, for a map program; "" without a place.

        A visit that follows a licence has no form; it keeps the answers of the licence.
        """
        data = self.page.case.data
        places = [data.get(found.key) for found in self.page.service.form.fields() if found.kind == "place"]
        if self.page.case.facts.get("follows"):
            places.append(data.get("place"))
        return next((f"{value['lat']},{value['lng']}" for value in places if value), "")

    def _answer(self, found: Field, value: Any) -> Answer:
        was = self._before.get(found.key)
        return Answer(
            key=found.key,
            label=self.page.service.label(found.key, self.language),
            value=self._shown(found, value),
            was=self._shown(found, was),
            changed=found.key in self.page.case.highlights,
            remarks=self._remarks(found.key),
        )

    def _shown(self, found: Field, value: Any) -> Sequence[Part]:
        return () if value is None else kind(found.kind).show(value, found, self.language, self._context)

    def _remarks(self, key: str) -> list[FieldRemark]:
        return [remark for remark in self.page.remarks if remark.field == key]

    def _papers(self, uploads: Sequence[Upload]) -> list[dict[str, Any]]:
        """Papers for the viewer: those sent since the last return first, and marked; those they replaced last."""
        returned = next((row.at for row in self.page.history if row.act == "returned"), None)
        highlights = self.page.case.highlights
        replaced = replaced_papers(uploads, self.page.history)
        views = [
            {
                "id": upload.pk,
                "slot": upload.slot,
                "title": self._paper_title(upload.slot),
                "name": upload.filename,
                "url": reverse("desk:paper", args=[upload.pk]),
                "kind": _kind_of(upload.media_type),
                "new": upload.slot in highlights and returned is not None and upload.created_at > returned,
                "replaced": upload.pk in replaced,
            }
            for upload in uploads
        ]
        return sorted(views, key=lambda view: (view["replaced"], not view["new"]))

    def _paper_title(self, slot: str) -> str:
        """What a paper is called; a signed consent and photos of a visit stand in no form."""
        known = {CONSENT: _("Signed consent"), VISIT_PHOTO: _("Photo of the visit")}
        named = paper_name_of(slot)
        return known.get(slot) or (_(named) if named else self.page.service.label(slot, self.language))


def _kind_of(media_type: str) -> str:
    """How a paper is shown: beside the case as `image` or `pdf`, or heard (`audio`)."""
    kind = media_type.partition("/")[0]
    return kind if kind in ("image", "audio") else "pdf"


def _before(history: Sequence[History]) -> dict[str, Any]:
    """Field -> value before the last resubmission."""
    last = next((row for row in history if row.act == "resubmitted"), None)
    return {key: pair[0] for key, pair in last.changes.items() if pair} if last else {}
