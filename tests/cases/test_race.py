"""Two officers at the same moment, each on a connection of their own: one wins, the other keeps what was typed."""

import threading
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from diwan.cases.actions.save_note import save_note
from diwan.cases.actions.take_step import take_step
from diwan.cases.errors import Outrun
from diwan.cases.models import Case, History, NoteDraft
from diwan.people.actor import Actor
from diwan.people.models import Position
from tests import cast
from tests.cases.conftest import Client
from tests.cases.test_walk import to_review


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Registers in order, for every thread."""
    monkeypatch.setattr(settings, "REGISTER_CLIENT", "tests.cases.conftest.Client", raising=False)
    monkeypatch.setattr(Client, "held", cast.Registers(), raising=False)
    yield


def other_officer() -> Actor:
    """The colleague at the next desk."""
    desk = Position.objects.get(holdings__account__username="fahad", holdings__valid_to__isnull=True)
    posts = Position.objects.filter(unit=desk.unit, roles__code="ROLE-LICENSING-OFFICER")
    other = posts.exclude(pk=desk.pk).order_by("id").first()
    assert other is not None
    return cast.actor(other.holdings.get(valid_to__isnull=True).account.username)


def test_one_wins_and_the_other_reads_who_was_first(committed_city: str, answering: None) -> None:
    case = to_review(cast.owner())
    task, revision = cast.waiting(case, "review"), Case.objects.get(pk=case.pk).revision
    officers = [cast.actor("fahad"), other_officer()]
    typed = {"note": "نصي الذي كتبته"}
    ready = threading.Barrier(2)
    results: list[tuple[Actor, Outrun | None]] = []

    def act(by: Actor, outcome: str) -> None:
        try:
            ready.wait(timeout=30)
            take_step(
                case_id=case.pk, task_id=task.pk, revision=revision, outcome=outcome, by=by, note="ملاحظة"
            )
            results.append((by, None))
        except Outrun as error:
            save_note(case_id=case.pk, content=typed, by=by)
            results.append((by, error))
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(officer, "recommend")) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    (winner,) = [by for by, error in results if error is None]
    ((loser, error),) = [(by, error) for by, error in results if error is not None]
    assert winner.account_id != loser.account_id
    assert error.params["who"] == winner.name_ar
    assert History.objects.get(case=case, step="review", act="acted").account_id == winner.account_id
    note = NoteDraft.objects.get(case_id=case.pk)
    assert (note.account_id, note.content) == (loser.account_id, typed)
