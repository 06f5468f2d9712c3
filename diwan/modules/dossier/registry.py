"""The power to take the whole file of a case or licence out of the house."""

from diwan.people.registry import declare_permission

MAY_MAKE = declare_permission(
    "dossier.make", ar="إصدار ملف معاملة أو رخصة كاملا", en="Make the whole file of a case or licence"
)
