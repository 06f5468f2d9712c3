"""Everything in the document is asked with what its schemas allow and what they refuse; answers are as described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from diwan.api import allowances, door
from diwan.api.resources import verification
from diwan.documents import verify
from tests import cast
from tests.api.conftest import Make

EXAMPLES = 6
"""Requests of each kind for each operation."""
_own: dict[str, str] = {}


@pytest.fixture
def api(partner: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The API in this process, for a partner with a draft and a case; no limits, and files are judged at once."""
    office = partner(scopes=["cases:read", "cases:write", "verify"])
    _own.update(
        number=office.sent(), id=office.draft(trade_name_ar="مشغل").json()["id"], slug=cast.INSTANT, field="activities",
        token=office.token,
    )  # fmt: skip
    for name in ("OF_ADDRESS", "OF_ADDRESS_WITH_TOKEN", "OF_TOKEN"):
        monkeypatch.setattr(door, name, 1_000_000)
    for name in ("FILES", "LOOKS", "WITH_TOKEN"):
        monkeypatch.setattr(verification, name, 1_000_000)
    monkeypatch.setattr(verification, "verify_pdf", lambda pdf: verify.Verdict(verify.Finding.UNREADABLE))
    allowances.forget()
    # As Django's own test client does: a request that ends must not close the connection of the test.
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    try:
        loaded = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
        loaded.config.generation.update(allow_x00=False)
        yield loaded
    finally:
        signals.request_started.connect(close_old_connections)
        signals.request_finished.connect(close_old_connections)


def _ask(operation: Any, mode: GenerationMode) -> None:
    """Some requests for the operation, and the checks of schemathesis on their answers.

    Of what the schemas allow it may still be said that it does not hold (422): no schema knows leases or the map, nor
    which cursors we gave out. It is never malformed (400).
    """

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        if case.path_parameters and len(str(case.body)) % 2 == 0 and operation.path != "/documents/{number}":
            case.path_parameters = {
                name: _own.get(name, value) for name, value in case.path_parameters.items()
            }
        if mode is GenerationMode.POSITIVE and case.query:
            case.query.pop("cursor", None)
        response = case.call_and_validate(
            headers={"Authorization": f"Bearer {_own['token']}"}, excluded_checks=[positive_data_acceptance]
        )
        assert mode is GenerationMode.NEGATIVE or response.status_code != 400, (
            case.as_curl_command(),
            response.text,
        )

    one()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_described(api: Any, mode: GenerationMode) -> None:
    """Every other request names what there is: the partner's own draft and case, a service that is offered."""
    faults = []
    asked = [found.ok() for found in api.get_all_operations()]
    for operation in asked:
        try:
            _ask(operation, mode)
        except Unsatisfiable:
            continue
        except (FailureGroup, AssertionError) as error:
            faults.append(f"{operation.label}: {getattr(error, 'exceptions', error)}")
    assert len(asked) > 20
    assert not faults, "\n".join(faults)
