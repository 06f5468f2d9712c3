"""The permission that this package asks for."""

from diwan.people.registry import declare_permission

MANAGE = declare_permission(
    "webhooks.manage",
    ar="إدارة اشتراكات الشركاء في الأحداث",
    en="Manage partners' subscriptions to events",
    reserved=True,
)
