"""Made-up contents of printed documents."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

CREATED = dt.datetime(2026, 11, 21, 10, 42, tzinfo=dt.UTC)


def _row(ar: str, en: str, value: Any) -> dict[str, Any]:
    return {"label": {"ar": ar, "en": en}, "value": value}


LICENCE: dict[str, Any] = {
    "organisation": {"ar": "أمانة محافظة الواحة", "en": "Al Wahah Municipality"},
    "municipality": {"ar": "بلدية النخيل الفرعية", "en": "An Nakheel Sub-Municipality"},
    "title": {"ar": "رخصة نشاط تجاري", "en": "Commercial Activity Licence"},
    "number": "101260000417",
    "case_number": "26000004178",
    "issued": {"h": "1448/06/11", "g": "2026/11/21"},
    "valid_from": {"h": "1448/06/11", "g": "2026/11/21"},
    "valid_to": {"h": "1449/06/22", "g": "2027/11/20"},
    "sections": [
        {
            "title": {"ar": "صاحب الرخصة", "en": "Licence holder"},
            "rows": [
                _row(
                    "المرخص له",
                    "Holder",
                    {
                        "ar": "مؤسسة عبدالرحمن بن سعد القحطاني للتجارة",
                        "en": "Abdulrahman Saad Al-Qahtani Trading Est.",
                    },
                ),
                _row("رقم السجل التجاري", "CR number", {"ltr": "1010123456"}),
                _row("الرقم الموحد للمنشأة", "Unified number", {"ltr": "7001234567"}),
                _row(
                    "الاسم التجاري",
                    "Trade name",
                    {"ar": "مطعم ليالي الواحة", "en": "Layali Al Wahah Restaurant"},
                ),
            ],
        },
        {
            "title": {"ar": "الموقع واللوحة", "en": "Premises and sign"},
            "rows": [
                _row(
                    "العنوان",
                    "Address",
                    {
                        "ar": "حي الروضة، شارع الأمير سلطان، مبنى 3417، وحدة 12",
                        "en": "Ar Rawdah, Prince Sultan St., Building 3417, Unit 12",
                    },
                ),
                _row("العنوان الوطني", "Short address", {"ltr": "RRRD2929"}),
                _row("المساحة", "Area", {"ar": "120 م²", "en": "120 m²"}),
                _row(
                    "اللوحة",
                    "Sign",
                    {"ar": "مضيئة، 4.00 × 1.20 م (4.80 م²)", "en": "Lit, 4.00 × 1.20 m (4.80 m²)"},
                ),
            ],
        },
    ],
    "activities": [
        {
            "code": "561011",
            "name": {"ar": "المطاعم مع الخدمة", "en": "Restaurants with service"},
            "main": True,
        },
        {
            "code": "561022",
            "name": {"ar": "تجهيز الوجبات الخارجية", "en": "Catering of take-away meals"},
            "main": False,
        },
    ],
    "conditions": [
        {
            "ar": "تعلق هذه الرخصة في مكان ظاهر داخل المحل.",
            "en": "This licence is displayed where visitors can see it.",
        },
        {
            "ar": "يلغى الترخيص إذا لم يبدأ النشاط خلال 12 شهرا من تاريخ الإصدار.",
            "en": "It may be revoked if the activity does not start within 12 months of issue.",
        },
        {
            "ar": "لا يجوز تغيير النشاط أو المساحة أو المالك إلا بطلب معتمد.",
            "en": "Activity, area and owner change only through an approved request.",
        },
    ],
    "why": [
        {
            "ar": "السجل التجاري 1010123456 نشط ومطابق للمالك (تحقق آلي 2026/11/15).",
            "en": "Commercial register 1010123456 is active and matches the owner (checked 2026/11/15).",
        },
        {
            "ar": "المساحة 120 م² ضمن حد النشاط (50 م² فأكثر): المادة 7/2.",
            "en": "Area 120 m² is within the activity's limit (50 m² or more): article 7/2.",
        },
    ],
    "approver": {
        "name": {"ar": "م. فهد بن ناصر العتيبي", "en": "Eng. Fahd Nasser Al-Otaibi"},
        "title": {"ar": "رئيس بلدية النخيل الفرعية", "en": "Head of An Nakheel Sub-Municipality"},
        "capacity": None,
        "at": {"h": "1448/06/10", "g": "2026/11/20", "time": "11:35"},
    },
    "authority": {"ar": "", "en": ""},
    "signature_note": {
        "ar": "وثيقة موقعة إلكترونيا ومختومة بختم الأمانة، ولا تحتاج إلى توقيع أو ختم يدوي.",
        "en": "Electronically signed and sealed; no handwritten signature or stamp is needed.",
    },
    "verify_url": "https://diwan.example.gov.sa/v/101260000417/4f1c9a7be2d84c33a1d05be6c7f90812",
    "verify_host": "diwan.example.gov.sa/v",
    "card": {
        "name": {"ar": "مطعم ليالي الواحة", "en": "Layali Al Wahah Restaurant"},
        "activity": {"ar": "المطاعم مع الخدمة", "en": "Restaurants with service"},
        "place": {"ar": "حي الروضة، شارع الأمير سلطان", "en": "Ar Rawdah, Prince Sultan St."},
        "note": {"ar": "النسخة المعتمدة هي الملف الإلكتروني الموقع."},
    },
    "watermark": ["بيانات تجريبية", "DEMO DATA"],
}


def licence(**changes: Any) -> dict[str, Any]:
    """A shop licence with approvals, complete."""
    return copy.deepcopy(LICENCE) | changes


def _office() -> dict[str, Any]:
    keep = licence()
    return {key: keep[key] for key in ("organisation", "municipality", "watermark")} | {
        "service": {"ar": "رخصة نشاط تجاري (غير فورية)", "en": "Shop licence with approvals"},
        "telephone": "940",
        "track_host": "diwan.example.gov.sa/t",
        "verify_url": "https://diwan.example.gov.sa/t/26000004178",
        "case_number": "26000004178",
        "barcode": "26000004178",
        "served_by": "استقبل الطلب: نورة الحربي، موظف استقبال، مركز خدمة النخيل",
    }


def receipt(**changes: Any) -> dict[str, Any]:
    """The receipt of a request, for A4 and for 80 mm paper."""
    return (
        _office()
        | {
            "title": {"ar": "إيصال استلام طلب", "en": "Receipt of request"},
            "secret": "40718823",
            "applicant": {"ar": "عبدالرحمن بن سعد القحطاني", "en": "Abdulrahman Saad Al-Qahtani"},
            "received": {"h": "1448/06/11", "g": "2026/11/21", "time": "10:42"},
            "expected": {"ar": "الأحد 1448/06/19هـ (29 نوفمبر 2026م)", "en": "Sunday 29 November 2026"},
            "stage": {"ar": "الطلب عند موظف التراخيص", "en": "Your request is with the licensing officer"},
            "documents": [
                {"ar": "عقد الإيجار", "en": "Lease contract"},
                {"ar": "تصميم اللوحة من مكتب معتمد", "en": "Sign design from an approved office"},
            ],
        }
        | changes
    )


receipt_80mm = receipt


def bill(**changes: Any) -> dict[str, Any]:
    """A bill of two lines."""
    return (
        _office()
        | {
            "title": {"ar": "فاتورة سداد", "en": "Bill"},
            "biller": "117",
            "bill_number": "2600000091",
            "barcode": "2600000091",
            "payer": {
                "ar": "مؤسسة عبدالرحمن بن سعد القحطاني للتجارة",
                "en": "Abdulrahman Saad Al-Qahtani Trading Est.",
            },
            "expires": {"h": "1448/06/25", "g": "2026/12/05", "time": "23:59"},
            "lines": [
                {
                    "name": {"ar": "رسم النشاط", "en": "Activity fee"},
                    "why": {"ar": "120 م² × 12.00 ريال × 1 سنة", "en": "120 m² × SAR 12.00 × 1 year"},
                    "amount": "1,440.00",
                },
                {
                    "name": {"ar": "رسم اللوحة", "en": "Sign fee"},
                    "why": {"ar": "4.80 م² × 100.00 ريال × 1 سنة", "en": "4.80 m² × SAR 100.00 × 1 year"},
                    "amount": "480.00",
                },
            ],
            "total": "1,920.00",
            "total_words": "ألف وتسعمئة وعشرون ريالا فقط لا غير",
            "how_to_pay": {
                "ar": "من تطبيق البنك: المدفوعات، رمز المفوتر ثم رقم الفاتورة. يصل إشعار السداد عادة خلال دقائق.",
                "en": "In the bank's app: payments, biller code, bill number. The notice usually arrives in minutes.",
            },
        }
        | changes
    )


def slip(**changes: Any) -> dict[str, Any]:
    """A list of missing papers."""
    return (
        _office()
        | {
            "title": {"ar": "المطلوب لاستكمال الطلب", "en": "Still needed"},
            "missing": [
                {
                    "ar": "عقد إيجار ساري وموثق",
                    "en": "A valid registered lease",
                    "note": "العقد المرفق انتهى في 2026/10/30",
                },
                {"ar": "تصميم اللوحة", "en": "Sign design"},
            ],
        }
        | changes
    )
