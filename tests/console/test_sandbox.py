"""The sandbox on the screens: a draft tried with test people by its author, read by the second person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from diwan.catalogue.actions import ask_publication, begin_draft, write_draft
from diwan.catalogue.models import WrittenDraft
from diwan.kit import clock
from diwan.sandbox.models import Run
from tests import cast
from tests.console.test_people import signed_in
from tests.sandbox.walking import version_of

pytestmark = pytest.mark.usefixtures("city")
SLUG = "it-support"


def draft_of(slug: str) -> WrittenDraft:
    """A saved draft without faults."""
    sara = cast.actor("it.sara")
    draft = begin_draft(version_id=version_of(slug).pk, by=sara)
    draft, judged = write_draft(
        draft_id=draft.pk, text=draft.text + "\n# once more\n", revision=draft.revision, by=sara
    )
    assert not judged.faults
    return draft


def do(client: Client, run: int, do: str, **more: Any) -> Any:
    """Press a button of the run's page."""
    revision = Run.objects.get(pk=run).revision
    return client.post(f"/console/sandbox/{run}/move", {"do": do, "revision": revision, **more})


def begun(client: Client, draft: WrittenDraft, person: str = "employee") -> int:
    """A run of the draft, by the button on its page."""
    page = client.get(f"/console/drafts/{draft.pk}").content.decode()
    assert f'name="version" value="{draft.version_id}"' in page and 'action="/console/sandbox/begin"' in page
    answer = client.post("/console/sandbox/begin", {"version": draft.version_id, "person": person})
    return int(answer["Location"].removeprefix("/console/sandbox/"))


def text_of(client: Client, run: int) -> str:
    """The run's page without tags."""
    page = client.get(f"/console/sandbox/{run}").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_draft_is_tried_from_its_form_to_its_end_and_the_second_person_reads_how_far() -> None:
    client, draft = signed_in("it.sara", lang="en"), draft_of(SLUG)
    run = begun(client, draft)
    refused = do(client, run, "send")
    assert refused.status_code == 422 and b"not complete yet" in refused.content
    client.post(f"/console/sandbox/{run}/samples", {"revision": Run.objects.get(pk=run).revision})
    assert do(client, run, "send").status_code == 302
    page = client.get(f"/console/sandbox/{run}").content.decode()
    assert "Test Employee A — may not do this step" in page  # she filed it herself
    assert 'value="b" selected' in page
    same = do(client, run, "act.assign", step="triage", who="a")
    assert same.status_code == 422 and b"Choose another person" in same.content
    assert do(client, run, "act.assign", step="triage", who="b").status_code == 302
    wordless = do(client, run, "act.resolved", step="work", who="b")
    assert wordless.status_code == 422 and b"Write a few words" in wordless.content
    do(client, run, "act.resolved", step="work", who="b", note="Another cable")
    do(client, run, "act.not_solved", step="confirm")
    barred = do(client, run, "act.resolved", step="second_line", who="b", note="Again")
    assert barred.status_code == 422 and "Again" in barred.content.decode()  # what was typed stays
    do(client, run, "act.resolved", step="second_line", who="c", note="A new screen")
    assert do(client, run, "wait", step="confirm").status_code == 302  # nobody answers: it counts as solved
    told = text_of(client, run)
    assert (
        "It is solved and the ticket is closed." in told
        and "Another cable" in told
        and "The time is over" in told
    )
    assert "1 run in the sandbox" in told and "ends reached" in told
    request = ask_publication(draft_id=draft.pk, valid_from=clock.today(), note="", by=cast.actor("it.sara"))
    second = signed_in("it.omar", lang="en")
    assert b"1 run in the sandbox" in second.get(f"/console/publications/{request.pk}").content
    assert "Somebody else began this run" in text_of(second, run)
    assert do(second, run, "wait").status_code == 403
    assert b"/console/sandbox/" in second.get("/console/sandbox").content


def test_what_would_be_printed_is_seen_where_there_is_something() -> None:
    client = signed_in("it.sara", lang="en")
    for slug, person, printed in (
        ("shop-licence-with-approvals", "establishment", True),
        (SLUG, "employee", False),
    ):
        run = begun(client, draft_of(slug), person)
        client.post(f"/console/sandbox/{run}/samples", {"revision": Run.objects.get(pk=run).revision})
        early = client.get(f"/console/sandbox/{run}/document", follow=True)
        assert b"Nothing can be printed yet" in early.content
        assert do(client, run, "send").status_code == 302
        assert ("See what would be printed" in text_of(client, run)) is printed
        if printed:
            answer = client.get(f"/console/sandbox/{run}/document")
            assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")


