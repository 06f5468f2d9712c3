"""What employees and people of outside bodies do at the desk."""

from collections.abc import Mapping

from tests.journeys.browser import Page
from tests.journeys.city import Person
from tests.journeys.following import Receipt
from tests.journeys.steps import expect


def open_case(person: Person, receipt: Receipt, *, of: str = "unit", seconds: float = 90) -> Page:
    """Reload the queue until the case is in it, and open it from there."""
    path = f"/desk/case/{receipt.number}"
    queue = person.browser.wait(
        f"/desk/?of={of}", lambda seen: any(path in address for _, address in seen.links()),
        seconds=seconds, what=f"the case {receipt.shown}",
    )  # fmt: skip
    return queue.click(path=path)


def act(
    page: Page, outcome: str, *, note: str = "", more: Mapping[str, str] | None = None, status: int = 200
) -> Page:
    """Press the button of an act, with a note and whatever else is filled in."""
    form = page.form("/act")
    if note:
        form.fill(note=note)
    return form.set(more or {}).submit(outcome, status=status)


def done(page: Page, receipt: Receipt) -> Page:
    """Stop unless the act was accepted: the page offers to take it back."""
    expect(
        page.all(f"//form[contains(@action, '/desk/case/{receipt.number}/undo')]"),
        "the act was not taken",
        page=page,
    )
    return page


def reason(page: Page, field: str, code: str) -> dict[str, str]:
    """The reason with this code for a remark on a field, as offered in the page's select."""
    name = f"reason.{field}"
    offered = page.form("/act").options(name)
    expect(code in offered, f"{name} offers {sorted(offered)}", page=page)
    return {name: code}
