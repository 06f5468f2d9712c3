"""What employees do at the desk, in a browser."""

from __future__ import annotations

from tests.walks.stage import Actor

DESK_BUTTON = "button[form=act][name=outcome]"


def open_case(actor: Actor, number: str, *, of: str = "unit") -> Actor:
    """Wait in the queue until the case is in it, and open it from there."""
    link = actor.page.locator(f"main a[href='/desk/case/{number}']")
    actor.open(f"/desk/?of={of}").until(link.count, f"the case {number} in the queue", reload=True)
    link.first.click()
    actor.page.wait_for_url(f"**/desk/case/{number}*")
    return actor


def act(actor: Actor, outcome: str, *, note: str = "") -> Actor:
    """Press the button of an act, with a note; the answer stands when this returns."""
    if note:
        actor.page.fill("#id_note", note)
    button = actor.page.locator(f"[name=outcome][value='{outcome}']").first
    with actor.page.expect_response(lambda answer: answer.request.method == "POST" and "/act" in answer.url):
        button.click()
    actor.page.wait_for_load_state("load")
    return actor


def done(actor: Actor, number: str) -> Actor:
    """Fail unless the act was taken: the page offers to take it back."""
    undo = actor.page.locator(f"form[action='/desk/case/{number}/undo']")
    actor.until(undo.count, "the act was not taken")
    return actor


def remark(actor: Actor, field: str, reason: str, words: str) -> Actor:
    """Unfold the remark on an answer, choose the reason, write what is to be done."""
    box = actor.page.locator("details.remark", has=actor.page.locator(f"[name='reason.{field}']"))
    box.locator("summary").click()
    box.locator("select").select_option(reason)
    box.locator("textarea").fill(words)
    return actor