def test_the_pages_of_the_form_keep_what_is_typed_right_or_wrong() -> None:
    client, draft = signed_in("it.sara", lang="en"), draft_of(SLUG)
    run = begun(client, draft)
    address = f"/console/sandbox/{run}/form/problem"
    revision = Run.objects.get(pk=run).revision
    short = client.post(address, {"revision": revision, "description": "short", "do": "next"})
    assert short.status_code == 422 and b"short" in short.content
    assert Run.objects.get(pk=run).typed == {"description": ["short"]}
    assert b"short" in client.get(address).content
    filled = client.post(address, {"revision": revision + 1, "do": "samples"})
    assert filled.status_code == 302 and filled["Location"] == address
    stale = client.post(address, {"revision": 1, "description": "a description long enough", "do": "leave"})
    assert stale.status_code == 422 and b"another window" in stale.content and b"long enough" in stale.content
    marked = client.post(
        address,
        {
            "revision": revision + 2,
            "do": "leave",
            "description": "a description long enough",
            "paper-screen": "1",
        },
    )
    assert marked["Location"] == f"/console/sandbox/{run}"
    found = Run.objects.get(pk=run)
    assert found.papers == ["screen"] and found.values["description"] == "a description long enough"


def test_moves_are_taken_back_and_a_new_run_takes_the_answers() -> None:
    client, draft = signed_in("it.sara"), draft_of(SLUG)
    run = begun(client, draft)
    client.post(f"/console/sandbox/{run}/samples", {"revision": Run.objects.get(pk=run).revision})
    do(client, run, "send")
    do(client, run, "act.assign", step="triage", who="b")
    back = client.post(
        f"/console/sandbox/{run}/back", {"revision": Run.objects.get(pk=run).revision, "keep": "1"}
    )
    assert back.status_code == 302 and len(Run.objects.get(pk=run).moves) == 1
    again = client.post("/console/sandbox/begin", {"version": draft.version_id, "like": run})
    other = Run.objects.order_by("-pk")[0]
    assert again["Location"] == f"/console/sandbox/{other.pk}"
    assert (other.values, other.moves) == (Run.objects.get(pk=run).values, [])


def test_what_a_register_holds_is_typed_for_a_service_about_a_licence() -> None:
    client, draft = signed_in("it.sara"), draft_of("night-permit")
    run = begun(client, draft, "establishment")
    address = f"/console/sandbox/{run}/entry"
    assert "ما في السجل" in client.get(address).content.decode()
    revision = Run.objects.get(pk=run).revision
    kept = client.post(address, {"revision": revision, "trade_name_ar": "محل التجربة", "area_m2": "40"})
    assert kept.status_code == 302
    assert Run.objects.get(pk=run).values["trade_name_ar"] == "محل التجربة"
    assert "محل التجربة" in client.get(f"/console/sandbox/{run}/form/shop").content.decode()
    assert client.post(address, {"revision": revision, "area_m2": "much"}).status_code == 422


@pytest.mark.parametrize(
    ("slug", "lang"),
    [
        ("object-to-decision", "ar"),
        ("shop-licence-transfer", "en"),
        ("payment-certificate", "ar"),
        ("report", "en"),
    ],
)
def test_every_kind_of_step_has_its_form(slug: str, lang: str) -> None:
    import random

    from diwan.sandbox.actions import keep_entry, make_move
    from diwan.sandbox.moves import Move
    from diwan.sandbox.people import fitting
    from diwan.sandbox.queries import played, run_of
    from tests.sandbox.walking import by_chance, form_of, setting_of

    client, sara = signed_in("it.sara", lang=lang), cast.actor("it.sara")
    setting, dice = setting_of(slug), random.Random(slug)
    client.post(
        "/console/sandbox/begin", {"version": version_of(slug).pk, "person": fitting(setting.service)[0].code}
    )
    run = Run.objects.order_by("-pk")[0]
    if setting.needs_entry:
        run = keep_entry(run_id=run.pk, revision=run.revision, entry=setting.entry, by=sara)
    move = Move(do="send", **form_of(setting))
    for _number in range(40):
        make_move(run_id=run.pk, revision=Run.objects.get(pk=run.pk).revision, move=move, by=sara)
        assert client.get(f"/console/sandbox/{run.pk}").status_code == 200
        stands = played(run_of(run.pk))
        if stands.ended:
            break
        move = by_chance(stands, next(iter(stands.open.values())), dice)


def test_others_do_not_get_in() -> None:
    run = begun(signed_in("it.sara"), draft_of(SLUG))
    for address in ("/console/sandbox", f"/console/sandbox/{run}", f"/console/sandbox/{run}/form/problem"):
        assert signed_in("fahad").get(address).status_code == 403
    client = signed_in("it.sara")
    assert client.get("/console/sandbox/999999").status_code == 404
    assert client.get(f"/console/sandbox/{run}/form/nothing").status_code == 404
    assert client.get(f"/console/sandbox/{run}/entry").status_code == 404
    assert do(client, run, "dance").status_code == 404
    assert client.post("/console/sandbox/begin", {"version": "x", "person": "citizen"}).status_code == 404
