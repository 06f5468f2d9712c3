"""Verification for programs: by file in both ways, by number, and what is refused."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diwan.api.resources import verification
from diwan.api.tokens import make_token
from diwan.documents import verify
from diwan.documents.checking import CHECKER, Checker
from diwan.documents.contents import render_document
from diwan.documents.models import IssuedDocument
from diwan.documents.queries import Standing, standing
from diwan.people.actor import system
from tests import cast
from tests.cases import walking
from tests.cases.conftest import registers

__all__ = ["registers"]

FILES = "/api/v1/verifications"
PDF = "application/pdf"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CHECKER, "seconds", 30.0)


@pytest.fixture
def licence(request: pytest.FixtureRequest) -> IssuedDocument:
    """A document that was issued (its seal is that of the tests)."""
    for name in ("city", "registers"):
        request.getfixturevalue(name)
    return IssuedDocument.objects.get(case_id=walking.issued(walking.billed(cast.owner("maryam"))).pk)


def sent(body: bytes, kind: str = PDF, **headers: str) -> Any:
    """The answer to a file as the body of a request."""
    return Client().post(FILES, body, content_type=kind, headers=headers)


def test_a_file_is_judged_as_body_and_as_form(licence: IssuedDocument) -> None:
    pdf = render_document(licence).pdf
    as_body = sent(pdf)
    as_form = Client().post(FILES, {"file": SimpleUploadedFile("x.pdf", pdf, content_type=PDF)})
    assert (as_body.status_code, as_form.status_code) == (200, 200)
    said = as_body.json()
    assert said == as_form.json()
    assert (said["finding"], said["good"], said["number"], said["signatures"]) == (
        "not_signed",
        False,
        None,
        [],
    )
    assert said["says"] == {"ar": "غير موقعة", "en": "Not signed"}


def test_the_answer_names_the_signatures(licence: IssuedDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    one = verify.SignatureFound(
        verify.Finding.VALID, "ختم", "ختم الأمانة", "Seal", "", True, True, licence.created_at, "lta_updates"
    )
    verdict = verify.Verdict(verify.Finding.VALID, (one,), str(licence.number), Standing.VALID, licence, True)
    monkeypatch.setattr(verification, "verify_pdf", lambda pdf: verdict)
    said = sent(b"%PDF").json()
    assert (said["good"], said["number"], said["standing"]) == (True, licence.number, "valid")
    assert said["signatures"][0]["title"] == {"ar": "ختم الأمانة", "en": "Seal"}
    assert set(said["signatures"][0]) == {"finding", "name", "title", "seal", "ours", "at", "level"}
    monkeypatch.setattr(
        verification, "verify_pdf", lambda pdf: dataclasses.replace(verdict, standing=Standing.REVOKED)
    )
    assert sent(b"%PDF").json()["good"] is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", PDF, 400),
        (b"hello", "text/plain", 415),
        (bytes(21 * 1024 * 1024), PDF, 413),
        (b"hello", PDF, 200),
    ],
)
def test_what_is_no_file_is_a_problem_and_any_file_an_answer(body: bytes, kind: str, status: int) -> None:
    answer = sent(body, kind)
    assert answer.status_code == status
    problem = status != 200
    assert answer["Content-Type"].startswith("application/problem+json") is problem


@pytest.mark.django_db
def test_a_form_without_a_file_and_a_form_too_large() -> None:
    assert Client().post(FILES, {"other": "x"}).status_code == 400
    large = SimpleUploadedFile("x.pdf", bytes(21 * 1024 * 1024), content_type=PDF)
    assert Client().post(FILES, {"file": large}).status_code == 413


@pytest.mark.django_db
def test_too_many_files_at_once_are_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "CHECKER", Checker(at_once=0))
    answer = sent(b"hello")
    assert (answer.status_code, answer["Retry-After"]) == (429, "10")
    assert answer.json()["code"] == "busy"


@pytest.mark.django_db
def test_an_address_is_slowed_and_a_token_has_a_limit_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "FILES", 1)
    monkeypatch.setattr(verification, "verify_pdf", lambda pdf: verify.Verdict(verify.Finding.UNREADABLE))
    assert sent(b"hello").status_code == 200
    slowed = sent(b"hello")
    assert slowed.status_code == 429
    assert 0 < int(slowed["Retry-After"]) <= 900
    token = make_token(name="x", services=[], by=system("tests"))
    assert sent(b"hello", Authorization=f"Bearer {token}").status_code == 200
    assert sent(b"hello", Authorization="Bearer dw_x_y").status_code == 401


def test_a_number_tells_how_the_document_stands_and_no_name(licence: IssuedDocument) -> None:
    answer = Client().get(f"/api/v1/documents/{licence.number}")
    said = answer.json()
    assert answer.status_code == 200
    assert (said["number"], said["standing"]) == (licence.number, standing(licence))
    assert said["title"] == {"ar": licence.title_ar, "en": licence.title_en}
    assert set(said) == {
        "number", "standing", "good", "says", "title", "issued_by", "valid_from", "valid_to", "issued_at",
        "revoked_at",
    }  # fmt: skip
    assert "بقالة الاختبار" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["101269999994", "123456789012", "x"])
def test_a_number_that_was_never_given_is_not_found(number: str) -> None:
    answer = Client().get(f"/api/v1/documents/{number}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "documents.not_found"
