"""CL-003: a licence about to expire is renewed in two taps, «nothing has changed», and sealed seconds after payment."""

from tests.journeys import following, papers
from tests.journeys.browser import Form, Page
from tests.journeys.city import Cast, Person
from tests.journeys.steps import Steps, expect

HOLDERS = ("salem", "abeer")


def walk(cast: Cast, steps: Steps) -> None:
    """The licence of whoever of the demo people has one that is due. Raises Broken."""
    city, catcher = cast.city, cast.catcher
    after = catcher.last()
    with steps.step("residents", "sign in and look which of their licences is due"):
        owner, page = _due(cast)
    if owner is None or page is None:
        steps.leave_out("the renewal", "every licence of theirs that was due is renewed already")
        return
    due = len(_renewals(page))
    with steps.step(owner.name, "renews: first tap"):
        page = _renewals(page)[0].submit()
        page.says("تجديد: هل تغير شيء؟", "الإجمالي", "لم يتغير شيء")
    with steps.step(owner.name, "nothing has changed: second tap"):
        receipt = following.read_receipt(page.form("/confirm").submit("renew"))
    steps.note(f"request {receipt.shown}")
    with steps.step(owner.name, "pays; the renewed licence is there"):
        page = following.pay(owner, receipt, city, steps)
    with steps.step(owner.name, "downloads it; pdfsig, number, code and file agree"):
        issued = following.download(owner, page, steps, f"renewal-{receipt.number}")
        papers.expect_valid(issued.file, papers.trusting(city.authority, steps.folder / "trust"))
        following.verified(city, issued, begun=False)
    with steps.step(owner.name, "cannot renew the same licence again"):
        again = owner.browser.open("/my/licences")
        expect(len(_renewals(again)) == due - 1, "the renewed licence can be renewed again", page=again)
        expect(issued.number in again.digits(), "the renewed licence is not among theirs", page=again)
    with steps.step(owner.name, "was told once each by message and mail"):
        following.told(catcher, receipt, "تم استلام طلبكم", "فاتورة بمبلغ", "تم إصدار رخصة", after=after)


def _renewals(page: Page) -> list[Form]:
    return [Form(page, found) for found in page.all("//form[contains(@action, '/apply/renew/')]")]


def _due(cast: Cast) -> tuple[Person | None, Page | None]:
    for name in HOLDERS:
        person = cast.signed_in(name)
        for capacity in _capacities(person):
            chosen = person.browser.open("/sign-in/capacity").form(having="capacity").fill(capacity=capacity)
            chosen.submit()
            page = person.browser.open("/my/licences")
            expect(page.language == ("ar", "rtl"), "the page is not Arabic", page=page)
            if _renewals(page):
                return person, page
    return None, None


def _capacities(person: Person) -> list[str]:
    return list(person.browser.open("/sign-in/capacity").form(having="capacity").options("capacity"))
