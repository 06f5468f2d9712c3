"""Services that another administrator writes: a draft without faults, and one whose publication is asked for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from diwan.catalogue.actions import ask_publication, begin_draft, receive_package, write_draft
from diwan.catalogue.bundle import pack, package_of
from diwan.catalogue.models import WrittenDraft
from diwan.catalogue.queries import current_version
from diwan.documents.signer.pades import seal_bytes
from diwan.kit import clock
from diwan.sandbox.actions import begin_run, keep_entry, make_move
from diwan.sandbox.moves import Move
from tests import cast
from tests.documents import pki
from tests.sandbox.walking import form_of, setting_of

WRITER = "it.omar"


def write_services(values: dict[str, Any]) -> None:
    """Make them; `values` gets their keys: `shop_version`, `written` (with `_text` and `_revision`), `asked`, and of
    runs in the sandbox `tried` (its form is open) and `sent`, each with its `_revision`; `package`, which came from an
    amanah whose authority is not trusted here."""
    shop = current_version(cast.WITH_APPROVALS, clock.today())
    assert shop is not None
    values["shop_version"] = shop.pk
    written = _written(cast.INSTANT, "Shop licence at once")
    values |= {"written": written.pk, "written_text": written.text, "written_revision": written.revision}
    asked = _written("night-permit", "Permit of the night")
    made = ask_publication(
        draft_id=asked.pk, valid_from=clock.today(), note="اسم أوضح", by=cast.actor(WRITER)
    )
    values["asked"] = made.pk
    _try(values, asked.version_id or 0)
    values["package"] = receive_package(data=_sealed_elsewhere(shop.pk), by=cast.actor(WRITER)).pk


def _sealed_elsewhere(version_id: int) -> bytes:
    now, content = clock.real_now(), package_of(version_id)
    root = pki.made(pki.name("Another root"), begin=now - timedelta(days=9), end=now + timedelta(days=90))
    seal = pki.made(
        pki.name("أمانة أخرى"), by=root, begin=now - timedelta(days=9), end=now + timedelta(days=90)
    )
    return pack(content, asyncio.run(seal_bytes(content, by=pki.identity(seal, root))))


def _try(values: dict[str, Any], version_id: int) -> None:
    """Two runs of the one who reads the pages."""
    by = cast.actor("it.sara")
    tried = begin_run(version_id=version_id, person="establishment", by=by)
    values |= {"tried": tried.pk, "tried_revision": tried.revision}
    setting = setting_of("night-permit")
    sent = begin_run(version_id=version_id, person=setting.person.code, by=by)
    sent = keep_entry(run_id=sent.pk, revision=sent.revision, entry=setting.entry, by=by)
    move = Move(do="send", **form_of(setting, values=dict(sent.values)))
    make_move(run_id=sent.pk, revision=sent.revision, move=move, by=by)
    values |= {"sent": sent.pk, "sent_revision": sent.revision + 1}


def _written(slug: str, name: str) -> WrittenDraft:
    version = current_version(slug, clock.today())
    assert version is not None
    by = cast.actor(WRITER)
    draft = begin_draft(version_id=version.pk, by=by)
    line = next(line for line in draft.text.splitlines() if line.startswith("name:"))
    text = draft.text.replace(line, line.partition("en:")[0] + f"en: {name}}}")
    saved, judged = write_draft(draft_id=draft.pk, text=text, revision=draft.revision, by=by)
    assert not judged.faults, judged.faults
    return saved
