"""Ways to file a report and to work on it without a browser."""

import io
from collections.abc import Mapping
from itertools import count
from typing import Any

from django.conf import settings
from django.test import Client
from PIL import Image

from diwan.cases.actions.drafts import holder_of, start_draft
from diwan.cases.models import Case
from diwan.files.actions import attach_uploads, receive_upload
from diwan.files.rules import AUDIO, MEGABYTE, SlotRules
from diwan.modules.reports.actions import Device, Filing, file_report, finish_work, project_report
from diwan.modules.reports.models import Report
from diwan.modules.reports.papers import AFTER, BEFORE
from diwan.people.actor import ANONYMOUS, Actor, system
from diwan.people.models import Account
from tests import cast
from tests.desk.signed_in import session_of
from tests.files import sounds

REPORTER: Mapping[str, str] = {"name_ar": "سالم", "name_en": "Salem", "mobile": "+966500000001"}
_numbers = count(1)


def filed(
    kind: str = "RPT-0101", *, town: str = "101", reporter: Mapping[str, str] = REPORTER, by: Actor = ANONYMOUS,
    **more: Any,
) -> Case:  # fmt: skip
    """A report that the worker has sent to somebody."""
    answers = {
        "type": kind,
        "place": cast.place_in(town),
        "description": "بجوار المسجد",
        **more.pop("answers", {}),
    }
    given = {name: value for name, value in answers.items() if value is not None}
    once = {"key": f"key-{next(_numbers):08d}", "scope": "test"}
    opened = file_report(filing=Filing(answers=given, reporter=reporter, **{**once, **more}), by=by)
    return worked(Case.objects.get(pk=opened.case_id))


def worked(case: Case) -> Case:
    """What the worker does now: automatic acts until none waits, and what follows from events."""
    for _ in range(4):
        case = cast.run_machine(case)
    project_report(case_id=case.pk, by=system("test"))
    return Case.objects.get(pk=case.pk)


def photo(shade: int = 80) -> io.BytesIO:
    """A small photo without place or time in it."""
    content = io.BytesIO()
    Image.new("RGB", (320, 240), (20, shade, 80)).save(content, "JPEG")
    content.seek(0)
    return content


def spoken(case: Case) -> str:
    """Put a voice note of four seconds to a report; its id."""
    draft = start_draft(version_id=case.version_id, days=3, by=ANONYMOUS)
    by = holder_of(draft.pk)
    upload = receive_upload(
        stream=io.BytesIO(sounds.webm(4)), filename="note.webm", slot="voice",
        rules=SlotRules(kinds=(AUDIO,), max_bytes=3 * MEGABYTE, max_seconds=60), owner=f"draft:{draft.pk}", by=by,
    )  # fmt: skip
    attach_uploads(upload_ids=[upload.pk], from_owner=f"draft:{draft.pk}", to_owner=f"case:{case.pk}", by=by)
    return str(upload.pk)


def send_photos(case: Case, by: Actor, *slots: str) -> None:
    """Photos of the work, sent ahead."""
    for number, slot in enumerate(slots or (BEFORE, AFTER)):
        receive_upload(
            stream=photo(60 + 40 * number), filename=f"{slot}.jpg", slot=slot,
            rules=SlotRules(kinds=("image",), most=5), owner=f"work:{case.pk}", by=by,
        )  # fmt: skip


def here(case: Case) -> Device:
    """A device at the place of the report."""
    report = Report.objects.get(pk=case.pk)
    assert report.lat is not None
    assert report.lng is not None
    return Device(report.lat, report.lng, 8.0)


def finished(case: Case, by: Actor, *, step: str = "contractor_work", **more: Any) -> Case:
    """The work done with two photos at the place."""
    send_photos(case, by)
    task = cast.waiting(case, step)
    case.refresh_from_db()
    finish_work(
        case_id=case.pk, task_id=task.pk, revision=case.revision, words="رفعت النفايات وغسل الموقع",
        by=by, **{"device": here(case), **more},
    )  # fmt: skip
    return worked(case)


def browser(username: str, *, lang: str = "ar") -> Client:
    """A client in which somebody of the cast is signed in, in Arabic unless told otherwise."""
    client = Client(SERVER_NAME="testserver")
    session_of(client, Account.objects.get(username=cast.IDS.get(username, username)))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = lang
    return client
