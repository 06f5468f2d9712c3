"""Django application of the package."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"
