"""Permissions of reports."""

from diwan.people.registry import declare_permission

HANDLE = declare_permission("reports.handle", ar="استقبال البلاغات وتوجيهها", en="Take and send reports")
WALL = declare_permission("reports.wall", ar="شاشة متابعة البلاغات", en="See the wall of reports")
CHECK_PHOTOS = declare_permission(
    "reports.check_photos", ar="إجازة صور البلاغات للنشر", en="Check photos of reports for the public"
)
MANAGE = declare_permission(
    "reports.manage", ar="إدارة عقود البلاغات وفرقها", en="Manage contracts and crews"
)
