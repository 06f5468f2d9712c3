"""Django application of the package."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
