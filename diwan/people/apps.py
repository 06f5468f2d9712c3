"""Django application of the package."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
