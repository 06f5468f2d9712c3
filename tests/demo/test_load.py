"""Loading the city into the database: whole, once, refused where it does not belong."""

import dataclasses
import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from diwan.audit.models import AuditRow
from diwan.cases.routing import desk_for
from diwan.catalogue.queries import available_in, compiled_service
from diwan.demo.codes import NoCode, code_of
from diwan.demo.listing import lines
from diwan.demo.load import keys
from diwan.demo.load.city import load_city
from diwan.demo.models import DemoMark
from diwan.demo.plan.city import MOVED_ON, ground
from diwan.demo.plan.people import society
from diwan.demo.refusals import CatalogueMissing, NotADemo, NotEmpty, NotInProduction
from diwan.kit import clock
from diwan.people.actions import verify_totp
from diwan.people.models import Account, Municipality, Unit
from diwan.people.queries import capacities
from diwan.places.queries import forget, locate
from tests import cast

SERVICES = ("shop-licence-instant", "shop-licence-with-approvals", "shop-licence-renewal")


def _quiet(_: str) -> None:
    return None


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of the test's own."""
    monkeypatch.setattr(settings, "DIWAN", dataclasses.replace(settings.DIWAN, data=tmp_path))
    return tmp_path


def test_loading_again_writes_only_the_keys(city: str, data: Path) -> None:
    load_city(say=_quiet)
    before = (AuditRow.objects.count(), Account.objects.count(), Unit.objects.count())
    rows = keys.known_people()
    load_city(say=_quiet)
    assert (AuditRow.objects.count(), Account.objects.count(), Unit.objects.count()) == before
    assert keys.known_people() == rows


def test_keys_work_and_only_their_owner_reads_them(city: str, data: Path) -> None:
    load_city(say=_quiet)
    for path in (keys.people_file(), keys.registers_file()):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    row = next(row for row in json.loads(keys.people_file().read_text()) if row["name"] == "fahad")
    account = Account.objects.get(username="fahad")
    assert account.check_password(row["password"])
    verify_totp(account=account, code=code_of("fahad").code)


def test_passwords_differ_between_installations(city: str, data: Path) -> None:
    load_city(say=_quiet)
    first = {row["name"]: row.get("password") for row in keys.known_people()}
    keys.people_file().unlink()
    load_city(say=_quiet)
    second = {row["name"]: row.get("password") for row in keys.known_people()}
    assert all(first[name] != second[name] for name, password in first.items() if password)


def test_everybody_named_can_act(city: str) -> None:
    for human in (human for human in society().humans.values() if human.named and human.account):
        account = Account.objects.get(national_id=human.national_id)
        assert "establishment" in {capacity.kind for capacity in capacities(account)}
    assert cast.actor("nora").can("cases.assign")
    assert not cast.actor("it.sara").can("cases.act")
    assert cast.actor("turki").municipality_ids == frozenset({Municipality.objects.get(code="102").pk})
    assert cast.actor("reem").municipality_ids is None
    assert cast.actor("cd.yousef").entity_code == "civil_defence"


def test_every_role_of_the_workflows_has_a_desk(city: str) -> None:
    for slug in SERVICES:
        service = compiled_service(slug, clock.today())
        assert service is not None
        roles = {step.role for step in service.flow.steps.values() if step.role}
        for code in ground().towns:
            town = Municipality.objects.get(code=code)
            for role in roles:
                desk = desk_for(role=role, municipality_id=town.pk)
                assert Unit.objects.get(pk=desk.unit_id).municipality_id == town.pk


def test_the_fifth_municipality_goes_live_later(city: str) -> None:
    towns = {row.code: row.pk for row in Municipality.objects.all()}
    today = clock.today()
    for slug in SERVICES:
        assert available_in(slug, towns["101"], today)
        assert not available_in(slug, towns["105"], today)
        assert available_in(slug, towns["105"], today + timedelta(days=60))


def test_a_district_belongs_to_each_municipality_in_its_time(city: str) -> None:
    forget()
    moved = next(quarter for quarter in ground().quarters if quarter.former)
    middle = moved.shape.representative_point()
    before = locate(lat=middle.y, lng=middle.x, on=MOVED_ON - timedelta(days=1))
    after = locate(lat=middle.y, lng=middle.x, on=MOVED_ON)
    assert before is not None and after is not None
    assert (before.municipality_code, after.municipality_code) == (moved.former, "101")
    assert before.approximate


def test_the_list_of_people_names_everybody(city: str, data: Path) -> None:
    load_city(say=_quiet)
    shown = "\n".join(lines(language="ar"))
    assert all(row["name"] in shown for row in keys.known_people())
    assert "مطعم صياد المرسى" in shown


def test_a_resident_without_a_catcher_gets_no_code(city: str) -> None:
    with pytest.raises(NoCode):
        code_of("salem")
    with pytest.raises(NoCode, match="Nobody"):
        code_of("somebody else")


@pytest.mark.django_db
def test_not_beside_the_data_of_others() -> None:
    cast_free = Account(
        username="real", kind="staff", name_ar="أ", name_en="A", sort_key="a", created_at=clock.now()
    )
    cast_free.save()
    with pytest.raises(NotEmpty):
        load_city(say=_quiet)
    assert not DemoMark.objects.exists()


@pytest.mark.django_db
def test_not_without_the_catalogue() -> None:
    with pytest.raises(CatalogueMissing):
        load_city(say=_quiet)


@pytest.mark.django_db
def test_an_unmarked_database_has_no_demo_people() -> None:
    with pytest.raises(NotADemo):
        list(lines(language="ar"))


@pytest.mark.parametrize(
    "words", [("demo", "load"), ("demo", "people"), ("demo", "remove"), ("code", "fahad")]
)
def test_nothing_of_it_in_production(
    words: tuple[str, ...], city: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DIWAN", dataclasses.replace(settings.DIWAN, profile="production"))
    with pytest.raises(CommandError, match=NotInProduction.code):
        call_command(*words)
