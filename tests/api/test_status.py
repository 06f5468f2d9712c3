"""Status by number and secret: every key, the stage in both languages, one statement."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from diwan.cases import secrets
from diwan.cases.services import service_of
from diwan.kit.numbers import case_number
from tests import cast


@pytest.mark.usefixtures("city")
def test_a_status_says_who_has_it_and_what_happens_now(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    case = cast.submit(cast.owner())
    service = service_of(case.version_id)
    with django_assert_num_queries(1):
        answer = Client().get(
            f"/api/v1/cases/{case_number(case.pk)}/status",
            headers={"X-Case-Secret": secrets.digits_of(case.pk)},
        )
    said = answer.json()
    assert answer.status_code == 200
    assert said["number"] == case_number(case.pk)
    assert said["service"] == case.service
    assert (said["state"], said["holder"], said["closed"]) == (case.state, case.holder, None)
    assert said["stage"] == {language: service.public(case.stage, language) for language in ("ar", "en")}
    assert said["stage"]["ar"] != said["stage"]["en"]
    assert said["opened"] <= said["updated"] < said["expected"]
