"""Changing what runs on the screen: what a version changes, a dry run, moving, taking back; drafts that say it."""

import re

import pytest
from django.urls import reverse

from diwan.cases.models import Case
from diwan.catalogue.actions import draft_version
from diwan.catalogue.models import ServiceVersion
from tests import cast
from tests.apply.browsing import client_of, form_of, text_of
from tests.cases.conftest import registers
from tests.cases.test_change import SLUG, asked_otherwise, forgotten, publish, renamed
from tests.cases.test_walk import to_review
from tests.console.test_people import signed_in

__all__ = ["forgotten", "registers"]
pytestmark = pytest.mark.usefixtures("city", "registers")


def address(name: str, **more: int) -> str:
    return reverse(f"console:{name}", kwargs={"service": SLUG, **more})


def test_before_publishing_it_is_shown_what_changes_and_who_can_move() -> None:
    owner = cast.owner()
    cast.fill_draft(owner)
    case = cast.run_machine(cast.submit(owner))
    cast.act(to_review(owner), "review", "recommend", by=cast.actor("fahad"))
    before, _after = publish(lambda definition: None)
    definition = ServiceVersion.objects.get(pk=before).definition
    renamed(definition)
    draft = draft_version(definition=definition, by=cast.actor("it.sara"))
    browser = signed_in("it.sara", lang="en")
    assert SLUG in text_of(browser.get(reverse("console:changes")))
    assert address("change_version", number=draft.number) in text_of(browser.get(address("change")))
    page = text_of(browser.get(address("change_version", number=draft.number), {"from": "1"}))
    assert "Quality review" in page and "1 working day" in page and "2 working days" in page
    assert "Nothing in the new version stands for “Review by the head of section”." in page
    assert "They can be moved once this version is in force." in page
    assert re.search(r"<li><span>[^<]*<span class=\"muted\">· version 1</span></span><span>.*1", page)
    weighed = {"from": "1", "map-section_review": "quality_review"}
    assert "Nothing in the new version stands" not in text_of(
        browser.get(address("change_version", number=draft.number), weighed)
    )
    assert browser.get(address("change_move", number=draft.number)).status_code == 404, "it is a draft"
    assert text_of(signed_in("it.sara").get(address("change_version", number=draft.number))).count("جودة")
    case.refresh_from_db()
    assert case.version_id == before


def test_three_are_moved_and_one_is_taken_back_on_the_screen() -> None:
    owner = cast.owner()
    cases = [cast.run_machine(cast.submit(owner)) for _ in range(4)]
    before, after = publish(renamed)
    browser = signed_in("it.sara", lang="en")
    url = address("change_move", number=2)
    page = browser.get(url, {"from": "1", "step": "civil_defence"})
    fields = form_of(page, url)
    assert sorted(fields["case"]) == sorted(str(case.pk) for case in cases)
    assert browser.post(url, {**fields, "case": []}).status_code == 422
    answer = browser.post(url, {**fields, "case": fields["case"][:3], "note": "trial"})
    versions = Case.objects.filter(pk__in=[case.pk for case in cases]).values_list("version_id", flat=True)
    assert sorted(versions) == [before, after, after, after]
    where = answer.headers["Location"]
    record = text_of(browser.get(where))
    assert "3 requests were moved." in record and "trial" in record and record.count('name="case"') == 3
    undo = f"{where}/undo"
    assert "1 request was taken back." in text_of(
        browser.post(undo, {"do": "chosen", "case": fields["case"][0]}, follow=True)
    )
    cases[0].refresh_from_db()
    assert cases[0].version_id == before
    assert "Moved" in text_of(browser.get(address("change")))
    assert signed_in("fahad").get(where).status_code == 403


def test_the_first_page_of_a_draft_says_what_changed() -> None:
    draft = cast.fill_draft(cast.owner(), unit_no="7 ب")
    publish(asked_otherwise)
    browser = client_of("salem", language="en")
    sent = browser.post(reverse("apply:review", args=[draft.pk]), follow=True)
    page = text_of(sent)
    assert sent.redirect_chain[-1][0].endswith("/activity")
    assert "The form of this service has changed since you filled it in." in page
    assert (
        "New: Keeper" in page
        and "No longer asked: Floor" in page
        and "Asked otherwise now: Unit number" in page
    )
    premises = text_of(browser.get(reverse("apply:page", args=[draft.pk, "premises"])))
    assert "7 ب" in premises and "The form of this service has changed" not in premises
