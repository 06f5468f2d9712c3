"""People whom a case does not concern: they read the same as about a number that never existed."""

from tests.journeys.browser import Browser, squeeze
from tests.journeys.city import Cast, City
from tests.journeys.following import Issued, Receipt
from tests.journeys.steps import expect

NEVER = "26999999990"


def refused(cast: Cast, receipt: Receipt, issued: Issued, document: str) -> None:
    """Another owner, an officer of another municipality, and somebody who is not signed in."""
    abeer = cast.signed_in("abeer")
    _same_as_never(abeer.browser, "/case/{}", receipt)
    _same_as_never(abeer.browser, "/case/{}/bill.pdf", receipt)
    _same_as_never(abeer.browser, "/apply/slip/{}/a4.pdf", receipt)
    abeer.browser.open(document, status=404)
    turki = cast.signed_in("turki")
    _same_as_never(turki.browser, "/desk/case/{}", receipt)
    turki.browser.open(f"/desk/document/{issued.number}", status=404)
    nobody = Browser(cast.city.base)
    for address in (receipt.path, document, f"/desk/case/{receipt.number}"):
        page = nobody.open(address)
        expect(
            page.path.startswith("/sign-in"),
            f"{address} is shown to somebody who is not signed in",
            page=page,
        )


def _same_as_never(browser: Browser, path: str, receipt: Receipt) -> None:
    real = browser.open(path.format(receipt.number), status=404)
    never = browser.open(path.format(NEVER), status=404)
    words = [squeeze(page.text).replace(receipt.number, NEVER) for page in (real, never)]
    expect(words[0] == words[1], f"{path} tells a case that exists from one that does not", page=real)


def audit_holds(city: City) -> str:
    """`./run diwan audit verify`: its last words."""
    return city.run("diwan", "audit", "verify").strip().splitlines()[0]
