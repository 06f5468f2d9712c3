"""Django application of the package."""

from django.apps import AppConfig


class ApplyConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.web.apply"
    label = "apply"
