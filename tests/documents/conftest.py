"""People, authority and signer of the document tests."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from diwan.documents import signing
from diwan.documents.actions import render_and_sign
from diwan.documents.checking import CHECKER
from diwan.documents.models import IssuedDocument
from diwan.documents.signer.service import Signer
from diwan.kit import clock
from diwan.people.actor import Actor, system
from diwan.people.models import Account, Holding, Municipality, Position, StepUp, Unit
from tests.documents.authority import KEY, Authority, running

START = dt.date(2020, 1, 1)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The demo authority, one for all tests."""
    with running(tmp_path_factory.mktemp("authority")) as found:
        yield found


@pytest.fixture
def trusting(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Configuration that trusts the authority, with a data directory and a (short) socket of its own: the directory."""
    data = tmp_path / "data"
    (data / "authority").mkdir(parents=True)
    shutil.copy(authority.root, data / "authority" / "roots.pem")
    config = dataclasses.replace(
        settings.DIWAN,
        data=data,
        authority_url=authority.url,
        authority_key=KEY,
        mark_demo_data=True,
        base_url="https://diwan.example.gov.sa",
    )
    with tempfile.TemporaryDirectory(prefix="dw-") as short:
        socket = Path(short) / "signer.sock"
        monkeypatch.setattr(settings, "DIWAN", dataclasses.replace(config, signer_socket=socket))
        yield data


@dataclass(frozen=True)
class Office:
    """A municipality with its head and an assistant."""

    municipality: Municipality
    head: Actor
    assistant: Actor

    @property
    def head_post(self) -> int:
        """Key of the head's post."""
        assert self.head.position_id is not None
        return self.head.position_id

    @property
    def assistant_post(self) -> int:
        """Key of the assistant's post."""
        assert self.assistant.position_id is not None
        return self.assistant.position_id

    def step_up(self, by: Actor, *, minutes_ago: float = 1) -> StepUp:
        """A step-up of the actor some minutes ago."""
        assert by.account_id is not None
        at = clock.real_now() - dt.timedelta(minutes=minutes_ago)
        return StepUp.objects.create(
            account_id=by.account_id, session=by.session, at=at, expires_at=at + dt.timedelta(minutes=10)
        )


@pytest.fixture
def office(db: None) -> Office:
    """The amanah's head office, one municipality, two posts and their holders."""
    return make_office()


def make_office() -> Office:
    """Rows of the office (also for tests on a database of their own)."""
    Municipality.objects.create(
        code="000",
        name_ar="أمانة محافظة الواحة",
        name_en="Al Wahah Municipality",
        sort_key="",
        valid_from=START,
    )
    municipality = Municipality.objects.create(
        code="101",
        name_ar="بلدية النخيل الفرعية",
        name_en="An Nakheel Sub-Municipality",
        sort_key="",
        valid_from=START,
    )
    unit = Unit.objects.create(
        code="101-LIC",
        department="LIC",
        name_ar="الرخص",
        name_en="Licences",
        sort_key="",
        municipality=municipality,
        valid_from=START,
    )
    return Office(
        municipality,
        _person("head", "رئيس بلدية النخيل", "Head of An Nakheel", unit, municipality),
        _person("assistant", "وكيل بلدية النخيل", "Deputy of An Nakheel", unit, municipality),
    )


def _person(name: str, title_ar: str, title_en: str, unit: Unit, municipality: Municipality) -> Actor:
    position = Position.objects.create(
        code=f"101-{name.upper()}", title_ar=title_ar, title_en=title_en, unit=unit, level=3, valid_from=START
    )
    account = Account.objects.create(
        username=name,
        kind="staff",
        name_ar=f"م. {title_ar}",
        name_en=f"Eng. {name}",
        sort_key="",
        created_at=clock.real_now(),
    )
    Holding.objects.create(account=account, position=position, valid_from=START)
    return Actor(
        account_id=account.pk,
        capacity=f"position:{position.pk}",
        name_ar=account.name_ar,
        name_en=account.name_en,
        position_id=position.pk,
        municipality_ids=frozenset({municipality.pk}),
        permissions=frozenset({"documents.revoke", "documents.void", "documents.certificates"}),
        session=f"session of {name}",
    )


@pytest.fixture
def signer(trusting: Path, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """The signer's judgement and keys inside the test's own transaction: questions skip the socket only."""
    found = Signer(trusting / "signer")

    def ask(message: dict[str, Any]) -> dict[str, Any]:
        answer = found.answer(message)
        if answer.get("error") == "unavailable":
            raise signing.SignerUnavailable(detail=str(answer.get("detail")))
        if "error" in answer:
            raise signing.SigningRefused(reason=str(answer["error"]))
        return answer

    monkeypatch.setattr(signing, "ask", ask)
    return found


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that runs many tests at once is slow: what is judged here is the finding, not the time."""
    monkeypatch.setattr(CHECKER, "seconds", 30.0)


@pytest.fixture
def issued(office: Office, signer: Signer) -> IssuedDocument:
    """A document signed by the head and sealed."""
    from tests.documents.contents import IN_FORCE, pending  # which in turn names the types of this module

    with clock.frozen(IN_FORCE):
        return render_and_sign(document_id=pending(office).pk, by=system("test"))
