"""Django application of the package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the package with Django and who owns the uploads of a client."""

    name = "diwan.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the owner kind of uploads that clients send ahead of an application."""
        from diwan.api import tokens  # noqa: F401  registers itself
