"""Every permission there is. A role may hold only declared codes; screens and actions ask `Actor.can(code)`.

A package above declares its own beside what needs it: `declare_permission("lands.grant", ar=..., en=...)`.
"""

import re
from dataclasses import dataclass

_CODE = re.compile(r"[a-z]+\.[a-z_]+")
_declared: dict[str, "Permission"] = {}


@dataclass(frozen=True, slots=True)
class Permission:
    """A code with its meaning in both languages; `reserved` powers never pass to a delegate (domain 5.2, rule 3)."""

    code: str
    ar: str
    en: str
    reserved: bool = False


def declare_permission(code: str, *, ar: str, en: str, reserved: bool = False) -> str:
    """Declare a permission and return its code. The same code twice with other texts is a fault of the program."""
    made = Permission(code=code, ar=ar, en=en, reserved=reserved)
    if not _CODE.fullmatch(code):
        raise ValueError(f"a permission is named package.power, not {code!r}")
    if not ar or not en:
        raise ValueError(f"{code} needs a text in both languages")
    if _declared.setdefault(code, made) != made:
        raise ValueError(f"{code} is declared twice, differently")
    return code


def permissions() -> dict[str, Permission]:
    """Every declared permission by code."""
    return dict(sorted(_declared.items()))


def is_declared(code: str) -> bool:
    """Whether a code was declared."""
    return code in _declared


def lendable(codes: frozenset[str]) -> frozenset[str]:
    """The codes that a delegate may use: all but the reserved ones."""
    return frozenset(code for code in codes if code in _declared and not _declared[code].reserved)


MANAGE_PEOPLE = declare_permission(
    "people.manage", ar="إدارة الحسابات والوظائف", en="Manage accounts and posts", reserved=True
)
DELEGATE = declare_permission(
    "people.delegate", ar="تفويض صلاحيات الوظيفة", en="Delegate the post's powers", reserved=True
)
RESET_SECOND_FACTOR = declare_permission(
    "people.reset_totp",
    ar="إعادة ضبط رمز التحقق لموظف",
    en="Reset an employee's second factor",
    reserved=True,
)
VIEW_HEALTH = declare_permission(
    "health.view", ar="الاطلاع على حالة النظام", en="See the state of the system"
)
READ_AUDIT = declare_permission(
    "audit.read", ar="الاطلاع على سجل التدقيق", en="Read the audit log", reserved=True
)
ACT = declare_permission("cases.act", ar="إنجاز مهام المعاملات", en="Act on cases")
ASSIGN = declare_permission("cases.assign", ar="توزيع المهام على الموظفين", en="Assign tasks to officers")
FILE = declare_permission("cases.file", ar="تقديم طلب نيابة عن مراجع", en="File an application for a visitor")
READ_MUNICIPALITY = declare_permission(
    "cases.read_municipality", ar="الاطلاع على معاملات البلدية", en="Read the municipality's cases"
)
READ_ALL_CASES = declare_permission("cases.read_all", ar="الاطلاع على جميع المعاملات", en="Read every case")
CANCEL = declare_permission("cases.cancel", ar="إلغاء معاملة", en="Cancel a case")
REOPEN = declare_permission("cases.reopen", ar="إعادة فتح معاملة", en="Reopen a case")
SIGN = declare_permission("documents.sign", ar="اعتماد الوثائق وتوقيعها", en="Approve and sign documents")
REVOKE_DOCUMENT = declare_permission(
    "documents.revoke", ar="إلغاء وثيقة صادرة", en="Revoke an issued document"
)
READ_PAYMENTS = declare_permission(
    "payments.read", ar="الاطلاع على الفواتير والإشعارات", en="Read bills and notices"
)
SETTLE_PAYMENTS = declare_permission(
    "payments.settle", ar="معالجة إشعارات السداد المعلقة", en="Settle payment notices"
)
VOID_BILL = declare_permission("payments.void", ar="إلغاء فاتورة", en="Void a bill")
EDIT_CATALOGUE = declare_permission("catalogue.edit", ar="تحرير الخدمات", en="Edit services")
PUBLISH_CATALOGUE = declare_permission(
    "catalogue.publish", ar="نشر الخدمات", en="Publish services", reserved=True
)
READ_NUMBERS = declare_permission("numbers.read", ar="الاطلاع على المؤشرات", en="Read the indicators")
