"""The room of packages: a service of another amanah is looked through, becomes a draft, and another approves it."""

import importlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diwan.audit.models import AuditRow
from diwan.catalogue.actions import (
    approve_publication,
    ask_publication,
    begin_draft,
    draft_version,
    publish_version,
)
from diwan.catalogue.bundle import pack, unpack
from diwan.catalogue.errors import OwnDraft
from diwan.catalogue.models import ReceivedPackage, ServiceVersion
from diwan.catalogue.queries import compiled_service, staff_service
from diwan.documents.sealing import judge_seal
from diwan.kit import clock
from diwan.kit.canonical import canonical_json
from tests import cast
from tests.cases.test_several import definition
from tests.catalogue.conftest import EDITOR, PUBLISHER
from tests.catalogue.test_packages import REASON, made_elsewhere, reason
from tests.console.test_people import signed_in
from tests.documents.conftest import authority, signer, trusting

__all__ = ["authority", "signer", "trusting"]
pytestmark = pytest.mark.usefixtures("city", "signer")
ROOM = "/console/packages"
SLUG = "it-support"


def sent(client: Client, data: bytes) -> Any:
    """The package as the form of the page sends it."""
    return client.post(ROOM, {"file": SimpleUploadedFile("street.zip", data, content_type="application/zip")})


def vouched_for(monkeypatch: pytest.MonkeyPatch, content: bytes, seal: bytes) -> None:
    """Whatever comes now counts as sealed by the authority of this seal."""
    found = judge_seal(content, seal)
    for name in ("import_package", "receive_package"):
        monkeypatch.setattr(
            importlib.import_module(f"diwan.catalogue.actions.{name}"), "judge_seal", lambda *_: found
        )


def test_it_is_looked_through_becomes_a_draft_and_another_puts_it_into_force() -> None:
    english, sara = signed_in("it.sara", lang="en"), cast.actor("it.sara")
    own = staff_service(SLUG, clock.today())
    assert own is not None
    page = english.get(f"/console/versions/{own.version_id}").content.decode()
    assert f'action="/console/versions/{own.version_id}/package"' in page
    file = english.post(f"/console/versions/{own.version_id}/package")
    assert f'filename="{SLUG}-v{own.number}.zip"' in file["Content-Disposition"]
    assert json.loads(unpack(file.content)[0])["service"]["slug"] == SLUG
    assert AuditRow.objects.filter(action="catalogue.package.exported").exists()
    same = english.get(sent(english, file.content)["Location"]).content.decode()
    assert "The same here" in same and 'value="import"' not in same
    data = made_elsewhere()
    answer = sent(english, data)
    shown = english.get(answer["Location"]).content.decode()
    for word in ("The seal is valid", "New here", "Comes along", REASON, "street-visit", 'value="import"'):
        assert word in shown, word
    assert not ServiceVersion.objects.filter(service__slug="street-closure").exists(), "only looked through"
    assert english.post(answer["Location"], {"do": "import"}).status_code == 302
    version = ServiceVersion.objects.get(service__slug="street-closure")
    assert version.state == "draft" and compiled_service("street-closure", clock.today()) is None
    again = sent(english, data)
    assert again["Location"] == answer["Location"], "the same file has one page"
    assert "imported before" in english.get(again["Location"]).content.decode()
    for do, said in (("import", "its draft is still open"), ("remove", "it stays on record")):
        refused = english.post(answer["Location"], {"do": do})
        assert refused.status_code == 422 and said in refused.content.decode()
    assert "publish them in this order" in english.get(answer["Location"]).content.decode()
    for slug in ("street-visit", "street-closure"):
        came = ServiceVersion.objects.get(service__slug=slug)
        draft = begin_draft(version_id=came.pk, by=sara)
        asked = ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=sara)
        assert "Waits for a second person" in english.get(ROOM).content.decode()
        with pytest.raises(OwnDraft):
            approve_publication(publication_id=asked.pk, by=sara)
        approve_publication(publication_id=asked.pk, by=cast.actor("it.omar"))
    assert english.get(ROOM).content.decode().count("In force") == 2
    assert compiled_service("street-closure", clock.today()) is not None


