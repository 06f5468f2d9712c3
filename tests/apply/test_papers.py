"""Papers of a draft: by script, with the form, removed, and kept from others."""

import io
from typing import Any

import pytest
from django.urls import reverse

from diwan.cases.models import Draft
from diwan.files.queries import uploads_of
from tests import cast
from tests.apply.browsing import anybody, client_of, form_of, text_of
from tests.apply.test_pages import ANSWERS, begin, page_url, photo, send

pytestmark = pytest.mark.usefixtures("city", "registers")


def named(content: bytes, name: str) -> io.BytesIO:
    """Bytes as a file input sends them."""
    made = io.BytesIO(content)
    made.name = name
    return made


def upload(client: Any, draft: Draft, file: io.BytesIO, *, key: str = "k1", slot: str = "facade") -> Any:
    return client.post(
        reverse("apply:upload", args=[draft.pk]),
        {"file": file, "slot": slot},
        headers={"X-Requested-With": "fetch", "Idempotency-Key": key},
    )


def test_a_photo_is_taken_once_whatever_is_sent_twice() -> None:
    client = client_of("maryam")
    draft = begin(client)
    first = upload(client, draft, photo())
    assert first.status_code == 201
    again = upload(client, draft, photo())
    assert again.json()["id"] == first.json()["id"]
    assert len(uploads_of(f"draft:{draft.pk}")) == 1
    assert first.json()["url"] == reverse("apply:file", args=[first.json()["id"]])


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.pdf"), (b"MZ\x90\x00" + b"\x00" * 200, "contract.pdf"), (b"<html><script>", "page.jpg")],
)
def test_what_is_no_paper_is_refused_in_words(content: bytes, name: str) -> None:
    client = client_of("maryam")
    draft = begin(client)
    answer = upload(client, draft, named(content, name))
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert uploads_of(f"draft:{draft.pk}") == []


def test_a_slot_that_the_form_does_not_ask_for_takes_nothing() -> None:
    client = client_of("maryam")
    draft = begin(client)
    assert upload(client, draft, photo(), slot="delegation_of_somebody").status_code == 404


def test_a_refused_file_of_a_plain_form_is_told_beside_its_slot() -> None:
    client = client_of("maryam")
    draft = begin(client)
    response = send(
        client, page_url(draft, "term"), {**ANSWERS["term"], "facade": named(b"MZ" * 100, "x.jpg")}
    )
    assert response.status_code == 422
    assert 'id="id_facade-error"' in text_of(response)
    draft.refresh_from_db()
    assert draft.data["workers"] == 2


def test_removing_a_paper_keeps_what_was_typed_beside_it() -> None:
    client = client_of("maryam")
    draft = begin(client)
    taken = upload(client, draft, photo()).json()
    url = page_url(draft, "term")
    response = client.post(taken["remove_url"], {**form_of(client.get(url)), "workers": "7"})
    assert response.url == url
    draft.refresh_from_db()
    assert draft.data["workers"] == 7
    assert uploads_of(f"draft:{draft.pk}") == []


def test_a_paper_is_served_to_its_owner_alone() -> None:
    client = client_of("maryam")
    draft = begin(client)
    taken = upload(client, draft, photo()).json()
    served = client.get(taken["url"])
    assert served.status_code == 200
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    assert "attachment" in client.get(taken["url"] + "?download")["Content-Disposition"]
    for other in (client_of("salem"), client_of("fahad", kind="position")):
        assert other.get(taken["url"]).status_code == 404
        assert other.post(taken["remove_url"]).status_code == 404
    assert anybody().get(taken["url"]).status_code == 302


def test_a_script_removes_without_a_page() -> None:
    client = client_of("maryam")
    draft = begin(client)
    taken = upload(client, draft, photo()).json()
    assert client.post(taken["remove_url"], headers={"X-Requested-With": "fetch"}).status_code == 204


def test_missing_papers_are_told_before_going_on() -> None:
    client = client_of("maryam")
    draft = begin(client)
    response = send(client, page_url(draft, "term"), ANSWERS["term"])
    assert response.status_code == 422
    assert "#id_facade" in text_of(response)
    assert cast.picture().getbuffer().nbytes > 0
