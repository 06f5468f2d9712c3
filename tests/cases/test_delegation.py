"""Powers lent from post to post: the delegate signs in the right words, both names in history and on the document."""

from datetime import timedelta

import pytest

from diwan.cases.errors import NotAllowed, SamePerson
from diwan.cases.models import History
from diwan.cases.queries import queue_page
from diwan.documents.models import SigningMandate
from diwan.kit import clock
from diwan.kit.arabic import sort_key
from diwan.people.actions import delegate, revoke_delegation
from diwan.people.actor import Actor, system
from diwan.people.models import Account, Delegation, Holding, Position
from tests import cast
from tests.cases.test_walk import to_head

pytestmark = pytest.mark.usefixtures("city", "registers")
DEPUTY = "deputy.head"


@pytest.fixture
def deputy() -> Position:
    """A second post in the office of the head, one level below, and who sits there."""
    head = post_of("abdulaziz")
    since = clock.today() - timedelta(days=400)
    account = Account.objects.create(
        username=DEPUTY, kind=Account.Kind.STAFF, name_ar="سعود النائب", name_en="Saud Al-Naib",
        sort_key=sort_key("سعود النائب"), created_at=clock.now(),
    )  # fmt: skip
    post = Position.objects.create(
        code=f"{head.code}-2", title_ar="نائب رئيس البلدية", title_en="Deputy Head", unit=head.unit,
        level=head.level + 1, valid_from=since,
    )  # fmt: skip
    Holding.objects.create(account=account, position=post, valid_from=since)
    return post


def post_of(login: str) -> Position:
    """Where somebody sits."""
    return Position.objects.get(holdings__account__username=login, holdings__valid_to__isnull=True)


def lend(to: Position, kind: str, *, services: list[str] | None = None) -> Delegation:
    """Powers of the head lent for a month."""
    today = clock.today()
    return delegate(
        delegator=post_of("abdulaziz"), receiver=to, kind=kind, decision_number="ق/4", valid_from=today,
        valid_to=today + timedelta(days=30), by=system("tests"), services=services,
    )  # fmt: skip


def acting(row: Delegation) -> Actor:
    """The deputy under the delegation."""
    return cast.actor(DEPUTY, kind=f"delegation:{row.pk}")


@pytest.mark.parametrize(
    ("kind", "ar", "en"),
    [("powers", "(بالتفويض)", "(by delegation)"), ("absence", "نيابة عن", "On behalf of the")],
)
def test_a_delegate_signs_with_both_names(deputy: Position, kind: str, ar: str, en: str) -> None:
    case = to_head(cast.owner())
    head, by = cast.actor("abdulaziz"), acting(lend(deputy, kind))
    assert case.pk in [row.case.pk for row in queue_page(by)], "the head's work is before the deputy"
    cast.step_up(by)
    case = cast.act(case, "head_approval", "approve", by=by)
    assert case.state == "invoiced"
    row = History.objects.get(case=case, step="head_approval", act="acted")
    assert ar in row.title_ar
    assert en in row.title_en
    assert row.actor_ar == by.name_ar != head.name_ar
    assert head.name_ar in row.on_behalf_of, "history names the one who lent the powers"
    mandate = SigningMandate.objects.get(case_id=case.pk)
    assert (mandate.wording, mandate.approver_ar, mandate.position_code) == (kind, by.name_ar, deputy.code)
    assert head.name_ar in mandate.on_behalf_ar, "and so does the document"


def test_without_a_delegation_the_deputy_approves_nothing(deputy: Position) -> None:
    case = to_head(cast.owner())
    with pytest.raises(NotAllowed):
        cast.act(case, "head_approval", "approve", by=cast.actor(DEPUTY, kind="position"))


def test_a_delegation_of_other_services_does_not_reach_this_one(deputy: Position) -> None:
    case = to_head(cast.owner())
    by = acting(lend(deputy, "powers", services=[cast.INSTANT]))
    cast.step_up(by)
    with pytest.raises(NotAllowed):
        cast.act(case, "head_approval", "approve", by=by)


def test_powers_taken_back_and_powers_that_ended_give_no_capacity(deputy: Position) -> None:
    row = lend(deputy, "absence")
    assert acting(row).on_behalf_of
    with clock.moved(clock.now() + timedelta(days=31)), pytest.raises(StopIteration):
        acting(row)
    revoke_delegation(delegation=row, by=system("tests"))
    with pytest.raises(StopIteration):
        acting(row)


def test_who_recommended_does_not_approve_under_lent_powers_either(deputy: Position) -> None:
    case = to_head(cast.owner())
    nora = Account.objects.get(username="nora")
    Holding.objects.filter(position=deputy).update(account=nora)
    row = lend(deputy, "powers")
    by = cast.actor("nora", kind=f"delegation:{row.pk}")
    cast.step_up(by)
    with pytest.raises(SamePerson):
        cast.act(case, "head_approval", "approve", by=by)
