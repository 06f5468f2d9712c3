"""Django application of the package."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
