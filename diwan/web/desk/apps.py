"""Django application of the package."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.web.desk"
    label = "desk"
