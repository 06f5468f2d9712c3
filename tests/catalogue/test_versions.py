"""Versions: loaded once, never overwritten, published without overlap, final, corrected in wording only."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import DatabaseError

from diwan.audit.models import AuditRow
from diwan.catalogue.actions import (
    NotADraft,
    NotOnlyWording,
    StartsInThePast,
    draft_version,
    load_packaged,
    patch_wording,
    publish_version,
)
from diwan.catalogue.compiled import load_definition
from diwan.catalogue.errors import DatesOverlap, NoSuchService, NotAllowed, Unusable
from diwan.catalogue.merging import merge, only_wording
from diwan.catalogue.models import ServiceVersion
from diwan.catalogue.packaged import Packaged, PackedService
from diwan.catalogue.queries import current_version
from diwan.kit import clock
from diwan.kit.canonical import digest
from diwan.ui.saying import say
from tests.catalogue.conftest import EDITOR, NOBODY, PUBLISHER

SLUG = "city-events"


def changed(packaged: Packaged, **values: Any) -> Packaged:
    """What is packaged, with one service changed upstream."""
    services = []
    for found in packaged.services:
        if found.definition.slug == SLUG:
            plain = {**copy.deepcopy(dict(found.plain)), **values}
            found = PackedService(found.definition, plain, digest(plain), found.compiled)
        services.append(found)
    return Packaged(tuple(services), packaged.rows, packaged.calendars)


def definition(**values: Any) -> dict[str, Any]:
    """The current definition, changed."""
    version = current_version(SLUG, clock.today())
    assert version is not None
    return {**copy.deepcopy(version.definition), **values}


def published(by: Any = EDITOR, **values: Any) -> ServiceVersion:
    """A local version in force."""
    draft = draft_version(definition=definition(**values), by=by)
    return publish_version(version_id=draft.pk, valid_from=clock.today(), by=PUBLISHER)


def test_loading_again_changes_nothing(loaded: Packaged) -> None:
    assert load_packaged(packaged=loaded).nothing


def test_a_loaded_version_is_the_packaged_one(loaded: Packaged) -> None:
    version = current_version(SLUG, clock.today())
    assert version is not None and version.origin == "packaged" and version.number == 1
    assert version.hash == digest(version.definition)
    assert load_definition(version) is load_definition(version)


def test_new_words_upstream_are_a_patch(loaded: Packaged) -> None:
    done = load_packaged(packaged=changed(loaded, name={"ar": "فعاليات", "en": "Events"}))
    version = current_version(SLUG, clock.today())
    assert done.patched == [SLUG]
    assert version is not None and (version.number, version.patch) == (1, 1)
    assert load_definition(version).name("en") == "Events"


def test_more_than_words_upstream_is_a_new_version_from_today(loaded: Packaged) -> None:
    done = load_packaged(packaged=changed(loaded, audiences=["individual", "business"]))
    assert done.published == [SLUG]
    today = clock.today()
    before, now = current_version(SLUG, today - timedelta(days=1)), current_version(SLUG, today)
    assert before is not None and now is not None
    assert (before.number, before.valid_to, now.number, now.valid_from) == (1, today, 2, today)


def test_a_second_change_on_one_day_replaces_what_nothing_uses(loaded: Packaged) -> None:
    load_packaged(packaged=changed(loaded, audiences=["individual", "business"]))
    load_packaged(packaged=changed(loaded, audiences=["individual", "government"]))
    version = current_version(SLUG, clock.today())
    assert version is not None and version.number == 2
    assert version.definition["audiences"] == ["individual", "government"]


def test_a_local_version_is_never_overwritten(loaded: Packaged) -> None:
    published(department="CUS")
    done = load_packaged(packaged=changed(loaded, audiences=["individual", "business"]))
    assert done.proposed == [SLUG]
    current = current_version(SLUG, clock.today())
    assert current is not None and current.definition["department"] == "CUS"
    proposal = ServiceVersion.objects.get(service__slug=SLUG, state="draft")
    assert proposal.definition["department"] == "CUS"
    assert proposal.definition["audiences"] == ["individual", "business"]
    assert proposal.merge == {"from": current.pk, "conflicts": []}
    assert load_packaged(packaged=changed(loaded, audiences=["individual", "business"])).nothing


def test_a_merge_names_what_conflicts(loaded: Packaged) -> None:
    published(department="CUS")
    load_packaged(packaged=changed(loaded, department="ENV"))
    proposal = ServiceVersion.objects.get(service__slug=SLUG, state="draft")
    assert proposal.merge is not None and proposal.merge["conflicts"] == ["department"]
    assert proposal.definition["department"] == "CUS"


def test_publishing_ends_the_version_before(loaded: Packaged) -> None:
    draft = draft_version(definition=definition(department="CUS"), by=EDITOR)
    day = clock.today() + timedelta(days=3)
    version = publish_version(version_id=draft.pk, valid_from=day, by=PUBLISHER)
    assert version.state == "published" and version.origin == "local"
    first = current_version(SLUG, day - timedelta(days=1))
    assert first is not None and first.number == 1 and first.valid_to == day
    assert current_version(SLUG, day) == version
    assert AuditRow.objects.filter(action="catalogue.version.published", object_id=str(version.pk)).exists()


def test_a_version_is_put_right_on_its_first_day(loaded: Packaged) -> None:
    day = clock.today()
    first = draft_version(definition=definition(department="CUS"), by=EDITOR)
    publish_version(version_id=first.pk, valid_from=day, by=PUBLISHER)
    second = draft_version(definition=definition(department="ENV"), by=EDITOR)
    publish_version(version_id=second.pk, valid_from=day, by=PUBLISHER)
    first.refresh_from_db()
    assert (first.valid_from, first.valid_to) == (day, day)  # it holds on no day any more
    assert current_version(SLUG, day) == current_version(SLUG, day + timedelta(days=400)) == second
    before = current_version(SLUG, day - timedelta(days=1))
    assert before is not None and before.number == 1


def test_a_later_version_that_is_announced_is_not_overrun(loaded: Packaged) -> None:
    day = clock.today()
    later = draft_version(definition=definition(department="CUS"), by=EDITOR)
    publish_version(version_id=later.pk, valid_from=day + timedelta(days=9), by=PUBLISHER)
    between = draft_version(definition=definition(department="ENV"), by=EDITOR)
    with pytest.raises(DatesOverlap):
        publish_version(version_id=between.pk, valid_from=day + timedelta(days=3), by=PUBLISHER)


@pytest.mark.parametrize("by", [NOBODY], ids=["resident"])
def test_only_editors_draft_publish_and_patch(by: Any, loaded: Packaged) -> None:
    draft = draft_version(definition=definition(department="CUS"), by=EDITOR)
    with pytest.raises(NotAllowed):
        draft_version(definition=definition(), by=by)
    with pytest.raises(NotAllowed):
        publish_version(version_id=draft.pk, valid_from=clock.today(), by=by)
    with pytest.raises(NotAllowed):
        patch_wording(version_id=draft.pk, definition=definition(), by=by)


def test_what_is_published_is_not_published_again(loaded: Packaged) -> None:
    version = published(department="CUS")
    with pytest.raises(NotADraft):
        publish_version(version_id=version.pk, valid_from=clock.today(), by=PUBLISHER)


def test_nothing_comes_into_force_in_the_past(loaded: Packaged) -> None:
    draft = draft_version(definition=definition(department="CUS"), by=EDITOR)
    with pytest.raises(StartsInThePast):
        publish_version(version_id=draft.pk, valid_from=clock.today() - timedelta(days=1), by=PUBLISHER)


def test_an_unknown_version(loaded: Packaged) -> None:
    with pytest.raises(NoSuchService):
        publish_version(version_id=0, valid_from=clock.today(), by=PUBLISHER)
    with pytest.raises(NoSuchService):
        patch_wording(version_id=0, definition={}, by=EDITOR)


def test_a_definition_with_faults_is_not_kept(loaded: Packaged) -> None:
    with pytest.raises(Unusable) as caught:
        draft_version(definition=definition(channels=["fax"]), by=EDITOR)
    assert "fax" in str(caught.value)
    assert "fax" in say(caught.value)


def test_what_follows_the_result_must_be_in_force(loaded: Packaged) -> None:
    follow_up = {"kind": "visit", "service": "city-events", "name": {"ar": "زيارة", "en": "Visit"}}
    draft = draft_version(definition=definition(follow_ups=[follow_up]), by=EDITOR)
    with pytest.raises(Unusable, match="leads to city-events, which is no internal service in force"):
        publish_version(version_id=draft.pk, valid_from=clock.today(), by=PUBLISHER)


def test_words_are_patched_in_place(loaded: Packaged) -> None:
    version = current_version(SLUG, clock.today())
    assert version is not None
    patched = patch_wording(
        version_id=version.pk, definition=definition(name={"ar": "فعاليات", "en": "Events"}), by=EDITOR
    )
    assert (patched.pk, patched.number, patched.patch) == (version.pk, 1, 1)
    assert load_definition(patched).name("ar") == "فعاليات"
    assert "فعاليات" in patched.search_text


def test_a_patch_of_more_than_words_is_refused(loaded: Packaged) -> None:
    version = current_version(SLUG, clock.today())
    assert version is not None
    with pytest.raises(NotOnlyWording):
        patch_wording(version_id=version.pk, definition=definition(department="CUS"), by=EDITOR)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_serviceversion SET definition = '{}' WHERE id = %s",
        "UPDATE catalogue_serviceversion SET number = 9 WHERE id = %s",
        "UPDATE catalogue_serviceversion SET valid_from = '2020-01-01' WHERE id = %s",
        "UPDATE catalogue_serviceversion SET state = 'draft' WHERE id = %s",
        "UPDATE catalogue_serviceversion SET origin = 'local' WHERE id = %s",
    ],
)
def test_the_database_keeps_a_published_version_final(statement: str, loaded: Packaged) -> None:
    version = current_version(SLUG, clock.today())
    assert version is not None
    with pytest.raises((DatabaseError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [version.pk])


def test_the_database_refuses_overlapping_versions(loaded: Packaged) -> None:
    version = current_version(SLUG, clock.today())
    assert version is not None
    version.pk, version.number = None, 2
    with pytest.raises(DatabaseError), transaction.atomic():
        version.save(force_insert=True)


def test_merging_by_key() -> None:
    base = {"a": 1, "list": [{"key": "x", "v": 1}, {"key": "y", "v": 1}], "gone": 1}
    local = {"a": 2, "list": [{"key": "x", "v": 2}, {"key": "y", "v": 1}], "gone": 1}
    upstream = {"a": 1, "list": [{"key": "x", "v": 1}, {"key": "y", "v": 3}, {"key": "z"}], "new": 5}
    merged, conflicts = merge(base, local, upstream)
    assert merged == {"a": 2, "list": [{"key": "x", "v": 2}, {"key": "y", "v": 3}, {"key": "z"}], "new": 5}
    assert conflicts == []
    _, conflicts = merge({"a": {"b": 1}}, {"a": {"b": 2}}, {"a": {"b": 3}})
    assert conflicts == ["a.b"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"name": {"ar": "أ", "en": "a"}}, {"name": {"ar": "ب", "en": "b"}}, True),
        ({"synonyms": ["a"]}, {"synonyms": ["b"]}, True),
        ({"amount": 1}, {"amount": 2}, False),
        ({"when": "a"}, {"when": "b"}, False),
    ],
)
def test_what_is_wording(before: Any, after: Any, words: bool) -> None:
    assert only_wording(before, after) is words


def test_first_day(loaded: Packaged) -> None:
    assert current_version(SLUG, date(2024, 1, 1)) is not None
    assert current_version(SLUG, date(2023, 12, 31)) is None
