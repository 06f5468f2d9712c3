"""The powers over documents and certificates."""

from diwan.people.registry import REVOKE_DOCUMENT, declare_permission

MAY_REVOKE = REVOKE_DOCUMENT
MAY_VOID = declare_permission(
    "documents.void", ar="إبطال رقم وثيقة لم تصدر", en="Void the number of a document never issued"
)
MAY_MANAGE_CERTIFICATES = declare_permission(
    "documents.certificates",
    ar="إدارة شهادات التوقيع والختم",
    en="Manage certificates of signature and seal",
    reserved=True,
)
