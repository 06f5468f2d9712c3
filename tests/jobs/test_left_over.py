"""Documents that no case waits for are sealed one at a time, the newest first, and one that fails stops no other."""

from datetime import timedelta

import pytest

from diwan.documents.models import IssuedDocument, SigningMandate
from diwan.jobs import documents
from diwan.kit import clock
from diwan.people.models import Municipality

pytestmark = pytest.mark.usefixtures("city")


def _document(number: int, *, minutes_ago: int) -> IssuedDocument:
    now = clock.now()
    mandate = SigningMandate.objects.create(
        case_id=number, template="licence", standing_authority="AUTH", data_digest="0" * 64, approved_at=now
    )
    return IssuedDocument.objects.create(
        number=f"10126{number:07d}", municipality=Municipality.objects.get(code="101"), case_id=number,
        template="licence", title_ar="رخصة", title_en="Licence", data={}, mandate=mandate,
        verify_token=f"token {number}", valid_from=clock.today(), created_at=now - timedelta(minutes=minutes_ago),
    )  # fmt: skip


def test_the_newest_first_and_a_failure_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_refused", {})
    asked: list[int] = []

    def seal(*, document_id: int, by: object) -> None:
        asked.append(document_id)
        raise RuntimeError("the signer refuses")

    monkeypatch.setattr(documents, "render_and_sign", seal)
    old, newer, _young = (_document(number, minutes_ago=ago) for number, ago in ((1, 600), (2, 60), (3, 1)))
    assert [documents.seal_left_over() for _ in range(3)] == [0, 0, 0]
    assert asked == [newer.pk, old.pk]
