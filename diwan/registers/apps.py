"""Django application of the package."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"
