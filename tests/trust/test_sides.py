"""Whoever may read a request is not yet on the applicant's side; whoever has left an establishment is off it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation
from django.utils.html import escape

from diwan.cases.actions.begin_completion import begin_completion
from diwan.cases.actions.drafts import DraftNotFound, own_draft, start_draft
from diwan.cases.actions.resubmit import resubmit
from diwan.cases.actions.withdraw import withdraw
from diwan.cases.errors import CaseNotFound, NotAllowed
from diwan.cases.models import Case
from diwan.catalogue.queries import compiled_service
from diwan.kit import clock
from diwan.kit.numbers import case_number
from diwan.people.models import EstablishmentMember
from diwan.web.apply.starting import NotForThisCapacity, begin
from diwan.web.signin.words import say
from tests import cast
from tests.trust.conftest import Browser


def test_a_body_that_was_asked_neither_withdraws_nor_completes(browser: Browser) -> None:
    case = cast.run_machine(cast.submit(cast.owner()))
    body = cast.actor("cd.yousef")
    with pytest.raises(NotAllowed):
        withdraw(case_id=case.pk, by=body)
    with pytest.raises(NotAllowed):
        resubmit(case_id=case.pk, values={}, facts={}, draft_id="none", by=body)
    with pytest.raises(CaseNotFound):
        begin_completion(case_id=case.pk, by=body)
    assert Case.objects.get(pk=case.pk).state == case.state


@pytest.mark.parametrize("who", ["fahad", "it.sara", "huda", "cd.yousef"])
def test_a_post_files_for_nobody_and_a_body_not_at_all(browser: Browser, who: str) -> None:
    service = compiled_service(cast.INSTANT, clock.today())
    assert service is not None
    with pytest.raises(NotForThisCapacity):
        begin(service=service, by=cast.actor(who))


def test_a_draft_for_an_establishment_stays_behind_when_its_starter_leaves(browser: Browser) -> None:
    owner = cast.owner()
    service = compiled_service(cast.WITH_APPROVALS, clock.today())
    assert service is not None
    draft = start_draft(version_id=service.version_id, days=30, by=owner)
    himself = cast.actor("salem", kind="self")
    assert own_draft(draft.pk, himself).pk == draft.pk
    yesterday = clock.today() - timedelta(days=1)
    EstablishmentMember.objects.filter(
        account_id=owner.account_id or 0, establishment_id=owner.establishment_id or 0
    ).update(valid_to=yesterday)
    with pytest.raises(DraftNotFound):
        own_draft(draft.pk, himself)


def test_an_administrator_who_tries_to_approve_reads_why_not(browser: Browser) -> None:
    case = cast.run_machine(cast.submit(cast.owner()))
    answer = browser("it.sara").post(f"/desk/case/{case_number(case.pk)}/act", {"outcome": "approve"})
    assert answer.status_code == 403
    with translation.override("ar"):
        assert escape(say(NotAllowed())) in answer.content.decode()
