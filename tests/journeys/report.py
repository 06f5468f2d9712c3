"""W3: rubbish told from a telephone, done with proof, disputed, judged by another, done again, confirmed, rated."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.journeys import proving, telling
from tests.journeys.browser import Browser
from tests.journeys.city import Cast, City
from tests.journeys.steps import Steps, expect
from tests.journeys.telling import Told

CONTRACTOR = "شركة نقاء الساحل للنظافة"
CONTRACT = "1447-CLN-12"
STAFF = ("rana", "naqa.hamad", "sami", "lama", "dana")


@dataclass
class Walk:
    """One report under way: who tells it, who follows it, and what is known of it."""

    cast: Cast
    steps: Steps
    reporter: Browser
    mobile: str
    name: str
    words: str
    told: Told

    @property
    def city(self) -> City:
        """The installation."""
        return self.cast.city


def walk(city: City, steps: Steps, *, only: frozenset[str] = frozenset()) -> None:
    """The whole of it; a report has no parts that could be walked alone. Raises Broken."""
    cast = Cast(city)
    with steps.step("staff", f"sign in, each with a code: {', '.join(STAFF)}"), ThreadPoolExecutor(2) as pool:
        list(pool.map(cast.signed_in, STAFF))
    before = proving.closings_of(cast, CONTRACTOR)
    run = _begun(cast, steps)
    _sent(run)
    _neighbour(run)
    _done_badly(run)
    _disputed(run)
    _done_again(run)
    _agreed(run)
    _public(run)
    with steps.step("dana", "the numbers page counts both closings, one of them false"):
        after = proving.closings_of(cast, CONTRACTOR)
        proving.counted(before, after)
    steps.note(f"{CONTRACTOR}: {after.closed} closed, {after.judged} judged, not fixed {after.shown}")


def _begun(cast: Cast, steps: Steps) -> Walk:
    serial = time.time_ns() // 100_000_000
    mobile, name = f"0507{serial % 1_000_000:06}", "منيرة سعد"
    words = f"الحاوية فائضة منذ يومين {serial % 10_000}"
    reporter = Browser(cast.city.base)
    with steps.step("resident", "finds the report by «زبالة» and takes the first of three types"):
        telling.begin(reporter)
    with steps.step(
        "resident", "adds a photo and a street on a telephone, and proves a number: number and code"
    ):
        page, spot = telling.free_street(reporter, turn=serial // 10, words=words)
        told = telling.proved(page, cast.catcher, spot=spot, mobile=mobile, name=name)
    steps.note(f"report {told.shown}, code {told.secret}")
    steps.keep(f"report-{told.number}.pdf", told.slip)
    return Walk(cast, steps, reporter, mobile, name, words, told)


def _sent(run: Walk) -> None:
    cast, told = run.cast, run.told
    with run.steps.step("rana", "reads the rule by which it was sent, and finds it by the caller's number"):
        rana = cast.signed_in("rana")
        page = rana.browser.wait(
            f"/reports/handle/{told.number}", lambda seen: CONTRACT in seen.text, seconds=90, what="the rule"
        )
        page.says("سبب التوجيه", CONTRACT, run.words)
        telling.by_telephone(rana, run.mobile, told, "يعمل عليه الفريق")
    with run.steps.step("naqa.hamad", "his company's crew has it in the list of work"):
        hamad = cast.signed_in("naqa.hamad")
        hamad.browser.open("/reports/work").click(path=f"/reports/work/{told.number}").says(run.words)


def _neighbour(run: Walk) -> None:
    with run.steps.step("neighbour", "tells the same: the open one is offered first, and is followed"):
        telling.follows(run.city, run.cast.catcher, run.told)


def _done_badly(run: Walk) -> None:
    cast, told = run.cast, run.told
    hamad, sami = cast.signed_in("naqa.hamad"), cast.signed_in("sami")
    after = cast.catcher.last()
    with run.steps.step("naqa.hamad", "cannot close it without photos, nor with photos of another place"):
        page = proving.refused_without_proof(hamad, told)
    with run.steps.step("naqa.hamad", "closes it with a reason for the distance"):
        proving.closed_with_reason(page, told)
    with run.steps.step("sami", "an independent verifier looks, since the place is in doubt: fixed"):
        proving.judged(sami, told, "fixed", says="الصور")
    with run.steps.step("resident", "is told by message and sees photos before and after"):
        link = telling.link_in(cast.catcher, told, "تمت معالجة", after=after)
        page = run.reporter.wait(link, lambda seen: "هل عولجت" in seen.text, seconds=90, what="the question")
        proving.both_photos(page)


def _disputed(run: Walk) -> None:
    cast, told = run.cast, run.told
    sami, lama = cast.signed_in("sami"), cast.signed_in("lama")
    after = cast.catcher.last()
    with run.steps.step(
        "resident", "disputes from the link, with a reason and a photo; not without a reason"
    ):
        telling.disputes(run.reporter, told)
    with run.steps.step("sami", "judged before, so he may not judge the dispute"):
        page = sami.browser.open(f"/reports/judge/{told.number}").says("يحكم في هذا البلاغ زميل آخر")
        expect(not page.all("//button[@form='judgement']"), "sami could judge again", page=page)
    with run.steps.step("lama", "another verifier sees the photo and finds it not fixed"):
        proving.judged(lama, told, "not_fixed", reason=True, says="الحاوية ما زالت فائضة")
    with run.steps.step("resident", "is told that it is back to work"):
        telling.link_in(cast.catcher, told, "صحيح", after=after)


def _done_again(run: Walk) -> None:
    cast, told = run.cast, run.told
    hamad, sami, dana = cast.signed_in("naqa.hamad"), cast.signed_in("sami"), cast.signed_in("dana")
    with run.steps.step("naqa.hamad", "has it again, and closes it with photos of the place and the hour"):
        proving.closed_in_place(hamad, told)
    with run.steps.step("sami", "looks once more, since it came back: fixed"):
        proving.judged(sami, told, "fixed")
    with run.steps.step("dana", "the history names two different verifiers"):
        page = dana.browser.open(f"/desk/case/{told.number}")
        names = [cast.city.person(name)["person_ar"] for name in ("sami", "lama")]
        page.says(*names, CONTRACT)


def _agreed(run: Walk) -> None:
    cast, told = run.cast, run.told
    with run.steps.step("resident", "confirms in one tap"):
        telling.confirms(run.reporter, told)
    with run.steps.step("resident", "rates it once; the link is used up"):
        telling.rates(run.reporter, told)
    with run.steps.step("anybody", "link, number with code, and the telephone room tell the same"):
        run.reporter.open(told.link).says("أغلق البلاغ بعد معالجته")
        telling.tracked(run.city, told, "أغلق البلاغ بعد معالجته")
        telling.by_telephone(cast.signed_in("rana"), run.mobile, told, "مغلق")


def _public(run: Walk) -> None:
    with run.steps.step("anybody", "no photo of it is public before somebody looked"):
        page = Browser(run.city.base).open(f"/reports/seen/{run.told.number}")
        expect(not page.all("//main//img"), "a photo is public unchecked", page=page)
    with run.steps.step("dana", "looks at its photos for the public, and lets them be shown"):
        shown = proving.photos_checked(run.cast.signed_in("dana"), run.told)
    run.steps.note(f"{shown} photos")
    with run.steps.step(
        "anybody", "sees it on the map and its page, with photos, without anything of anybody"
    ):
        private = [run.name, run.mobile, run.mobile[1:], run.words, run.told.secret, "الحاوية ما زالت فائضة"]
        proving.seen_by_all(run.city, run.told, private)
