"""Django application of the package."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    """Registers the package with Django, and every package's events, so that all are known from the start."""

    name = "diwan.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the `events` module of every application, whoever else imports it or does not."""
        autodiscover_modules("events")
