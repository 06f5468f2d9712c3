"""A partner's system at the public API: it submits with an idempotency key and asks until it is answered."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from tests.journeys import applying
from tests.journeys.steps import Broken

SERVICE = "shop-licence-instant"
PATIENCE = 180.0
#: A point on a street of the first municipality.
PLACE = {"lat": "25.624741", "lng": "36.978205", "how": "map"}


@dataclass(frozen=True)
class Acknowledged:
    """A case that the product has answered for."""

    key: str
    number: str
    secret: str


def application(key: str, paper: str) -> dict[str, Any]:
    """The body of an application for a tailor's shop, told apart by its key."""
    answers = {
        **applying.shop(place=PLACE, activities=["952902"], area_m2="40", has_sign=False, wants_card=False),
        "cr_number": "4990000001", "trade_name_ar": "مشغل الشريك", "trade_name_en": f"Shop {key}",
    }  # fmt: skip
    answers.pop("safety_mechanism")
    return {
        "service": SERVICE,
        "applicant": {
            "national_id": "2123456788",
            "name_ar": "مريم حسن عثمان بخيت",
            "mobile": "+966500000001",
            "capacity": "owner",
        },
        "answers": {
            name: value.isoformat() if isinstance(value, date) else value for name, value in answers.items()
        },
        "documents": {"facade": [paper]},
    }


class Partner:
    """One client with its token."""

    def __init__(self, base: str, *, token: str) -> None:
        self._token = token
        self.client = httpx.Client(base_url=base, trust_env=False, timeout=15)

    def _headers(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}

    def send_paper(self, key: str) -> str:
        """Send the photo ahead of the application; its id."""
        name, content, kind = applying.photo("الواجهة", width=320)
        answer = self._until_answered(
            key, lambda: self.client.post(
                "/api/v1/uploads", headers=self._headers(key), files={"file": (name, content, kind)},
                data={"service": SERVICE, "slot": "facade"},
            ),
        )  # fmt: skip
        return str(answer["id"])

    def submit(self, key: str, body: dict[str, Any]) -> Acknowledged:
        """Ask until a case is acknowledged: whatever breaks on the way, the same key is sent again."""
        answer = self._until_answered(
            key, lambda: self.client.post("/api/v1/cases", json=body, headers=self._headers(key))
        )
        return Acknowledged(key, str(answer["number"]), str(answer["secret"]))

    def _until_answered(self, key: str, ask: Callable[[], httpx.Response]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        said = ""
        while time.monotonic() < deadline:
            try:
                answer = ask()
            except httpx.HTTPError as error:
                said = type(error).__name__
            else:
                if answer.status_code in (200, 201):
                    found: dict[str, Any] = answer.json()
                    return found
                said = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code < 500:
                    raise Broken(f"the API refused {key}: {said}")
            time.sleep(0.2 + random.random() / 5)
        raise Broken(f"{key} was never answered: {said}")

    def knows(self, case: Acknowledged) -> bool:
        """Whether the status of the case can be read by number and secret."""
        answer = self.client.get(
            f"/api/v1/cases/{case.number}/status", headers={"X-Case-Secret": case.secret}
        )
        return answer.status_code == 200 and answer.json()["number"] == case.number
