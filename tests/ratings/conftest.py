"""Cases that have ended in the demo city, and the secret of their links."""

from __future__ import annotations

import pytest

from diwan.cases.models import Case
from diwan.modules.ratings.actions import invite
from diwan.modules.ratings.links import secret_of
from diwan.modules.ratings.models import Invitation
from tests import cast
from tests.cases import walking
from tests.cases.conftest import registers

__all__ = ["registers"]


def secret(case: Case) -> str:
    """The secret in the link of the case."""
    return secret_of(case.pk, Invitation.objects.get(case=case).generation)


@pytest.fixture
def ended(city: str, registers: cast.Registers) -> Case:
    """A grocery whose licence was issued; its owner is asked how that was."""
    case = walking.issued(walking.billed(cast.owner()))
    assert invite(case_id=case.pk) is not None
    return case
