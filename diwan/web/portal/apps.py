"""Django application of the package."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.web.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"
