"""Services written in the console: kept right or wrong, drawn, checked, and put into force by two people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from diwan.audit.models import AuditRow
from diwan.bpmn import to_bpmn
from diwan.catalogue.actions import (
    NotWhole,
    PublicationOver,
    PublicationWaits,
    StartsInThePast,
    WordsMissing,
    approve_publication,
    ask_publication,
    begin_draft,
    lay_aside,
    publish_version,
    refuse_publication,
    withdraw_publication,
    write_draft,
)
from diwan.catalogue.actions.begin_draft import OUTLINE
from diwan.catalogue.actions.write_draft import TextTooLong
from diwan.catalogue.errors import DraftOver, NoSuchService, NotAllowed, OwnDraft, WrittenMeanwhile
from diwan.catalogue.models import DraftRevision, Publication, Service, ServiceVersion, WrittenDraft
from diwan.catalogue.queries import compiled_service, current_version, workshop
from diwan.catalogue.source import MOST_CHARACTERS
from diwan.kit import clock
from diwan.people.actor import Actor, system
from tests import cast
from tests.bpmn.files import diagram
from tests.console.test_people import signed_in

pytestmark = pytest.mark.usefixtures("city")
SLUG = "night-permit"


def sara() -> Actor:
    """One administrator."""
    return cast.actor("it.sara")


def omar() -> Actor:
    """The other."""
    return cast.actor("it.omar")


def begun(by: Actor | None = None) -> WrittenDraft:
    """A draft of the service from its version in force."""
    version = current_version(SLUG, clock.today())
    assert version is not None
    return begin_draft(version_id=version.pk, by=by or sara())


def renamed(text: str, name: str = "Permit of the night") -> str:
    """The same service under another English name."""
    line = next(line for line in text.splitlines() if line.startswith("name:"))
    return text.replace(line, line.partition("en:")[0] + f"en: {name}}}  # a note")


def written(by: Actor | None = None) -> WrittenDraft:
    """A saved draft without faults."""
    draft = begun(by)
    saved, judged = write_draft(
        draft_id=draft.pk, text=renamed(draft.text), revision=draft.revision, by=by or sara()
    )
    assert not judged.faults
    return saved


def asked(by: Actor | None = None) -> Publication:
    """Its publication, asked for from today on."""
    by = by or sara()
    return ask_publication(draft_id=written(by).pk, valid_from=clock.today(), note="a better name", by=by)


def test_written_by_one_and_put_into_force_by_another() -> None:
    request = asked()
    waits = {who.account_id: workshop.publications_for(who.account_id or 0) for who in (sara(), omar())}
    assert waits == {sara().account_id: 0, omar().account_id: 1}  # beside the entry of the menu
    before = current_version(SLUG, clock.today())
    version = approve_publication(publication_id=request.pk, answer="fine", by=omar())
    now = compiled_service(SLUG, clock.today())
    assert before is not None and now is not None
    assert (now.number, now.name("en")) == (before.number + 1, "Permit of the night")
    draft = WrittenDraft.objects.get(version=version)
    assert draft.ended_at is not None and workshop.open_drafts() == []
    actions = ("begun", "written"), ("asked", "approved")
    for subject, names in zip(("draft", "publication"), actions, strict=True):
        for name in names:
            assert AuditRow.objects.filter(action=f"catalogue.{subject}.{name}").exists(), name
    # The notes of the text are there again for whoever goes on from it.
    assert "# a note" in begin_draft(version_id=version.pk, by=omar()).text


def test_what_is_wrong_is_kept_as_it_was_typed() -> None:
    draft = written()
    version = draft.version
    assert version is not None
    wrong = draft.text.replace("kind: task", "kind: tsk", 1)
    saved, judged = write_draft(draft_id=draft.pk, text=wrong, revision=draft.revision, by=omar())
    line = next(at for at, text in enumerate(wrong.splitlines(), 1) if "kind: tsk" in text)
    assert [fault.line for fault in judged.faults] == [line]
    assert (saved.text, saved.is_whole) == (wrong, False)
    assert ServiceVersion.objects.get(pk=version.pk).hash == version.hash
    assert list(DraftRevision.objects.filter(draft=draft).order_by("number").values_list("by", flat=True)) == [
        sara().account_id, sara().account_id, omar().account_id,
    ]  # fmt: skip
    with pytest.raises(NotWhole):
        ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=sara())
    half, judged = write_draft(draft_id=draft.pk, text="slug: [", revision=saved.revision, by=sara())
    assert half.text == "slug: [" and judged.faults and half.name == saved.name


def test_a_new_service_is_written_from_an_outline() -> None:
    draft = begin_draft(version_id=None, by=sara())
    assert draft.service is None and draft.text == OUTLINE
    text = OUTLINE.replace("new-service", "lost-items").replace("XX-000", "ZZ-901")
    saved, judged = write_draft(draft_id=draft.pk, text=text, revision=1, by=sara())
    assert not judged.faults, judged.faults
    assert saved.service is not None and saved.service.slug == "lost-items"
    taken, judged = write_draft(
        draft_id=begin_draft(version_id=None, by=sara()).pk,
        text=OUTLINE.replace("new-service", SLUG), revision=1, by=sara(),
    )  # fmt: skip
    assert [fault.path for fault in judged.faults] == [("slug",)] and taken.version is None
    moved, judged = write_draft(
        draft_id=saved.pk, text=text.replace("lost-items", "found-items"), revision=2, by=sara()
    )
    assert [fault.path for fault in judged.faults] == [("slug",)] and not moved.is_whole
    assert not Service.objects.filter(slug="found-items").exists()


def test_nobody_decides_on_what_he_wrote_or_asked_for() -> None:
    request = asked()
    with pytest.raises(OwnDraft):
        approve_publication(publication_id=request.pk, by=sara())
    with pytest.raises(OwnDraft):
        publish_version(version_id=request.version_id, valid_from=clock.today(), by=sara())
    refuse_publication(publication_id=request.pk, answer="the name is too long", by=omar())
    draft = WrittenDraft.objects.get(version=request.version_id)
    write_draft(draft_id=draft.pk, text=draft.text + "# mine\n", revision=draft.revision, by=omar())
    again = ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=sara())
    with pytest.raises(OwnDraft):
        approve_publication(publication_id=again.pk, by=omar())
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=again.pk).update(state="approved", decided_by=again.asked_by)


def test_a_change_ends_what_was_asked_for() -> None:
    request = asked()
    draft = WrittenDraft.objects.get(version=request.version_id)
    write_draft(draft_id=draft.pk, text=draft.text + "# more\n", revision=draft.revision, by=sara())
    with pytest.raises(PublicationOver):
        approve_publication(publication_id=request.pk, by=omar())
    assert Publication.objects.get(pk=request.pk).state == "lapsed"


def test_each_refusal() -> None:
    fahad, request = cast.actor("fahad"), asked()
    draft = WrittenDraft.objects.get(version=request.version_id)
    for refused in (
        lambda: begin_draft(version_id=None, by=fahad),
        lambda: write_draft(draft_id=draft.pk, text="", revision=draft.revision, by=fahad),
        lambda: ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=fahad),
        lambda: approve_publication(publication_id=request.pk, by=fahad),
        lambda: withdraw_publication(publication_id=request.pk, by=fahad),
        lambda: lay_aside(draft_id=draft.pk, by=fahad),
        lambda: approve_publication(publication_id=request.pk, by=system("a rule")),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(PublicationWaits):
        ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=sara())
    with pytest.raises(PublicationWaits):
        lay_aside(draft_id=draft.pk, by=sara())
    with pytest.raises(WordsMissing):
        refuse_publication(publication_id=request.pk, answer="no", by=omar())
    with pytest.raises(WrittenMeanwhile):
        write_draft(draft_id=draft.pk, text="x", revision=draft.revision - 1, by=omar())
    with pytest.raises(TextTooLong):
        write_draft(draft_id=draft.pk, text="x" * (MOST_CHARACTERS + 1), revision=draft.revision, by=sara())
    withdraw_publication(publication_id=request.pk, by=sara())
    with pytest.raises(PublicationOver):
        withdraw_publication(publication_id=request.pk, by=sara())
    with pytest.raises(StartsInThePast):
        ask_publication(draft_id=draft.pk, valid_from=clock.today() - timedelta(days=1), note="", by=sara())
    lay_aside(draft_id=draft.pk, by=sara())
    for over in (
        lambda: write_draft(draft_id=draft.pk, text="x", revision=draft.revision, by=sara()),
        lambda: ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=sara()),
        lambda: lay_aside(draft_id=draft.pk, by=sara()),
    ):
        with pytest.raises(DraftOver):
            over()
    assert begin_draft(version_id=draft.version_id, by=omar()).pk == draft.pk
    for missing in (
        lambda: begin_draft(version_id=0, by=sara()),
        lambda: write_draft(draft_id=0, text="", revision=1, by=sara()),
        lambda: approve_publication(publication_id=0, by=sara()),
    ):
        with pytest.raises(NoSuchService):
            missing()


def test_the_pages_without_scripts() -> None:
    mine, theirs = signed_in("it.sara", lang="en"), signed_in("it.omar")
    version = current_version(SLUG, clock.today())
    assert version is not None
    page = _page(mine, f"/console/versions/{version.pk}")
    assert '<svg class="flow-picture"' in page and "slug: night-permit" in page
    draft = mine.post("/console/drafts", {"version": version.pk}).headers["Location"]
    text = renamed(WrittenDraft.objects.get(pk=int(draft.rpartition("/")[2])).text)
    wrong = {"text": text.replace("kind: task", "kind: tsk", 1), "revision": "1"}
    looked = mine.post(draft, {**wrong, "do": "check"})
    assert looked.status_code == 200 and "Do you mean \u2068task\u2069?" in looked.content.decode()
    odd = {"text": text.replace("audiences:", "audience:", 1)}
    faults = theirs.post(f"{draft}/check", odd).json()["faults"]
    assert any("المفتاح \u2068audience\u2069 غير معروف" in fault["words"] for fault in faults)
    assert mine.post(f"{draft}/check", {"text": "slug: half\nkind: ["}).json()["faults"][0]["line"] == 2
    told = mine.post(f"{draft}/check", wrong).json()
    assert told["faults"][0]["line"] and told["bpmn"] == ""
    kept = mine.post(draft, wrong)
    assert kept.status_code == 422 and "kind: tsk" in kept.content.decode()
    assert mine.post(draft, {"text": text, "revision": "2"}).status_code == 302
    assert "bpmn:definitions" in mine.post(f"{draft}/check", {"text": text}).json()["bpmn"]
    earlier = _page(mine, f"{draft}?revision=2")
    assert "kind: tsk" in earlier and "This is an earlier text." in earlier
    stale = theirs.post(draft, {"text": text + "# theirs", "revision": "2"})
    assert stale.status_code == 422 and "# theirs" in stale.content.decode()
    day = clock.today()
    parts = {"year": day.year, "month": day.month, "day": day.day, "calendar": "gregorian"}
    form: dict[str, Any] = {f"valid_from-{key}": value for key, value in parts.items()}
    assert mine.post(f"{draft}/ask", {**form, "valid_from-day": "40"}).status_code == 422
    publication = mine.post(f"{draft}/ask", form).headers["Location"]
    assert mine.post(publication, {"do": "approve"}).status_code == 422
    page = _page(theirs, publication)
    assert "Permit of the night" in page and 'class="diff-gone"' in page
    assert f"/console/services/{SLUG}/change/2?from=1" in page
    assert theirs.post(publication, {"do": "approve"}).status_code == 302
    assert "Permit of the night" in _page(mine, f"/console/services/{SLUG}")


def test_the_steps_of_a_diagram_are_shown_and_saved_when_they_are_saved() -> None:
    mine, draft = signed_in("it.sara"), written()
    other = compiled_service("object-to-decision", clock.today())
    assert other is not None
    drawn = SimpleUploadedFile("objection.bpmn", to_bpmn(other.flow))
    form = {"text": draft.text, "revision": draft.revision, "do": "diagram", "diagram": drawn}
    answer = mine.post(f"/console/drafts/{draft.pk}", form)
    assert answer.status_code == 200
    shown = answer.context["text"]
    assert "# a note" in shown and f"key: {other.flow.key}" in shown and shown != draft.text
    kept = WrittenDraft.objects.get(pk=draft.pk)
    assert (kept.text, kept.revision) == (draft.text, draft.revision)
    mine.post(f"/console/drafts/{draft.pk}", {"text": shown, "revision": draft.revision})
    assert WrittenDraft.objects.get(pk=draft.pk).text == shown.replace("\r\n", "\n")


def test_a_diagram_that_is_not_executed_is_refused_by_name_and_id_and_what_was_typed_stays() -> None:
    mine, draft = signed_in("it.sara"), written()
    typed = draft.text.replace("# a note", "# another note")
    drawn = diagram(
        "<startEvent id='s'/><adHocSubProcess id='anyhow'/><endEvent id='e'/>\ns>anyhow\nanyhow>e"
    )
    form = {"text": typed, "revision": draft.revision, "do": "diagram"}
    answer = mine.post(
        f"/console/drafts/{draft.pk}", {**form, "diagram": SimpleUploadedFile("a.bpmn", drawn)}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (
        "\u2068adHocSubProcess\u2069 \u2068anyhow\u2069 لا ينفذ في ديوان" in page and "# another note" in page
    )
    for file in (b"", b"no xml", b"<!DOCTYPE a><a/>"):
        told = mine.post(
            f"/console/drafts/{draft.pk}", {**form, "diagram": SimpleUploadedFile("a.bpmn", file)}
        )
        assert told.status_code == 422 and "# another note" in told.content.decode()
    assert "اختر المخطط أولا" in mine.post(f"/console/drafts/{draft.pk}", form).content.decode()
    unread = {**form, "text": "slug: [", "diagram": SimpleUploadedFile("a.bpmn", drawn)}
    assert mine.post(f"/console/drafts/{draft.pk}", unread).status_code == 422
    assert WrittenDraft.objects.get(pk=draft.pk).revision == draft.revision


def _page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()
