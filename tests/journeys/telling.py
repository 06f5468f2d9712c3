"""What a reporter does on a telephone: tells, proves a number, follows, disputes, confirms, rates."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.journeys import applying
from tests.journeys.browser import Browser, Page, squeeze
from tests.journeys.city import Catcher, City, Person
from tests.journeys.steps import Broken, expect

TYPE = "RPT-0101"
STREETS = (
    "شارع الأمانة", "شارع الإخلاص", "شارع الصدق", "شارع الحكمة", "شارع العدل", "شارع الإحسان", "شارع التعاون",
    "شارع الشورى", "شارع العطاء", "شارع الإيثار", "شارع النزاهة", "شارع الإتقان", "شارع الصبر", "شارع الحلم",
)  # fmt: skip
"""Streets of the first municipality: each walk takes the next, since a broken one leaves its report open there."""
OFFERED = 3
"""How many open reports near by are offered at most."""
BUSY = 180
"""Seconds for what events bring about: after the first start the worker has those of a whole year to deliver."""
_LINK = re.compile(r"https?://\S+/t/\S+")


@dataclass(frozen=True)
class Spot:
    """A street, and where the search finds it in degrees north and east."""

    street: str
    at: tuple[float, float]


@dataclass(frozen=True)
class Told:
    """What the receipt says: number, number as shown, code, path of the own page, slip. `spot` is where it lies."""

    spot: "Spot"
    number: str
    shown: str
    secret: str
    link: str
    slip: bytes


def begin(browser: Browser) -> None:
    """From the first page by the word that people use to the page on which the report is told."""
    page = browser.open("/")
    expect(page.language == ("ar", "rtl"), f"the first page is in {page.language}", page=page)
    page = page.form("/search").fill(q="زبالة").submit().click(path="/services/report")
    _of_type(page.click(path="/reports/new"))


def _of_type(page: Page) -> Page:
    page = page.form("/reports/new").fill(q="زبالة").submit()
    offered = [str(found.get("value")) for found in page.all("//button[@name='type']")]
    expect(len(offered) == 3 and offered[0] == TYPE, f"«زبالة» offers {offered}", page=page)
    return page.form(having="type").submit(TYPE).says("الصورة والمكان")


def described(page: Page, *, street: str, words: str) -> tuple[Page, Spot]:
    """Look the street up, add a photo and words, and go on."""
    page = page.form(having="place-find").set({"place-find": street}).submit("place")
    form = page.form(having="place-find")
    found = next(iter(form.options("place-pick")))
    form.set({"place-pick": found, "description": words})
    lat, lng = (float(part) for part in found.split(","))
    page = form.attach("photos", applying.photo("الحاوية", at=(lat, lng))).submit("next")
    return page, Spot(street, (lat, lng))


def free_street(browser: Browser, *, turn: int, words: str) -> tuple[Page, Spot]:
    """Tell the report in the first street, from one on, where so little is open that the page would offer this one."""
    for number in range(len(STREETS)):
        street = STREETS[(turn + number) % len(STREETS)]
        page, spot = described(_of_type(browser.open("/reports/new")), street=street, words=words)
        if len(page.all("//button[@name='follow']")) < OFFERED:
            return page, spot
    raise Broken("every street has open reports enough; those of broken walks are closed by the crew's page")


def proved(page: Page, catcher: Catcher, *, spot: Spot, mobile: str, name: str) -> Told:
    """A new report whatever is near; the number is proved by the code of its message; the receipt."""
    if page.path.endswith("/near"):
        page = page.form("/near").submit("new")
    receipt = _with_code(page, catcher, mobile=mobile, name=name).says("تم استلام بلاغكم", "المتوقع قبل")
    shown, secret = [
        squeeze(found.text_content()) for found in receipt.all("//*[contains(@class, 'big-number')]/bdi")
    ]
    link = receipt.address(path="/reports/r/")
    slip = receipt.click(path="/receipt/a4").response.content
    expect(slip.startswith(b"%PDF-"), "the slip is no PDF")
    return Told(spot, re.sub(r"\D", "", shown), shown, secret, urlsplit(link).path, slip)


def _with_code(page: Page, catcher: Catcher, *, mobile: str, name: str = "") -> Page:
    after = catcher.last()
    form = page.form("/who").fill(mobile=mobile)
    page = (form.fill(name=name) if name else form).submit("send")
    code, _ = catcher.code(after=after, to=f"+966{mobile[1:]}")
    return page.form("/code").fill(code=code).submit()


def follows(city: City, catcher: Catcher, told: Told) -> None:
    """Somebody else begins the same report: the open one is offered before anything is asked, and followed."""
    browser = Browser(city.base)
    page, _ = described(_of_type(browser.open("/reports/new")), street=told.spot.street, words="")
    page.says("هل هو أحد هذه البلاغات؟")
    mine = [
        found
        for found in page.all("//button[@name='follow']")
        if told.number in _digits(found.text_content())
    ]
    expect(mine, f"{told.shown} is not offered", page=page)
    page = page.form("/near").submit(str(mine[0].get("value")))
    mobile = f"0508{told.number[-6:]}"
    page = _with_code(page, catcher, mobile=mobile)
    expect(page.path == f"/reports/seen/{told.number}", f"following leads to {page.path}", page=page)
    page.says("أنتم تتابعون هذا البلاغ")


def by_telephone(agent: Person, mobile: str, told: Told, state: str) -> None:
    """The caller's last reports by the number: this one, in that state a moment after it came about."""

    def tells(page: Page) -> bool:
        rows = [squeeze(found.text_content()) for found in page.all("//*[@id='beside']//li")]
        return any(told.number in _digits(row) and state in row for row in rows)

    agent.browser.wait(f"/reports/call?mobile={mobile}", tells, seconds=BUSY, what=f"{told.shown} as {state}")


