"""What is the same everywhere below /api/: problems, keys, ETags, limits, languages."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import get_resolver

from diwan.api import allowances, door
from diwan.cases.models import Draft, IdempotencyKey
from diwan.files.models import Upload
from diwan.people.models import RateWindow
from tests import cast
from tests.api.conftest import APPLICANT, Make, Partner, photo, shop

KIND = "application/problem+json"


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/api/", {}, 404, "not_found"),
        ("GET", "/api/v2/services", {}, 404, "not_found"),
        ("POST", "/api/v1/nothing", {}, 404, "not_found"),
        ("GET", "services/NO", {}, 404, "not_found"),
        ("PUT", "services", {}, 405, "method"),
        ("TRACE", "cases", {}, 405, "method"),
        ("GET", "services", {"Accept": "text/html"}, 406, "not_acceptable"),
        ("GET", "services?page=2", {}, 400, "query"),
        ("GET", "services?limit=1000", {}, 400, "query"),
        ("GET", "services?limit=1&limit=2", {}, 400, "query"),
        ("GET", "services?q=%00", {}, 400, "query"),
        ("POST", "services/shop-licence-instant/fee", {}, 400, "body"),
        ("GET", "cases", {}, 401, "unauthorised"),
        ("POST", "cases", {"Authorization": "Bearer dw_00000000_aaaaaaaaaaaaaaaaaaaa"}, 401, "unauthorised"),
        ("POST", "drafts", {"Authorization": "Basic abc"}, 401, "unauthorised"),
    ],
)
def test_a_refusal_is_a_problem_document(
    method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = Partner("").ask(method, path, **headers)
    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (status, KIND, code)
    assert set(answer.json()) >= {"type", "title", "status", "detail", "code"}
    assert answer.json()["status"] == status
    assert bool(answer.headers.get("Allow")) == (status == 405)
    assert (answer.headers.get("WWW-Authenticate") == "Bearer") == (status == 401)


def test_a_fault_of_ours_is_a_problem_too() -> None:
    def asked(path: str) -> tuple[int, str]:
        answer = get_resolver().resolve_error_handler(500)(RequestFactory().get(path))
        return answer.status_code, answer["Content-Type"]

    assert asked("/api/v1/nothing") == (500, KIND)
    assert asked("/nothing") == (500, "text/html; charset=utf-8")


@pytest.mark.django_db
def test_the_language_of_a_refusal_is_that_of_the_request() -> None:
    said = [Partner("").ask("GET", "cases", Accept_Language=code) for code in ("en-GB,en;q=0.9", "ar", "fr")]
    assert [one["Content-Language"] for one in said] == ["en", "ar", "ar"]
    assert said[0].json()["title"] == "Not signed in"
    assert said[1].json()["title"] == "بلا هوية"


def test_bodies_that_are_no_such_thing_are_refused(partner: Make) -> None:
    office = partner()
    sent = {"Authorization": f"Bearer {office.token}", "Idempotency-Key": "key-of-the-test"}
    for kind, body, status in (
        ("text/plain", b"{}", 415),
        ("application/json", b"{", 400),
        ("application/json", b'{"service": NaN}', 400),
        ("application/json", b'"\\u0000"', 422),
        ("application/json", b"[]", 422),
        ("application/json", b" " * 300_000, 413),
        ("application/json", b"[" * 100_000, 400),
    ):
        answer = office.client.post("/api/v1/drafts", body, content_type=kind, headers=sent)
        assert (answer.status_code, answer["Content-Type"]) == (status, KIND), (kind, body[:20])
    del sent["Idempotency-Key"]
    answer = office.client.post("/api/v1/drafts", b"{}", content_type="application/json", headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key")


def test_a_key_is_good_for_one_body(partner: Make) -> None:
    office, key = partner(), "the-same-key"
    body = {"service": cast.INSTANT, "applicant": APPLICANT, "answers": {"area_m2": "40"}}
    first, again = (office.ask("POST", "drafts", body, Idempotency_Key=key) for _ in range(2))
    assert (first.status_code, first.content, first["ETag"]) == (201, again.content, again["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Draft.objects.filter(channel="api").count() == 1
    other = office.ask("POST", "drafts", {**body, "answers": {}}, Idempotency_Key=key)
    assert (other.status_code, other.json()["code"]) == (409, "cases.key_reused")
    refused = office.ask("POST", "drafts", {"service": "x"}, Idempotency_Key="another-key")
    assert refused.status_code == 422
    assert not IdempotencyKey.objects.filter(key="another-key").exists()
    file = {"service": cast.INSTANT, "slot": "facade", "application": "the-application"}
    papers = [office.ask("POST", "uploads", {**file, "file": photo()}, Idempotency_Key=key) for _ in range(2)]
    assert papers[0].json() == papers[1].json()
    assert Upload.objects.filter(owner__startswith="client:").count() == 1
    assert (
        office.ask("POST", "uploads", {**file, "file": photo(), "slot": "x"}, Idempotency_Key=key).status_code
        == 409
    )
    whole = {"service": cast.INSTANT, "applicant": APPLICANT, "answers": shop(),
             "documents": {"facade": [papers[0].json()["id"]]}}  # fmt: skip
    opened, same = (office.ask("POST", "cases", whole, Idempotency_Key="the-application") for _ in range(2))
    assert (opened.status_code, same.status_code, opened.json()) == (201, 200, same.json())
    changed = {**whole, "answers": shop(area_m2="41")}
    assert office.ask("POST", "cases", changed, Idempotency_Key="the-application").status_code == 409


@pytest.mark.usefixtures("city")
def test_what_is_known_is_not_sent_again() -> None:
    nobody = Partner("")
    for path in ("services", f"services/{cast.INSTANT}", "municipalities", "districts", "openapi.json"):
        first = nobody.ask("GET", path)
        again = nobody.ask("GET", path, If_None_Match=f'"other", W/{first["ETag"]}')
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert again["ETag"] == first["ETag"]
        assert nobody.ask("HEAD", path).status_code == 200


def test_scopes_are_kept(partner: Make) -> None:
    reader, writer = partner(scopes=["cases:read"]), partner(scopes=["cases:write"])
    number = writer.sent()
    assert reader.ask("GET", f"cases/{number}").status_code == 200
    assert writer.ask("GET", f"cases/{number}").json()["code"] == "scope"
    for path in ("drafts", "cases", "uploads"):
        assert reader.ask("POST", path, {}).json()["code"] == "scope"
    assert reader.ask("GET", "documents/101269999994").json()["code"] == "scope"


def test_tokens_and_addresses_have_limits(partner: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    office = partner()
    monkeypatch.setattr(door, "OF_TOKEN", 40)
    codes = [office.ask("GET", "cases").status_code for _ in range(41)]
    assert codes == [200] * 40 + [429]
    refused = office.ask("GET", "cases")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert partner("another").ask("GET", "cases").status_code == 200
    monkeypatch.setattr(door, "OF_ADDRESS", 2)
    assert [Partner("").ask("GET", "municipalities").status_code for _ in range(3)] == [200, 200, 429]
    # Another process begins with what this one has left of the common window.
    allowances.forget()
    assert Partner("").ask("GET", "municipalities").status_code == 429
    assert RateWindow.objects.filter(key__startswith="api:").exists()
