"""Django application of the package."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.forms"
    label = "forms"
    default_auto_field = "django.db.models.BigAutoField"
