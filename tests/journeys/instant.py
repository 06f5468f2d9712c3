"""W1: the instant licence, from the search to the sealed file, with no human but its owner."""

from tests.journeys import applying, following, papers
from tests.journeys.applying import Answers, Found
from tests.journeys.city import Cast, Person
from tests.journeys.steps import Steps, expect

SLUG = "shop-licence-instant"
SHOP = "مشغل غرزة مريم"


def walk(cast: Cast, steps: Steps) -> None:
    """The whole of it. Raises Broken."""
    city, catcher = cast.city, cast.catcher
    after = catcher.last()
    maryam = cast.person("maryam")
    with steps.step("maryam", "finds the licence by «رخصه محل» and reads its card"):
        _finds(maryam)
    with steps.step("maryam", "calculates the fee for 40 m², line by line"):
        _calculates(maryam)
    with steps.step("maryam", "signs in with her iqama in Arabic digits and the code from the message"):
        maryam.sign_in(catcher, login="٢١٢٣٤٥٦٧٨٨", next_path=f"/services/{SLUG}")
    answers = Answers(
        applying.shop(activities=Found("خياطة", "952902")), {"facade": [applying.photo("الواجهة")]}
    )
    with steps.step("maryam", "applies for her shop, and closes the browser at the third page"):
        page = applying.fill(applying.begin(maryam, SLUG, name=SHOP), answers, stop_before="right")
        left = page.url
        maryam.browser.close_and_reopen()
    with steps.step("maryam", "opens it again: the draft waits at the third page"):
        page = maryam.browser.open("/my").click(path=left.split("/p/")[0].removeprefix(city.base))
        expect(page.url == left, f"the draft waits at {page.url}, not at {left}", page=page)
    with steps.step("maryam", "answers the rest and sees the lamp"):
        page = applying.fill(page, answers).says("سيقبل الطلب كما هو", "الإجمالي")
    with steps.step("maryam", "sends twice: one request, one receipt"):
        receipt = following.send(page)
    steps.note(f"request {receipt.shown}")
    with steps.step("maryam", "pays at her bank; the licence is there"):
        page = following.pay(maryam, receipt, city, steps)
    with steps.step("maryam", "downloads the sealed licence"):
        issued = following.download(maryam, page, steps, f"instant-{receipt.number}")
        page.says("سند القبض", "تقديم الطلب", "إصدار الوثيقة", "هـ", "م")
    with steps.step("anybody", "checks it: pdfsig, the number, the code, the file, a file with a page added"):
        names = papers.expect_valid(issued.file, papers.trusting(city.authority, steps.folder / "trust"))
        following.verified(city, issued)
    steps.note(f"licence {issued.number}, sealed by {names}")
    with steps.step("anybody", "follows the request by number and secret"):
        following.tracked(city, receipt, "صدرت رخصتكم")
    with steps.step("maryam", "was told once each by message and mail: received, bill, issued"):
        following.told(catcher, receipt, "تم استلام طلبكم", "فاتورة بمبلغ", "تم إصدار رخصة", after=after)


def _finds(maryam: Person) -> None:
    page = maryam.browser.open("/")
    expect(page.language == ("ar", "rtl"), f"the first page is in {page.language}", page=page)
    stamp = page.text.index("الموقع الرسمي")
    expect(stamp < page.text.index("ديوان"), "the official stamp is not first", page=page)
    page = page.form("/search").fill(q="رخصه محل").submit()
    first = next(address for _, address in page.links() if "/services/" in address and "?" not in address)
    expect(first.endswith(f"/services/{SLUG}"), f"the first hit is {first}", page=page)
    page = maryam.browser.open(first)
    page.says(
        "ما الذي تحصلون عليه",
        "كم الرسم",
        "فوري بعد السداد",
        "الخطوات",
        "صورة الواجهة من الشارع",
        "هذا الموقع",
    )


def _calculates(maryam: Person) -> None:
    page = maryam.browser.open(f"/services/{SLUG}")
    page = page.form(having="calculate").set({"activities-find": "خياطة"}).submit("activities")
    form = page.form(having="calculate")
    form.fill(activities=["952902"], area_m2="٤٠", has_sign="no", cleaning="fee", years="1", wants_card="no")
    form.set({"town": next(iter(form.options("town")))})
    page = form.submit("حساب الرسم")
    page.says("40 م² × 6.50", "الإجمالي", "560.00")
