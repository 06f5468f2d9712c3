"""Django application of the package."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
