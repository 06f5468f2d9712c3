"""Django application of the package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the package with Django, who owns the uploads of a client, and the operations of the API."""

    name = "diwan.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the owner kind of uploads that clients send ahead of an application, and the operations."""
        from diwan.api import resources, tokens  # noqa: F401  register themselves
