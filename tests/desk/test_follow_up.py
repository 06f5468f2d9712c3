"""The visit after an instant licence on the pages: the inspector's, the officer's and the owner's."""

import pytest

from diwan.cases.models import Case
from diwan.kit.numbers import case_number
from tests import cast
from tests.cases import walking
from tests.desk.conftest import Desk, address


@pytest.fixture
def pair(desk: Desk) -> tuple[Case, Case]:
    """An instant licence and its visit. (`desk` brings the city and its registers.)"""
    licence = walking.issued(walking.billed(cast.owner()))
    return licence, Case.objects.get(pk=licence.facts["follow_ups"][0]["case"])


def test_the_inspector_reads_the_visit_and_finds_the_licence(desk: Desk, pair: tuple[Case, Case]) -> None:
    licence, visit = pair
    page = desk("khalid").get(address(visit))
    assert page.status_code == 200
    assert address(licence) in page.content.decode()
    assert f"geo:{visit.data['place']['lat']},{visit.data['place']['lng']}" in page.content.decode(), (
        "the way there"
    )
    assert desk("khalid").get(address(licence)).status_code == 200


def test_the_case_of_the_licence_leads_to_its_visit(desk: Desk, pair: tuple[Case, Case]) -> None:
    licence, visit = pair
    page = desk("fahad").get(address(licence))
    assert page.status_code == 200
    assert address(visit) in page.content.decode()


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_owner_reads_of_the_visit(desk: Desk, pair: tuple[Case, Case], lang: str) -> None:
    _, visit = pair
    page = desk("salem", lang=lang, kind="establishment").get(f"/case/{case_number(visit.pk)}")
    assert page.status_code == 200
