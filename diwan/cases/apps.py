"""Django application of the package."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