def link_in(catcher: Catcher, told: Told, words: str, *, after: int) -> str:
    """The path in the short message about the report that says these words."""
    message = catcher.wait(
        lambda one: (
            one["kind"] == "sms" and words in squeeze(one["text"]) and told.number in _digits(one["text"])
        ),
        after=after, what=f"a short message «{words}» about {told.shown}",
    )  # fmt: skip
    found = _LINK.search(message["text"])
    if found is None:
        raise Broken(f"the message has no link: {message['text']}")
    return urlsplit(found.group()).path


def _digits(text: str) -> str:
    return squeeze(text).replace("-", "").replace(" ", "")


def disputes(browser: Browser, told: Told) -> None:
    """Not without a reason; then with one, words and a photo."""
    refused = browser.open(told.link).form(having="reason").submit("dispute", status=422)
    expect(refused.errors(), "a dispute without a reason is taken", page=refused)
    form = refused.form(having="reason")
    form.fill(reason=next(iter(form.options("reason"))), note="الحاوية ما زالت فائضة")
    page = form.attach("photo", applying.photo("ما زالت")).submit("dispute")
    page.says("وصل اعتراضكم").says_not("نعم، عولجت")


def confirms(browser: Browser, told: Told) -> None:
    """One tap on the question."""
    page = browser.wait(told.link, lambda seen: "هل عولجت" in seen.text, seconds=90, what="the question")
    page = page.form("/answer").submit("confirm").says("أغلق البلاغ بعد معالجته")
    expect(not page.all("//button[@name='outcome']"), "it asks again after the answer", page=page)


def rates(browser: Browser, told: Told) -> None:
    """The page offers the rating once the end has got about; it is taken once."""
    page = browser.wait(
        told.link, lambda seen: any("/rate/" in address for _, address in seen.links()), seconds=BUSY, what="the rating"
    )  # fmt: skip
    form = page.click(path="/rate/").form(having="score").fill(score="4")
    thanks = form.submit()
    again = browser.open(thanks.url)
    expect(not again.all("//input[@name='score']"), "the link works twice", page=again)
    page = browser.open(told.link)
    expect(
        not any("/rate/" in address for _, address in page.links()), "it asks for a rating again", page=page
    )


def tracked(city: City, told: Told, *words: str) -> None:
    """Whoever holds number and code follows the report, in Arabic digits; a wrong code tells nothing."""
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    visitor = Browser(city.base)
    form = visitor.open("/track").form(having="secret")
    form.fill(number=told.number.translate(arabic), secret=told.secret.translate(arabic)).submit().says(
        *words
    )
    wrong = f"{(int(re.sub(r'[^0-9]', '', told.secret)) + 1) % 100_000_000:08}"
    visitor.open("/track").form(having="secret").fill(number=told.number, secret=wrong).submit(status=404)
