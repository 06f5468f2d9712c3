"""The bank: anyone pays a bill by biller and number. And the page with switches, bills and notices."""

from pathlib import Path
from typing import Any

from aiohttp import web

from peers.base import guard
from peers.base.control import STATES
from peers.base.server import bad_request, read_object
from peers.base.texts import environment, language, page
from peers.payments.faults import FAULTS
from peers.payments.ledger import Bill
from peers.payments.service import Gateway, NotPayable

ENV = environment(Path(__file__).parent / "templates")
NAMES = {"gateway": ("بوابة الفواتير", "Bill gateway"), "bank": ("صفحة البنك", "Bank page")}
MESSAGES = {
    "unknown_bill": (
        "لا توجد فاتورة بهذا الرقم لدى هذا المفوتر. راجع الرقمين كما وصلا إليك.",
        "There is no bill with this number at this biller. Check both numbers.",
    ),
    "paid_already": ("هذه الفاتورة مسددة من قبل.", "This bill is paid already."),
    "expired": ("انتهت مهلة سداد هذه الفاتورة.", "The time to pay this bill has passed."),
}
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def money(halalas: int) -> str:
    """`1234567` as `12,345.67`."""
    return f"{halalas // 100:,}.{halalas % 100:02}"


def _clean(value: object) -> str:
    return "".join(str(value or "").translate(DIGITS).split())


class Bank:
    """Handlers of the bank's pages."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def home(self, request: web.Request) -> web.Response:
        """`GET /`: switches, latest bills, notices."""
        return page(
            request,
            ENV,
            "gateway.html",
            switches=self._gateway.board.all(),
            names=NAMES,
            states=STATES,
            faults=FAULTS,
            standing=self._gateway.faults.on,
            bills=self._gateway.ledger.latest(),
            notices=self._gateway.postman.listing(limit=40),
            money=money,
        )

    async def form(self, request: web.Request) -> web.Response:
        """`GET /bank?biller_code=&bill_number=`: look a bill up and see what is due."""
        await self._gateway.board.gate("bank", request)
        biller, number = _clean(request.query.get("biller_code")), _clean(request.query.get("bill_number"))
        bill = self._gateway.ledger.find(biller, number) if biller and number else None
        code = "unknown_bill" if biller and number and bill is None else ""
        return self._page(request, bill=bill, biller=biller, number=number, code=code)

    async def pay(self, request: web.Request) -> web.Response:
        """`POST /bank/pay` by form or JSON: `biller_code`, `bill_number`, optional `fault` names."""
        await self._gateway.board.gate("bank", request)
        as_json = request.content_type == "application/json"
        biller, number, faults = await self._read(request, as_json)
        bill = self._gateway.ledger.find(biller, number)
        code, payments = "unknown_bill", []
        if bill is not None:
            try:
                payments, code = self._gateway.pay(bill, asked_faults=faults), ""
            except NotPayable as error:
                code = error.code
        if as_json:
            if code:
                return web.json_response({"error": code}, status=404 if bill is None else 409)
            return web.json_response({"payments": [payment.as_json() for payment in payments]})
        if code:
            return self._page(request, bill=bill, biller=biller, number=number, code=code)
        raise web.HTTPSeeOther(
            f"/bank/paid?lang={language(request)}&biller_code={biller}&bill_number={number}"
        )

    async def paid(self, request: web.Request) -> web.Response:
        """`GET /bank/paid`: what the payer sees afterwards."""
        bill = self._gateway.ledger.find(
            _clean(request.query.get("biller_code")), _clean(request.query.get("bill_number"))
        )
        if bill is None or not bill.paid_count:
            raise web.HTTPSeeOther(f"/bank?lang={language(request)}")
        return page(request, ENV, "paid.html", bill=bill, money=money)

    async def _read(self, request: web.Request, as_json: bool) -> tuple[str, str, list[str]]:
        if as_json:
            body = await read_object(request)
            faults = body.get("faults", [])
            return (
                _clean(body.get("biller_code")),
                _clean(body.get("bill_number")),
                [str(name) for name in faults] if isinstance(faults, list) else [],
            )
        form = await request.post()
        return (
            _clean(form.get("biller_code")),
            _clean(form.get("bill_number")),
            [str(name) for name in form.getall("fault", []) if name],
        )

    def _page(
        self, request: web.Request, *, bill: Bill | None, biller: str, number: str, code: str
    ) -> web.Response:
        message = MESSAGES[code][1 if language(request) == "en" else 0] if code else ""
        return page(
            request,
            ENV,
            "bank.html",
            status=422 if code else 200,
            bill=bill,
            biller=biller,
            number=number,
            message=message,
            money=money,
            faults=FAULTS,
        )


def add_pages(app: web.Application, gateway: Gateway) -> None:
    """Add the pages and the JSON control of faults, notices and the notice address."""
    bank = Bank(gateway)

    def facts() -> dict[str, Any]:
        return {"faults": sorted(gateway.faults.on), "known": list(FAULTS), "notice_url": gateway.notice_url}

    async def show(request: web.Request) -> web.Response:
        return web.json_response(facts())

    async def put(request: web.Request) -> web.Response:
        body = await read_object(request)
        try:
            gateway.faults.set([str(name) for name in body.get("faults", sorted(gateway.faults.on))])
        except KeyError as error:
            raise bad_request("unknown_fault", fault=str(error.args[0])) from None
        url = body.get("notice_url", gateway.notice_url)
        if url and (not isinstance(url, str) or not guard.is_loopback_url(url)):
            raise bad_request("notice_url_must_be_on_loopback")
        gateway.notice_url = url
        return web.json_response(facts())

    async def form(request: web.Request) -> web.Response:
        data = await request.post()
        gateway.faults.set([str(name) for name in data.getall("fault", []) if name in FAULTS])
        raise web.HTTPSeeOther(f"/?lang={language(request)}")

    async def notices(request: web.Request) -> web.Response:
        return web.json_response({"notices": gateway.postman.listing(subject=request.query.get("bill"))})

    app.router.add_get("/", bank.home)
    app.router.add_get("/bank", bank.form)
    app.router.add_post("/bank/pay", bank.pay)
    app.router.add_get("/bank/paid", bank.paid)
    app.router.add_get("/control/payments", show)
    app.router.add_put("/control/payments", put)
    app.router.add_get("/control/notices", notices)
    app.router.add_post("/faults", form)
