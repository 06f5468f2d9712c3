"""Django application of the package."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
