"""Requests to bodies that answer later (civil defence, supervising bodies): sent, acknowledged, asked again."""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from diwan.integrations.registers.connection import Silent, connection
from diwan.kit.ports import RequestState

log = logging.getLogger("diwan.registers")
STATES = ("pending", "approved", "rejected")


class HttpRequests:
    """`POST <registers_url>/v1/requests/<body>` and `GET .../<id>`; the final answer also comes as a signed notice."""

    def submit(
        self, body: str, *, reference: str, facts: Mapping[str, Any], request_id: str, timeout: float
    ) -> RequestState | None:
        """Send a request once: the same reference again gives the first one back. None when the body is silent."""
        answer = {
            "reference": reference,
            "facts": dict(facts),
            "callback_url": f"{settings.DIWAN.public_url}/registers/answers",
        }
        return self._call(
            body,
            "POST",
            f"/v1/requests/{body}",
            request_id=request_id,
            timeout=timeout,
            body=answer,
            key=reference,
        )

    def poll(self, body: str, identity: str, *, request_id: str, timeout: float) -> RequestState | None:
        """How the request stands. None when the body is silent or answers nonsense."""
        return self._call(
            body,
            "GET",
            f"/v1/requests/{body}/{identity}",
            request_id=request_id,
            timeout=timeout,
            body=None,
            key="",
        )

    def _call(
        self,
        register: str,
        method: str,
        path: str,
        *,
        request_id: str,
        timeout: float,
        body: dict[str, Any] | None,
        key: str,
    ) -> RequestState | None:
        if not settings.DIWAN.registers_url:
            return None
        try:
            response = connection().call(
                f"requests/{register}", method, path, request_id=request_id, timeout=timeout, body=body,
                idempotency_key=key,
            )  # fmt: skip
            return read_state(response.json()) if response.status_code in (200, 202) else None
        except Silent as error:
            log.warning("body %s is silent: %s (request %s)", register, error, request_id)
        except ValueError:
            log.warning("body %s answered nonsense (request %s)", register, request_id)
        return None


def read_state(data: object) -> RequestState:
    """The state of a request from its JSON; ValueError for anything else."""
    if not isinstance(data, dict) or data.get("status") not in STATES:
        raise ValueError("not the state of a request")
    for name in ("id", "reference", "body"):
        if not isinstance(data.get(name), str) or not data[name]:
            raise ValueError(f"no {name}")
    reason = data.get("reason") or {}
    return RequestState(
        id=data["id"],
        body=data["body"],
        reference=data["reference"],
        status=data["status"],
        reason={str(key): str(text) for key, text in reason.items()} if isinstance(reason, dict) else {},
        approval_number=str(data.get("approval_number", "")),
    )
