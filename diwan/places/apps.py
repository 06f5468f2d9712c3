"""Django application of the package."""

from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"
