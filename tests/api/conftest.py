"""A partner with a token, and its requests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from diwan.api import allowances
from diwan.api.tokens import DEFAULT_SCOPES, make_token
from diwan.cases.models import Case
from diwan.cases.remarks import Remark
from diwan.cases.services import service_of
from diwan.kit import numbers
from diwan.people.actor import system
from tests import cast

API = "/api/v1/"
APPLICANT: Mapping[str, str] = {
    "national_id": "2123456788", "name_ar": "مريم حسن عثمان بخيت", "mobile": "+966500000001", "capacity": "owner",
}  # fmt: skip


RESTAURANT: Mapping[str, str] = {
    **APPLICANT, "cr_number": "4030000001", "unified_number": "7000000001", "establishment_ar": "مطعم الاختبار",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_allowances() -> Iterator[None]:
    allowances.forget()
    yield
    allowances.forget()


@dataclass
class Partner:
    """The requests of one token."""

    token: str
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a request; a body of JSON, a form (`files`), or none. Writes get a key of their own."""
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method in ("POST", "PATCH", "DELETE"):
            sent["Idempotency-Key"] = uuid4().hex
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        target = path if path.startswith("/") else API + path
        if method == "POST" and isinstance(body, dict) and "file" in body:
            return self.client.post(target, body, headers=sent)
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        text = "" if body is None else json.dumps(body)
        return self.client.generic(method, target, text, content_type=kind, headers=sent)

    def draft(self, **answers: Any) -> Any:
        """A draft of the instant licence with these answers, or with all that it asks."""
        given = answers or shop()
        made = self.ask("POST", "drafts", {"service": cast.INSTANT, "applicant": APPLICANT, "answers": given})
        assert made.status_code == 201, made.content.decode()
        return made

    def sent(self) -> str:
        """The number of a case that was opened by a draft with its papers."""
        made = self.draft().json()
        for slot, problem in made["problems"].items():
            assert problem[0]["code"] == "forms.paper_missing", made["problems"]
            assert (
                self.ask(
                    "POST", f"drafts/{made['id']}/documents", {"slot": slot, "file": photo()}
                ).status_code
                == 201
            )
        opened = self.ask("POST", f"drafts/{made['id']}/send")
        assert opened.status_code == 201, opened.content.decode()
        return str(opened.json()["number"])


def returned(office: Partner, *remarks: Remark) -> Case:
    """A restaurant's application that the office sent and the licensing officer gave back with these remarks."""
    body = {"service": cast.WITH_APPROVALS, "applicant": RESTAURANT, "answers": cast.answers()}
    made = office.ask("POST", "drafts", body)
    assert made.status_code == 201, made.content.decode()
    for slot, found in made.json()["problems"].items():
        assert found[0]["code"] == "forms.paper_missing", made.json()["problems"]
        office.ask("POST", f"{made['Location']}/documents", {"slot": slot, "file": photo()})
    opened = office.ask("POST", f"{made['Location']}/send")
    assert opened.status_code == 201, opened.content.decode()
    case = cast.run_machine(Case.objects.get(pk=numbers.parse_case_number(opened.json()["number"])))
    case = cast.act(case, "civil_defence", "approve", by=cast.actor("cd.yousef"))
    case = cast.act(case, "supervising_body", "approve", by=cast.member_of("food_drug"))
    met = {item.code: "met" for item in service_of(case.version_id).checklist("CHK-FOOD")}
    case = cast.act(case, "visit_food", "passed", by=cast.actor("khalid"), answers=met)
    return cast.act(case, "review", "return", by=cast.actor("fahad"), field_remarks=list(remarks))


def shop(**changed: Any) -> dict[str, Any]:
    """Answers to the instant licence: a tailor's shop, complete but for its papers."""
    kept = {"cr_number": "4990000001", "activities": ["952902"], "area_m2": "40", "wants_card": False}
    return cast.answers(cast.INSTANT, **{**kept, **changed})


def photo() -> SimpleUploadedFile:
    """A small photo."""
    return SimpleUploadedFile("facade.jpg", cast.picture().read(), "image/jpeg")


Make = Callable[..., Partner]


@pytest.fixture
def partner(city: str) -> Make:
    """A partner with a token of its own: `partner(name=..., services=..., municipalities=..., scopes=...)`."""

    def make(name: str = "مكتب خدمات", **scope: Any) -> Partner:
        services = scope.pop("services", [cast.INSTANT, cast.WITH_APPROVALS])
        scopes = scope.pop("scopes", DEFAULT_SCOPES)
        return Partner(make_token(name=name, services=services, scopes=scopes, by=system("tests"), **scope))

    return make
