"""What the gallery shows: values for every component in both languages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

RIYADH = ZoneInfo("Asia/Riyadh")


def sample(arabic: bool) -> dict[str, Any]:
    """The context of the gallery's pages."""

    def say(ar: str, en: str) -> str:
        return ar if arabic else en

    return {
        "arabic": arabic,
        "day": date(2026, 11, 29),
        "moment": datetime(2026, 11, 21, 10, 42, tzinfo=RIYADH),
        "page_modified": date(2026, 11, 19),
        "breadcrumb": [(say("الخدمات", "Services"), "/x"), (say("رخصة محل", "Shop licence"), "")],
        "total": say("أكثر من 1,000", "more than 1,000"),
        "bill": say("سداد الفاتورة", "Pay the bill"),
        "copy": say("نسخ", "Copy"),
        "nothing": say("لا توجد طلبات بعد", "No requests yet"),
        "fees": say("الرسوم", "Fees"),
        "note": say("ملاحظة", "Note"),
        "autosave_url": "/autosave",
        **_form(say),
        **_case(say),
    }


def _form(say: Callable[[str, str], str]) -> dict[str, Any]:
    digits = say(
        "رقم الهوية ناقص خانة. أدخل الأرقام العشرة كما في البطاقة.",
        "The identity number is one digit short. Enter all ten digits.",
    )
    steps = [
        say("الموقع", "Place"),
        say("المستندات", "Documents"),
        say("المراجعة", "Check and send"),
    ]
    return {
        "errors": [("id_owner", digits)],
        "kinds": [
            ("own", say("لي شخصيا", "For myself"), ""),
            (
                "shop",
                say("لمنشأتي", "For my establishment"),
                say("السجل التجاري مطلوب", "The commercial register is needed"),
            ),
        ],
        "districts": [("1", say("حي النخيل", "An Nakhil")), ("2", say("حي الواحة", "Al Waha"))],
        "steps": [(say("المنشأة", "Establishment"), "/x"), *steps],
        "files": [
            {
                "name": "عقد-الإيجار-2026.pdf",
                "size": 1_200_000,
                "url": "/x",
                "remove_url": "/x",
                "id": "1",
            }
        ],
    }


def _case(say: Callable[[str, str], str]) -> dict[str, Any]:
    picture = "/static/ui/mark.svg"
    return {
        "answers": [
            {
                "label": say("المساحة", "Area"),
                "value": say("45 م²", "45 m²"),
                "was": say("40 م²", "40 m²"),
                "change_url": "/x",
            },
            {
                "label": say("الاسم التجاري", "Trade name"),
                "value": say("مخبز الواحة الذهبية للمعجنات والحلويات الشرقية", "Golden Oasis Bakery"),
                "change_url": "/x",
            },
        ],
        "entries": [
            {
                "what": say("بانتظار الدفاع المدني", "Waiting for civil defence"),
                "when": datetime(2026, 11, 21, 10, 42, tzinfo=RIYADH),
                "who": say("عند: الدفاع المدني", "With: civil defence"),
                "now": True,
            },
            {
                "what": say("تم استلام الطلب", "The request was received"),
                "when": datetime(2026, 11, 19, 7, 5, tzinfo=RIYADH),
                "note": say("المستندات مكتملة", "All documents are there"),
            },
        ],
        "rows": [
            _row(
                "260 0000 0015", say("رخصة محل", "Shop licence"), "error", say("متأخر يومين", "2 days late")
            ),
            _row("260 0000 0023", say("رخصة لوحة", "Sign licence"), "warning", say("اليوم", "Today")),
            _row(
                "260 0000 0031",
                say("تجديد رخصة", "Licence renewal"),
                "info",
                say("عاد من المستفيد", "Came back"),
            ),
        ],
        "papers": [
            {"id": "1", "title": say("عقد الإيجار", "Lease"), "url": picture, "kind": "image", "new": True},
            {"id": "2", "title": say("الصك", "Deed"), "url": f"{picture}?2", "kind": "image"},
        ],
    }


def _row(number: str, service: str, kind: str, state: str) -> dict[str, str]:
    return {"number": number, "service": service, "kind": kind, "state": state}
