"""What an applicant sees after sending: number and secret, the bill, the notices, the issued file."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys import papers
from tests.journeys.browser import Browser, Page, squeeze
from tests.journeys.city import Bank, Catcher, City, Person
from tests.journeys.steps import Steps, expect

ARABIC = re.compile("[\u0621-\u064a]")
PROMISED_S, PATIENCE_S = 10, 90
"""Seconds from payment to licence: as promised on a machine that does nothing else, and until it is called broken."""


@dataclass(frozen=True)
class Receipt:
    """What is printed on the receipt."""

    number: str
    shown: str
    secret: str
    path: str


@dataclass(frozen=True)
class Issued:
    """An issued licence: its file, its number and the address in its QR code."""

    number: str
    file: Path
    code: str


def read_receipt(page: Page) -> Receipt:
    """Number and secret of the page "your request was received"."""
    page.says("تم استلام طلبكم")
    big = [squeeze(found.text_content()) for found in page.all("//*[contains(@class, 'big-number')]/bdi")]
    expect(len(big) == 2, f"the receipt shows {big}, not a number and a secret", page=page)
    shown, secret = big
    number = re.sub(r"\D", "", shown)
    expect(
        len(number) == 11 and len(re.sub(r"\D", "", secret)) == 8,
        f"number {shown}, secret {secret}",
        page=page,
    )
    return Receipt(number, shown, secret, page.address(path=f"/case/{number}"))


def send(page: Page) -> Receipt:
    """Send from the review; then again by the old page, and the receipt once more: one request, one receipt."""
    first = page.form("/review").submit()
    receipt = read_receipt(first)
    again = page.form("/review").submit()
    expect(read_receipt(again) == receipt, "the second press on send made another request", page=again)
    back = page.browser.open(page.url)
    expect(read_receipt(back) == receipt, "going back after sending does not show the receipt", page=back)
    return receipt


def bill_on(page: Page) -> tuple[str, str]:
    """Biller code and bill number as the page gives them to copy."""
    given = [str(found.get("data-copy")) for found in page.all("//*[@data-copy]")]
    expect(len(given) == 2, f"the page gives {given} to copy, not a biller and a bill", page=page)
    return given[0], given[1]


def pay(person: Person, receipt: Receipt, city: City, steps: Steps) -> Page:
    """Wait for the bill, pay at the bank, and reload the page until the licence is there. How long that took is told,
    beside `PROMISED_S` when it was longer: a busy machine is no broken journey."""
    page = person.browser.wait(
        receipt.path, lambda seen: seen.all("//*[@data-copy]"), seconds=90, what="the bill"
    )
    page.says("رمز المفوتر", "ننتظر إشعار السداد")
    Bank(city).pay(*bill_on(page))
    began = time.monotonic()
    page = person.browser.wait(
        receipt.path, lambda seen: "إصدار الوثيقة" in seen.text and _has_file(seen), seconds=PATIENCE_S,
        what="the licence",
    )  # fmt: skip
    took = time.monotonic() - began
    late = f", and {PROMISED_S} are promised" if took > PROMISED_S else ""
    steps.note(f"{took:.1f} s from payment to licence{late}")
    return page


def _has_file(page: Page) -> bool:
    return any("/document/" in address for _, address in page.links())


def download(person: Person, page: Page, steps: Steps, name: str) -> Issued:
    """Keep the file and read its code."""
    content = person.browser.open(page.address(path="/document/")).response.content
    expect(content.startswith(b"%PDF-"), "the download is no PDF")
    file = steps.keep(f"{name}.pdf", content)
    code = papers.address_in_code(file)
    number = code.split("/v/")[1].split("/")[0]
    expect(len(number) == 12 and number.isdigit(), f"the code leads to {code}")
    return Issued(number, file, code)


def verified(city: City, issued: Issued, *, signer: str = "", begun: bool = True) -> None:
    """Anybody checks the licence: by number, by its code, by its file, and by a file with a page added."""
    visitor = Browser(city.base)
    standing = "سارية اليوم" if begun else "لم تبدأ مدة سريان الوثيقة"
    page = visitor.open("/v").form(having="number").fill(number=issued.number).submit()
    page.says(standing)
    page = visitor.open(issued.code).says(standing, *([signer] if signer else []))
    form = page.form(having="file").attach(
        "file", (issued.file.name, issued.file.read_bytes(), "application/pdf")
    )
    form.submit().says("لم يتغير فيه شيء" if begun else "الملف صحيح، لكن")
    forged = papers.with_a_page_added(issued.file.read_bytes())
    expect(papers.pages(forged) == papers.pages(issued.file.read_bytes()) + 1, "no page was added")
    form = visitor.open("/v").form(having="file").attach("file", ("forged.pdf", forged, "application/pdf"))
    form.submit().says("عُدّلت بعد التوقيع").says_not("لم يتغير فيه شيء")


_ASKED_TO_RATE = "انتهى طلبكم"


def told(catcher: Catcher, receipt: Receipt, *words: str, after: int) -> None:
    """Each of these was said once by short message and once by mail, in Arabic, and nothing else about the request.

    Being asked what one thinks of it is left aside: that goes out once the end has got about, sooner or later.
    """
    for word in words:
        for kind in ("sms", "mail"):
            catcher.wait(
                _saying(kind, word, receipt), after=after, what=f"{kind} «{word}» about {receipt.shown}"
            )
    found = [
        one
        for one in catcher.messages(after=after, limit=1000)
        if _about(one, receipt) and _ASKED_TO_RATE not in squeeze(f"{one['subject']} {one['text']}")
    ]
    seen = [(one["kind"], squeeze(one["text"])[:60]) for one in found]
    expect(
        len(found) == 2 * len(words), f"{2 * len(words)} messages were due, there are {len(found)}: {seen}"
    )
    expect(not any(one["duplicate"] for one in found), f"a message came twice: {seen}")
    expect(all(ARABIC.search(one["text"]) for one in found), f"not in Arabic: {seen}")


def _saying(kind: str, word: str, receipt: Receipt) -> Callable[[dict[str, Any]], bool]:
    return lambda one: one["kind"] == kind and _about(one, receipt) and word in _all(one)


def _all(message: dict[str, Any]) -> str:
    return squeeze(f"{message['subject']} {message['text']}")


def _about(message: dict[str, Any], receipt: Receipt) -> bool:
    text = squeeze(f"{message['subject']} {message['text']}")
    return receipt.shown in text or receipt.number in text


def tracked(city: City, receipt: Receipt, *words: str) -> None:
    """Who holds number and secret follows the request, in either kind of digits; a wrong secret tells nothing."""
    visitor = Browser(city.base)
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    page = visitor.open("/track").form(having="secret")
    page.fill(number=receipt.number.translate(arabic), secret=receipt.secret.translate(arabic)).submit().says(
        *words
    )
    wrong = f"{(int(re.sub(r'[^0-9]', '', receipt.secret)) + 1) % 100_000_000:08}"
    visitor.open("/track").form(having="secret").fill(number=receipt.number, secret=wrong).submit(status=404)
