"""W2: a restaurant of high risk, from its owner over two outside bodies, the inspector, a return and three desks."""

from tests.journeys import applying, desk, following, outsiders, papers
from tests.journeys.applying import Answers, Found
from tests.journeys.browser import Page
from tests.journeys.city import Cast, Person, Registers
from tests.journeys.following import Receipt
from tests.journeys.steps import Steps, expect

SLUG = "shop-licence-with-approvals"
SHOP = "مطعم صياد المرسى"
HEAD = "رئيس بلدية الميناء"
BODIES = ("civil_defence_requests", "supervising_body_requests")
REMARKS = {"unit_no": "رقم الوحدة لا يطابق العقد.", "facade": "الصورة لا تظهر مكان اللوحة."}


def walk(cast: Cast, steps: Steps) -> None:
    """The whole of it. Raises Broken."""
    registers = Registers(cast.city)
    for body in BODIES:
        registers.switch(body, "silent")
    try:
        _Walk(cast, steps).whole()
    finally:
        for body in BODIES:
            registers.switch(body, "up")


class _Walk:
    """One restaurant's way; the people keep their browsers open."""

    def __init__(self, cast: Cast, steps: Steps) -> None:
        self.cast = cast
        self.city = cast.city
        self.steps = steps
        self.after = cast.catcher.last()
        self.salem = cast.person("salem")
        self.receipt: Receipt

    def whole(self) -> None:
        """Step after step."""
        self.receipt = self._applied()
        self._bodies()
        self._visit()
        fahad = self._returned()
        self._completed()
        self._reviewed_again(fahad)
        self._approved()
        self._issued()

    def _applied(self) -> Receipt:
        with self.steps.step("salem", "signs in by a code and begins; the browser is closed at the papers"):
            self.salem.sign_in(self.cast.catcher)
            answers = Answers(
                applying.shop(
                    activities=Found("مطعم", "561011"), area_m2="٢٢٠", workers="8",
                    safety_mechanism="permit", safety_reference="",
                ),
                {"facade": [applying.photo("الواجهة")], "inside": [applying.photo("الصالة"), applying.photo("المطبخ")],
                 "lease_paper": [applying.pdf("العقد")]},
            )  # fmt: skip
            page = applying.fill(applying.begin(self.salem, SLUG, name=SHOP), answers, stop_before="papers")
            left = page.url
            self.salem.browser.close_and_reopen()
        with self.steps.step("salem", "opens it again, uploads photos and a scan, and sees the lamp"):
            page = self.salem.browser.open("/my").click(
                path=left.split("/p/")[0].removeprefix(self.city.base)
            )
            expect(page.url == left, f"the draft waits at {page.url}, not at {left}", page=page)
            page = applying.fill(page, answers)
            page.says(
                "يمكن إرسال الطلب، ويحتاج إلى موافقة", "اعتماد رئيس البلدية", "الدفاع المدني", "3,620.00"
            )
        with self.steps.step("salem", "sends twice: one request, one receipt"):
            receipt = following.send(page)
        self.steps.note(f"request {receipt.shown}")
        return receipt

    def _bodies(self) -> None:
        with self.steps.step("fda.hind", "finds the request on her body's desk and approves"):
            hind = self.cast.signed_in("fda.hind")
            page = desk.open_case(hind, self.receipt)
            desk.done(desk.act(page, "approve", note="لا مانع لدينا."), self.receipt)
        with self.steps.step("registers", "the Civil Defence answers out of its own system"):
            Registers(self.city).answer("civil_defence", self.receipt.number, "approved")

    def _visit(self) -> None:
        with self.steps.step("khalid", "finds the visit, answers the checklist and passes the shop"):
            khalid = self.cast.signed_in("khalid")
            page = desk.open_case(khalid, self.receipt)
            form = page.form("/act")
            items = [name for name in form.names() if name.startswith("item.")]
            expect(len(items) >= 5, f"the checklist has {len(items)} items", page=page)
            desk.act(page, "passed", more={items[0]: "met"}, status=422).says("لم")
            desk.done(
                desk.act(page, "passed", note="المحل مطابق.", more=dict.fromkeys(items, "met")), self.receipt
            )

    def _returned(self) -> Person:
        fahad = self.cast.person("fahad")
        with self.steps.step("fahad", "opens it with papers beside the answers, and returns two fields"):
            fahad.sign_in(self.cast.catcher)
            page = desk.open_case(fahad, self.receipt)
            page.says(SHOP, "لا مانع لدينا.", "المحل مطابق.")
            expect(
                page.all("//a[contains(@href, '/desk/paper/')]"), "no papers beside the answers", page=page
            )
            filled: dict[str, str] = {}
            for field, words in REMARKS.items():
                filled |= {**desk.reason(page, field, "RSN-02"), f"words.{field}": words}
            desk.done(desk.act(page, "return", more=filled), self.receipt)
        return fahad

    def _completed(self) -> None:
        with self.steps.step("salem", "sees exactly the two fields, the time stopped, «عندكم»"):
            page = self.salem.browser.open(self.receipt.path)
            page.says("عندكم", *REMARKS.values(), "المدة متوقفة")
            asked = page.all("//form[contains(@action, '/complete')]/preceding-sibling::ul/li")
            expect(len(asked) == 2, f"{len(asked)} things are asked", page=page)
        with self.steps.step("salem", "completes both and sends again, twice"):
            page = page.form("/complete").submit()
            answers = Answers({"unit_no": "9"}, {"facade": [applying.photo("الواجهة مع اللوحة")]})
            page = applying.fill(page, answers)
            sent = page.form("/review").submit().says_not("عندكم. نحتاج")
            expect(sent.path.endswith(self.receipt.number), f"sent leads to {sent.path}", page=sent)
            page.form("/review").submit().says_not("عندكم. نحتاج")

    def _reviewed_again(self, fahad: Person) -> None:
        with self.steps.step("fahad", "gets it back himself, with the two changes marked, and recommends"):
            page = desk.open_case(fahad, self.receipt, of="mine")
            changed = page.all("//table[contains(@class, 'changes')]//tbody/tr")
            expect(len(changed) == 2, f"{len(changed)} changes are marked", page=page)
            desk.done(desk.act(page, "recommend", note="مستوف."), self.receipt)

    def _approved(self) -> None:
        with self.steps.step("nora", "the section head recommends"):
            nora = self.cast.signed_in("nora")
            desk.done(desk.act(desk.open_case(nora, self.receipt), "recommend"), self.receipt)
        abdulaziz = self.cast.person("abdulaziz")
        with self.steps.step(
            "abdulaziz", "the head of the municipality reads one page and is asked for a fresh code"
        ):
            abdulaziz.sign_in(self.cast.catcher)
            page = desk.open_case(abdulaziz, self.receipt)
            page.says("فهد", "نورة", SHOP)
            refused = desk.act(page, "approve", status=422)
        with self.steps.step("abdulaziz", "steps up once and approves"):
            code = abdulaziz.fresh_code()
            desk.done(desk.act(refused, "approve", more={"code": code}), self.receipt)

    def _issued(self) -> None:
        with self.steps.step("salem", "pays at his bank; the licence is there"):
            page = following.pay(self.salem, self.receipt, self.city, self.steps)
        with self.steps.step("salem", "downloads the signed licence, and its file of who did what and when"):
            issued = following.download(self.salem, page, self.steps, f"restaurant-{self.receipt.number}")
            self._timeline(page)
        with self.steps.step(
            "anybody", "checks it: pdfsig, the number, the code, the file, a file with a page added"
        ):
            database = papers.trusting(self.city.authority, self.steps.folder / "trust")
            names = papers.expect_valid(issued.file, database, signer=HEAD)
            following.verified(self.city, issued, signer=HEAD)
        self.steps.note(f"licence {issued.number}, signed by {names}")
        with self.steps.step(
            "others", "another owner, another municipality, nobody: as if it had never existed"
        ):
            outsiders.refused(self.cast, self.receipt, issued, page.address(path="/document/"))
        with self.steps.step("anybody", "follows the request by number and secret"):
            following.tracked(self.city, self.receipt, "صدرت رخصتكم")
        with self.steps.step("salem", "was told once each by message and mail"):
            words = ("تم استلام طلبكم", "زيارة", "استكمال", "فاتورة بمبلغ", "تم إصدار رخصة")
            following.told(self.cast.catcher, self.receipt, *words, after=self.after)

    def _timeline(self, page: Page) -> None:
        page.says("سند القبض", "هـ", "م", HEAD)