def test_what_cannot_be_taken_in_is_said_kindly(trusting: Any) -> None:
    english, data = signed_in("it.sara", lang="en"), made_elsewhere()
    content, seal = unpack(data)
    other, later = json.loads(content), json.loads(content)
    other["made_on"], later["format"] = "2020-01-01", 2
    for wrong, said in (
        (b"a letter", "no package of a service"),
        (b"PK" + b"0" * 8_400_000, "larger than 8 MB"),
        (pack(b" " * 8_400_000, seal), "larger than 8 MB"),
        (pack(canonical_json(other), seal), "changed after it was sealed"),
        (pack(content, b"\x30\x03\x02\x01\x01"), "cannot be read"),
        (pack(canonical_json(later), seal), "newer version of the platform"),
        (pack(canonical_json({**other, "number": -1}), seal), "changed after it was sealed"),
        (pack(content.replace(b"street-closure", b"street\\u0000closure"), seal), "no package of a service"),
    ):
        answer = sent(english, wrong)
        assert answer.status_code == 422 and said in answer.content.decode(), said
    assert "Choose the package first" in english.post(ROOM).content.decode()
    assert not ReceivedPackage.objects.exists()
    (trusting / "authority" / "roots.pem").write_bytes(b"")
    place = sent(english, data)["Location"]
    shown = english.get(place).content.decode()
    assert "Nobody vouches for this seal here" in shown and "Serial number" in shown
    assert 'value="import"' not in shown and REASON not in shown, "it is not looked into"
    assert english.post(place, {"do": "import"}).status_code == 422
    assert english.post(place, {"do": "remove"})["Location"] == ROOM
    assert english.get(place).status_code == 404 and english.post(place, {"do": "import"}).status_code == 404
    assert AuditRow.objects.filter(action="catalogue.package.removed").exists()


def test_what_is_missing_and_what_differs_is_named_with_where_it_is_put_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arabic, english = signed_in("it.sara"), signed_in("it.sara", lang="en")
    content, seal = unpack(made_elsewhere())
    poorer = json.loads(content)
    poorer["service"]["workflow"]["steps"]["site"]["service"] = "street-look"
    poorer["service"]["workflow"]["steps"]["opinion"]["role"] = "ROLE-UNKNOWN"
    poorer["service"]["department"] = "NONE"
    vouched_for(monkeypatch, content, seal)
    ours = {**definition("street-visit"), "name": {"ar": "زيارتنا نحن", "en": "Our own visit"}}
    draft = draft_version(definition=ours, by=EDITOR)
    publish_version(version_id=draft.pk, valid_from=clock.today(), by=PUBLISHER)
    reason("سببنا نحن")
    place = sent(english, pack(canonical_json(poorer), seal))["Location"]
    shown = english.get(place).content.decode()
    for word in (
        "ROLE-UNKNOWN", 'href="/console/lists/roles"', "street-look", "import that one first", "NONE",
        "No unit here is of this department", "Differs from ours", "Our own visit", "Rows that differ: ours stay",
        f'href="/console/lists/reasons/row?code={REASON}"', "What keeps it out",
    ):  # fmt: skip
        assert word in shown, word
    assert 'value="import"' not in shown
    answer = english.post(place, {"do": "import"})
    assert answer.status_code == 422 and "ROLE-UNKNOWN" in answer.content.decode()
    assert "ناقص هنا" in arabic.get(place).content.decode()
    assert english.post(place, {"do": "else"}).status_code == 404
    draft = draft_version(definition=definition("street-closure"), by=cast.actor("it.sara"))
    assert english.post(f"/console/versions/{draft.pk}/package").status_code == 404, "only what was published"
