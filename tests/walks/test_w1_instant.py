"""W1: the instant licence on a telephone, in Arabic, with nobody but its owner."""

import pytest

from tests.walks.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.full]


def test_walk(stage: Stage) -> None:
    maryam = stage.actor("maryam").open("/")
    maryam.pair("home")
    maryam.sign_in(login="٢١٢٣٤٥٦٧٨٨", next_path="/services/shop-licence-instant")
    maryam.accessible()
    fahad = stage.actor("fahad", window=(1366, 768)).sign_in(next_path="/desk/")
    fahad.pair("queue")
