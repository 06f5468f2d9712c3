"""Making a file: everything of a case, or of a licence with all its cases, as one archive; that is written down."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from diwan.audit.actions import AccessNote, audit_row, log_access
from diwan.cases.visibility import can_see
from diwan.documents.contents import DEMO_MARK, HEAD_OFFICE
from diwan.documents.render import render
from diwan.files.queries import content_chunks
from diwan.kit import clock, numbers
from diwan.modules.dossier.archive import Item, stream, whole
from diwan.modules.dossier.errors import DossierForbidden
from diwan.modules.dossier.gathering import CaseFolder, gather
from diwan.modules.dossier.registry import MAY_MAKE
from diwan.modules.dossier.summary import data, moment, sections
from diwan.people.actor import Actor
from diwan.people.models import Municipality
from diwan.registers import story
from diwan.registers.queries import EntryPage, entry_page, standing_of
from diwan.registers.telling import title_of


@dataclass(frozen=True, slots=True)
class Made:
    """A file on its way out: its name and its bytes, piece by piece."""

    name: str
    pieces: Iterator[bytes]


@transaction.atomic
def make_case_file(*, case_id: int, by: Actor) -> Made:
    """The file of one case that the actor may see. Raises DossierForbidden, CaseNotFound."""
    _allowed(by)
    folder = gather(case_id, by)
    number = numbers.case_number(case_id)
    _written("case", str(case_id), number, folder.page.case.municipality_id, by)
    with override(by.language):
        title = _("File of request %(number)s") % {"number": numbers.show_case_number(case_id)}
        return _made(number, title, [], [folder], {"case": data(folder)}, by)


@transaction.atomic
def make_licence_file(*, number: str, by: Actor) -> Made:
    """The file of one licence with every case of it that the actor may see. Raises DossierForbidden, EntryUnknown."""
    _allowed(by)
    found = entry_page(number, by)
    folders = [gather(case.pk, by) for case in found.cases if can_see(by, case)]
    _written("entry", str(found.entry.pk), number, found.entry.municipality_id, by)
    told = {"licence": _entry_data(found), "cases": [data(folder) for folder in folders]}
    with override(by.language):
        title = _("File of licence %(number)s") % {"number": numbers.show_document_number(number)}
        return _made(number, title, _entry_sections(found, by.language), folders, told, by)


def _allowed(by: Actor) -> None:
    if not by.can(MAY_MAKE):
        raise DossierForbidden


def _written(kind: str, identity: str, number: str, municipality_id: int, by: Actor) -> None:
    audit_row(
        by=by, action="dossier.file.made", object_type=kind, object_id=identity, municipality_id=municipality_id,
        values={"number": number},
    )  # fmt: skip
    log_access(by=by, notes=[AccessNote(kind, identity, "dossier")])


def _made(
    number: str,
    title: str,
    first: list[dict[str, Any]],
    folders: list[CaseFolder],
    told: dict[str, Any],
    by: Actor,
) -> Made:
    now = clock.now()
    office = Municipality.objects.get(code=HEAD_OFFICE)
    name = (by.name_en if by.language == "en" else by.name_ar) or by.label
    summary = render(
        template="dossier",
        data={
            "lang": by.language, "title": title,
            "organisation": office.name_en if by.language == "en" else office.name_ar,
            "made": _("Made by %(name)s on %(when)s") % {"name": name, "when": moment(now, by.language)},
            "sections": [*first, *(part for folder in folders for part in sections(folder, by.language))],
            "watermark": DEMO_MARK if settings.DIWAN.mark_demo_data else [],
        },
        created=now,
    )  # fmt: skip
    text = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    items = [whole("summary.pdf", summary.pdf), whole("data.json", text.encode()), *_files(folders)]
    about = {"number": number, "made_at": now.isoformat(), "made_by": by.label, "capacity": by.capacity}
    return Made(f"diwan-{number}.zip", stream(items, about=about, at=clock.local(now)))


def _files(folders: Iterable[CaseFolder]) -> Iterator[Item]:
    """Documents and papers of every case, opened only when their turn comes."""
    for folder in folders:
        for document in folder.documents:
            if document.file is not None and document.number:
                stored = document.file
                yield Item(
                    f"{folder.folder}/documents/{document.number}.pdf",
                    partial(content_chunks, stored.classification, stored.sha256),
                    stored.sha256,
                )
        for count, upload in enumerate(folder.uploads, start=1):
            gone = "discarded/" if upload.discarded_at is not None else ""
            yield Item(
                f"{folder.folder}/papers/{gone}{count:03d}-{upload.slot}-{_plain(upload.filename)}",
                partial(content_chunks, upload.stored.classification, upload.stored.sha256),
                upload.stored.sha256,
            )


def _plain(name: str) -> str:
    """A file name that stays in its folder on every system."""
    kept = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name)
    return re.sub(r"\.{2,}", ".", kept).strip(".")[-80:] or "file"


def _entry_sections(found: EntryPage, language: str) -> list[dict[str, Any]]:
    """The licence itself: how it stands and its history in words."""
    entry = found.entry
    rows = [
        (_("Number"), numbers.show_document_number(entry.number)),
        (_("Standing"), standing_of(entry, on=clock.today())),
        (_("Valid from"), entry.valid_from.isoformat()),
        (_("Valid until"), entry.valid_to.isoformat()),
        *((_("Linked permit"), f"{title_of(each, language)} {each.number}") for each in found.permits),
    ]
    lines = [
        {
            "when": moment(made.at, language),
            "text": f"{story.what(made)} · {story.who(made, language)}",
            "note": "\n".join(story.why(made, language)),
        }
        for made in reversed(found.changes)
    ]
    return [
        {
            "title": title_of(entry, language),
            "rows": [{"label": label, "value": value} for label, value in rows],
            "head": True,
        },
        {"title": _("History of the licence"), "lines": lines},
    ]


def _entry_data(found: EntryPage) -> dict[str, Any]:
    entry = found.entry
    return {
        "kind": entry.kind, "number": entry.number, "status": entry.status, "valid_from": entry.valid_from,
        "valid_to": entry.valid_to, "data": entry.data, "permits": [each.number for each in found.permits],
        "changes": [
            {
                "at": made.at, "before": made.before, "after": made.after, "cause": made.cause,
                "reasons": list(made.reasons), "article": made.article, "note": made.note, "case": made.case_id,
                "by": made.actor_ar, "title": made.title_ar, "on_behalf_of": made.on_behalf_of,
            }
            for made in reversed(found.changes)
        ],
    }  # fmt: skip
