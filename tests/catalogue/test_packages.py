"""A service goes to another amanah under the seal of the one that made it, with what it needs; it is examined there."""

import importlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from diwan.audit.models import AuditRow
from diwan.catalogue.actions import (
    AlreadyImported,
    SealNotValid,
    draft_version,
    examine_package,
    export_package,
    import_package,
    publish_version,
    set_lookup_row,
)
from diwan.catalogue.bundle import CONTENT, SEAL, NoPackage, pack, package_of, unpack
from diwan.catalogue.errors import NoSuchService, NotAllowed, Unusable
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.queries import compiled_service, lookup_row
from diwan.documents.sealing import CHANGED, UNREADABLE, UNTRUSTED, VALID, judge_seal
from diwan.documents.signing import SigningRefused
from diwan.flow.table import Text
from diwan.kit import clock
from diwan.kit.canonical import canonical_json
from diwan.people.actor import system
from tests.cases.test_several import definition
from tests.catalogue.conftest import EDITOR, NOBODY, PUBLISHER
from tests.documents.conftest import authority, signer, trusting

__all__ = ["authority", "signer", "trusting"]
pytestmark = pytest.mark.usefixtures("city", "signer")
REASON = "RSN-991"


def published(name: str, **changed: Any) -> ServiceVersion:
    draft = draft_version(definition={**definition(name), **changed}, by=EDITOR)
    return publish_version(version_id=draft.pk, valid_from=clock.today(), by=PUBLISHER)


def reason(name: str, **data: Any) -> None:
    set_lookup_row(
        lookup="reasons", code=REASON, name=Text(name, name), data=data, by=system("tests"),
        valid_from=clock.today() - timedelta(days=1),
    )  # fmt: skip


class _Elsewhere(Exception):
    """Ends what the other amanah has done here."""


def made_elsewhere() -> bytes:
    """The package of the street closure as another amanah makes it; nothing of it stays in this database."""
    found = b""
    try:
        with transaction.atomic():
            reason("سبب من أمانة أخرى", snippet={"ar": "نص", "en": "text"})
            published("street-visit")
            reasons = {"return": [REASON], "reject": ["RSN-16"], "cancel": ["RSN-41"]}
            version = published("street-closure", reasons=reasons)
            found = export_package(version_id=version.pk, by=EDITOR)
            raise _Elsewhere
    except _Elsewhere:
        return found


def test_it_comes_with_what_it_needs_and_is_published_here() -> None:
    data = made_elsewhere()
    found = examine_package(data)
    assert (found.seal.state, found.faults) == (VALID, [])
    assert "أمانة" in found.seal.organisation or "Amanah" in found.seal.organisation, found.seal
    assert [(each.slug, each.state) for each in found.services] == [
        ("street-visit", "new"), ("street-closure", "new"),
    ]  # fmt: skip
    assert [(name, row.code) for name, row in found.rows] == [("reasons", REASON)] and not found.kept
    assert compiled_service("street-closure", clock.today()) is None, "examining changes nothing"
    with pytest.raises(NotAllowed):
        import_package(data=data, by=NOBODY)
    drafts = import_package(data=data, by=EDITOR)
    assert [draft.service.slug for draft in drafts] == ["street-visit", "street-closure"]
    row = lookup_row("reasons", REASON, clock.today())
    assert row is not None and row.data["snippet"]["en"] == "text"
    with pytest.raises(AlreadyImported):
        import_package(data=data, by=EDITOR)
    for draft in drafts:
        publish_version(version_id=draft.pk, valid_from=clock.today(), by=PUBLISHER)
    assert compiled_service("street-closure", clock.today()) is not None
    assert AuditRow.objects.filter(action="catalogue.package.imported").count() == 1
    again = examine_package(data)
    assert [each.state for each in again.services] == ["same", "same"]
    assert import_package(data=data, by=EDITOR) == []


def test_what_is_here_already_stays_as_it_is() -> None:
    data = made_elsewhere()
    reason("سببنا نحن")
    found = examine_package(data)
    assert [(name, row.code) for name, row in found.kept] == [("reasons", REASON)] and not found.rows
    import_package(data=data, by=EDITOR)
    row = lookup_row("reasons", REASON, clock.today())
    assert row is not None and row.name.ar == "سببنا نحن"


def test_a_package_that_was_changed_or_that_nobody_vouches_for_is_refused(trusting: Any) -> None:
    data = made_elsewhere()
    content, seal = unpack(data)
    cheaper = json.loads(content)
    cheaper["service"]["slug"] = "street-closing"
    other = canonical_json(cheaper)
    assert judge_seal(other, seal).state == CHANGED
    assert judge_seal(content, b"\x30\x03\x02\x01\x01").state == UNREADABLE
    with pytest.raises(SealNotValid):
        import_package(data=pack(other, seal), by=EDITOR)
    (trusting / "authority" / "roots.pem").write_bytes(b"")
    assert judge_seal(content, seal).state == UNTRUSTED
    with pytest.raises(SealNotValid):
        import_package(data=data, by=EDITOR)


def test_what_is_missing_here_is_told_and_keeps_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made_elsewhere()
    content, seal = unpack(data)
    poorer = json.loads(content)
    poorer["inner"] = []
    poorer["service"]["workflow"]["steps"]["site"]["service"] = "street-look"
    poorer["service"]["workflow"]["steps"]["opinion"]["role"] = "ROLE-UNKNOWN"
    vouched = judge_seal(content, seal)
    module = importlib.import_module("diwan.catalogue.actions.import_package")
    monkeypatch.setattr(module, "judge_seal", lambda *_: vouched)
    found = examine_package(pack(canonical_json(poorer), seal))
    assert any("ROLE-UNKNOWN" in str(fault) for fault in found.faults)
    with pytest.raises(Unusable):
        import_package(data=pack(canonical_json(poorer), seal), by=EDITOR)
    taken = json.loads(content)
    taken["service"]["code"] = "FI-101"
    found = examine_package(pack(canonical_json(taken), seal))
    assert any("FI-101" in str(fault) for fault in found.faults)


def _zip(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"PK\x03\x04", b"not a file at all", _zip(other=b"x"), _zip(**{CONTENT: b"{", SEAL: b""}),
        _zip(**{CONTENT: b"[]", SEAL: b""}), _zip(**{CONTENT: b"[" * 200_000, SEAL: b""}),
        _zip(**{CONTENT: b'{"format": 1}', SEAL: b""}), _zip(**{CONTENT: b" " * 9_000_000, SEAL: b""}),
    ],
)  # fmt: skip
def test_what_is_no_package_is_refused(data: bytes) -> None:
    with pytest.raises(NoPackage):
        examine_package(data)


def test_only_what_is_published_is_sealed() -> None:
    draft = draft_version(definition=definition("street-visit"), by=EDITOR)
    with pytest.raises(NoSuchService):
        export_package(version_id=draft.pk, by=EDITOR)
    with pytest.raises(NotAllowed):
        export_package(version_id=draft.pk, by=NOBODY)
    with pytest.raises(LookupError):
        package_of(draft.pk)
    from diwan.documents.sealing import seal

    with pytest.raises(SigningRefused):
        seal("service_package", draft.pk)
    with pytest.raises(SigningRefused):
        seal("anything", 1)
