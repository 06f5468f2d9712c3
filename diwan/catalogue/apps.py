"""Django application of the package."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
