"""A partner's system at the public API: it submits with an idempotency key and asks until it is answered."""

import random
import time
from dataclasses import dataclass
from typing import Any

import httpx

from tests.journeys import applying
from tests.journeys.city import City
from tests.journeys.steps import Broken


@dataclass(frozen=True)
class Acknowledged:
    """A case that the product has answered for."""

    key: str
    number: str
    secret: str


class Partner:
    """One client with its token."""

    def __init__(self, city: City, *, service: str = "shop-licence-instant") -> None:
        self._service = service
        self._token = city.run("diwan", "token", "make", "Journey", service).strip().splitlines()[-1]
        self.client = httpx.Client(base_url=city.base, trust_env=False, timeout=15)

    def _headers(self, key: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}

    def submit(self, key: str, body: dict[str, Any], *, patience: float = 120) -> Acknowledged:
        """Ask until a case is acknowledged: whatever breaks on the way, the same key is sent again."""
        deadline = time.monotonic() + patience
        said = ""
        while time.monotonic() < deadline:
            try:
                self._send_papers(key)
                answer = self.client.post("/api/v1/cases", json=body, headers=self._headers(key))
            except httpx.HTTPError as error:
                said = type(error).__name__
            else:
                if answer.status_code in (200, 201):
                    made = answer.json()
                    return Acknowledged(key, made["number"], made["secret"])
                said = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code < 500:
                    raise Broken(f"the API refused {key}: {said}")
            time.sleep(0.2 + random.random() / 5)
        raise Broken(f"{key} was never acknowledged: {said}")

    def _send_papers(self, key: str) -> None:
        name, content, kind = applying.photo("الواجهة", width=320)
        answer = self.client.post(
            "/api/v1/uploads", headers=self._headers(key), files={"file": (name, content, kind)},
            data={"service": self._service, "slot": "facade"},
        )  # fmt: skip
        if answer.status_code >= 500:
            raise httpx.RemoteProtocolError(answer.text[:200])

    def knows(self, case: Acknowledged) -> bool:
        """Whether the status of the case can be read by number and secret."""
        answer = self.client.get(
            f"/api/v1/cases/{case.number}/status", headers={"X-Case-Secret": case.secret}
        )
        return answer.status_code == 200 and answer.json()["number"] == case.number
