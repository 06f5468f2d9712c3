"""Sending a draft is one statement: what has changed since it was read refuses it, and what stands there counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections

from diwan.cases.actions import submit_draft as module
from diwan.cases.actions.drafts import (
    DraftNotFound,
    draft_to_send,
    holder_of,
    name_visitor,
    own_draft,
    save_draft,
    start_draft,
)
from diwan.cases.actions.open_cases import Opened, open_case
from diwan.cases.actions.submit_draft import submit_draft
from diwan.cases.applicants import snapshot_of_draft
from diwan.cases.errors import DraftMoved
from diwan.cases.models import Case, Draft
from diwan.catalogue.queries import compiled_service
from diwan.files.actions import UploadMissing, discard_upload
from diwan.files.models import Upload
from diwan.kit import clock
from diwan.people.actor import ANONYMOUS, Actor
from tests import cast
from tests.cases.test_opening import opening


def saved_in_between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Let `act` happen after the draft was read and before the statement that opens its case; once."""
    reading = draft_to_send
    left = [act]

    def read(draft_id: str, by: Actor) -> Any:
        found = reading(draft_id, by)
        if left:
            left.pop()()
        return found

    monkeypatch.setattr(module, "draft_to_send", read)


@pytest.mark.usefixtures("city", "registers")
def test_an_answer_saved_while_the_draft_is_sent_is_in_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    who = cast.owner()
    draft = cast.fill_draft(who)
    changed = {**draft.data, "floor": "الثاني"}
    saved_in_between(
        monkeypatch, lambda: save_draft(draft_id=draft.pk, values=changed, typed={}, page="", by=who)
    )
    opened = submit_draft(draft_id=draft.pk, by=who)
    assert Case.objects.get(pk=opened.case_id).data["floor"] == "الثاني"
    assert Draft.objects.get(pk=draft.pk).case_id == opened.case_id


@pytest.mark.usefixtures("city", "registers")
def test_a_paper_taken_away_while_the_draft_is_sent_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    who = cast.owner()
    draft = cast.fill_draft(who)
    paper = Upload.objects.filter(owner=f"draft:{draft.pk}").earliest("id")
    saved_in_between(monkeypatch, lambda: discard_upload(upload_id=paper.pk, by=who))
    with pytest.raises(Exception) as caught:
        submit_draft(draft_id=draft.pk, by=who)
    assert paper.slot in getattr(caught.value, "errors", {})
    assert Draft.objects.get(pk=draft.pk).case_id is None
    assert Upload.objects.filter(owner=f"draft:{draft.pk}", discarded_at=None).exists(), "none was moved"


@pytest.mark.usefixtures("city", "registers")
def test_papers_and_draft_go_with_the_case_or_nothing_does() -> None:
    who = cast.owner()
    draft = cast.fill_draft(who)
    uploads = list(Upload.objects.filter(owner=f"draft:{draft.pk}").values_list("id", flat=True))
    before = Case.objects.count()
    whole = replace(
        opening(key="with-papers"), papers=uploads, papers_from=f"draft:{draft.pk}", draft_id=draft.pk,
        draft_revision=draft.revision,
    )  # fmt: skip
    with pytest.raises(UploadMissing):
        open_case(replace(whole, papers=[*uploads, "no-such-paper"]))
    with pytest.raises(UploadMissing):
        open_case(replace(whole, papers_from="draft:somebody-else"))
    with pytest.raises(DraftMoved):
        open_case(replace(whole, draft_revision=draft.revision + 1))
    assert Case.objects.count() == before
    assert Upload.objects.filter(owner=f"draft:{draft.pk}").count() == len(uploads)
    opened = open_case(whole)
    assert Upload.objects.filter(owner=f"case:{opened.case_id}").count() == len(uploads)
    assert open_case(whole) == Opened(opened.case_id, fresh=False)


@pytest.mark.usefixtures("city", "registers")
def test_the_draft_of_somebody_else_is_not_there() -> None:
    draft = cast.fill_draft(cast.owner())
    for draft_id, by in ((draft.pk, cast.owner("abeer")), ("nothing", cast.owner())):
        with pytest.raises(DraftNotFound):
            draft_to_send(draft_id, by)


@pytest.mark.usefixtures("city")
def test_a_draft_without_an_account_is_that_of_whoever_holds_its_id() -> None:
    version = compiled_service(cast.WITH_APPROVALS, clock.today())
    assert version is not None
    draft = start_draft(version_id=version.version_id, days=1, by=ANONYMOUS)
    holder = holder_of(draft.pk)
    save_draft(draft_id=draft.pk, values={"a": 1}, typed={}, page="one", by=holder)
    named = name_visitor(draft_id=draft.pk, visitor={"mobile": "+966500000001"}, by=holder)
    assert snapshot_of_draft(named)["mobile"] == "+966500000001"
    other = start_draft(version_id=version.version_id, days=1, by=ANONYMOUS)
    for by in (ANONYMOUS, holder_of(other.pk), cast.owner(), cast.actor("fahad")):
        with pytest.raises(DraftNotFound):
            own_draft(draft.pk, by)
        with pytest.raises(DraftNotFound):
            name_visitor(draft_id=draft.pk, visitor={}, by=by)
    mine = cast.fill_draft(cast.owner())
    with pytest.raises(DraftNotFound):
        own_draft(mine.pk, holder_of(mine.pk))


def test_ten_clicks_on_send_are_one_case(committed_city: str) -> None:
    who = cast.owner()
    draft = cast.fill_draft(who)

    def send(_: int) -> int:
        try:
            return submit_draft(draft_id=draft.pk, by=who).case_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        made = set(pool.map(send, range(10)))
    assert len(made) == 1
    assert Draft.objects.get(pk=draft.pk).case_id in made
    assert Case.objects.order_by("-opened_at").values_list("pk", flat=True)[0] in made
