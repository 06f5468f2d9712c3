"""What may be done to the catalogue."""

from diwan.people.registry import declare_permission

MANAGE = declare_permission(
    "catalogue.manage", ar="إعداد الخدمات والقوائم والتقاويم", en="Edit services, lookups and calendars"
)
PUBLISH = declare_permission("catalogue.publish", ar="نشر الخدمات", en="Publish services")
