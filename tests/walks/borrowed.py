"""Cases with which a walk begins: made by the browser of the journeys, whose session then goes on in a real one."""

from __future__ import annotations

from typing import Any

from tests.journeys import applying, following
from tests.journeys.applying import Answers, Found
from tests.journeys.browser import Page
from tests.journeys.city import Cast, Person
from tests.journeys.following import Receipt
from tests.walks.stage import LANGUAGE_COOKIE, Actor, Stage, Window

INSTANT = "shop-licence-instant"
TAILOR = Found("خياطة", "952902")


def goes_on(stage: Stage, person: Person, *, window: Window) -> Actor:
    """The person in a browser with scripts, signed in as in the one without."""
    actor = stage.actor(person.name, window=window)
    actor.context.add_cookies(
        [
            {"name": one.name, "value": str(one.value), "url": stage.city.base}
            for one in person.browser.client.cookies.jar
            if one.name not in ("ui_cookies", "diwan_language")
        ]
    )
    return actor


def tailor(**changed: Any) -> Answers:
    """Answers of a tailor's shop that the instant licence is for."""
    return Answers(applying.shop(activities=TAILOR, **changed), {"facade": [applying.photo("الواجهة")]})


def applies(cast: Cast, name: str, shop: str, **changed: Any) -> tuple[Person, Page]:
    """Somebody has filled in the instant licence for the establishment of that name; the page of the review."""
    person = cast.signed_in(name)
    return person, applying.fill(applying.begin(person, INSTANT, name=shop), tailor(**changed))


def sent(cast: Cast, name: str, shop: str, **changed: Any) -> tuple[Person, Receipt]:
    """The same, sent."""
    person, page = applies(cast, name, shop, **changed)
    return person, following.read_receipt(page.form("/review").submit())


def link_of(actor: Actor, receipt: Receipt) -> str:
    """The secret in the link that follows a request, asked for by number and code."""
    actor.open("/track")
    actor.page.fill("main input[name=number]", receipt.number)
    actor.page.fill("main input[name=secret]", receipt.secret)
    with actor.page.expect_navigation():
        actor.page.click("main form button.btn-primary")
    return actor.path().rpartition("/")[2]


def billed(person: Person, receipt: Receipt) -> tuple[str, str]:
    """Biller and number of the bill as the page gives them, once the request has one."""
    page = person.browser.wait(
        receipt.path, lambda seen: seen.all("//*[@data-copy]"), seconds=20, what="the bill"
    )
    return following.bill_on(page)


def pair_without_switch(actor: Actor, name: str) -> Actor:
    """The picture in both languages of a page that has no switch of language: of a refusal, which stands alone."""
    number = actor.stage.next_number()
    for language in ("ar", "en", "ar"):
        actor.language = language
        actor.context.add_cookies(
            [{"name": LANGUAGE_COOKIE, "value": language, "url": actor.stage.city.base}]
        )
        actor.page.reload(wait_until="load")
        actor.shot(name, number=number)
    return actor
