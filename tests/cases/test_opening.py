"""Opening set-based: one statement, one case a key, and every column that the model has."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from diwan.audit.models import AuditRow
from diwan.cases import secrets
from diwan.cases.actions.open_cases import KeyReused, Opened, open_cases
from diwan.cases.context import form_context
from diwan.cases.models import Case, History, IdempotencyKey, OpenTask
from diwan.cases.opening import Opening
from diwan.catalogue.queries import compiled_service
from diwan.forms.entry import read_json
from diwan.kit import clock, numbers
from diwan.notify.models import Message
from diwan.outbox.models import Event
from diwan.people.models import Municipality
from tests import cast


def opening(key: str = "", **changed: Any) -> Opening:
    """A complete opening by a partner's system."""
    service = compiled_service(cast.WITH_APPROVALS, clock.today())
    assert service is not None
    applicant = {
        "national_id": "1098765439",
        "party_id": "1098765439",
        "name_ar": "سالم",
        "mobile": "+966500000002",
    }
    context = form_context(service, applicant=applicant)
    read = read_json(service.form, cast.answers(cr_number="4990000002", **changed), context)
    return Opening(
        service=service, municipality_id=Municipality.objects.get(code="101").pk, district_id=None, applicant=applicant,
        data=read.values, facts={"derived": service.derive(read.values, context)}, by=cast.ANONYMOUS_CLIENT,
        scope="client:test", key=key, channel="api",
    )  # fmt: skip


@pytest.mark.usefixtures("city")
def test_one_statement_opens_a_set_with_everything_that_belongs_to_it() -> None:
    openings = [opening(key=f"key-{number}") for number in range(20)]
    open_cases(openings[:1])
    with CaptureQueriesContext(connection) as captured:
        made = open_cases(openings[1:])
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) == 1
    ids = [opened.case_id for opened in made]
    assert len(set(ids)) == 19
    assert Case.objects.filter(pk__in=ids).count() == 19
    assert OpenTask.objects.filter(case_id__in=ids).count() == 19
    assert History.objects.filter(case_id__in=ids, act="opened").count() == 19
    assert Message.objects.filter(case_id__in=ids, template="RECEIVED").count() == 19
    assert (
        AuditRow.objects.filter(action="cases.case.opened", object_id__in=[str(pk) for pk in ids]).count()
        == 19
    )
    assert (
        Event.objects.filter(name="cases.case.opened", subject__in=[f"case:{pk}" for pk in ids]).count() == 19
    )
    assert IdempotencyKey.objects.filter(case_id__in=ids).count() == 19


@pytest.mark.usefixtures("city")
def test_the_same_key_answers_with_the_same_case_and_another_body_is_refused() -> None:
    first = open_cases([opening(key="one")])[0]
    again = open_cases([opening(key="one")])[0]
    assert (again.case_id, again.fresh) == (first.case_id, False)
    assert again.secret == first.secret
    with pytest.raises(KeyReused):
        open_cases([opening(key="one", workers="9")])


@pytest.mark.usefixtures("city")
def test_every_column_of_the_case_is_written() -> None:
    case = Case.objects.get(pk=open_cases([opening()])[0].case_id)
    empty = {
        "district", "account", "establishment", "filed_by", "filed_by_account", "clock_remaining", "approved_at",
        "closed_at", "clock_from", "spent",
    }  # fmt: skip
    for field in Case._meta.concrete_fields:
        value = getattr(case, field.attname)
        assert (value is None) == (field.name in empty), field.name


@pytest.mark.usefixtures("city")
def test_number_and_secret() -> None:
    opened = open_cases([opening()])[0]
    assert len(opened.number) == 11
    assert numbers.parse_case_number(opened.number) == opened.case_id
    assert secrets.matches(opened.secret, opened.case_id, 0)
    assert secrets.matches(secrets.link_of(opened.case_id), opened.case_id, 0)
    assert not secrets.matches(opened.secret, opened.case_id, 1), "a new generation replaces the secret"
    stored = json.dumps(list(Case.objects.filter(pk=opened.case_id).values()), default=str)
    assert opened.secret not in stored


def test_twenty_at_once_with_one_key_are_one_case(committed_city: str) -> None:
    def submit(_: int) -> Opened:
        try:
            return open_cases([opening(key="race")])[0]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(submit, range(20)))
    assert len({opened.case_id for opened in made}) == 1
    assert sum(opened.fresh for opened in made) == 1
    assert Case.objects.filter(channel="api").count() == 1
