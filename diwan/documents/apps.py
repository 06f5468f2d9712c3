"""Django application of the package."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
