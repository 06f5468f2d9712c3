"""Django application of the package."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HealthConfig(AppConfig):
    """Registers the package with Django, and every package's probes."""

    name = "diwan.health"
    label = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the `probes` module of every application."""
        autodiscover_modules("probes")
