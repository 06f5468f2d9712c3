"""Django application of the interface foundation."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Holds templates, template tags and static files; it has no models."""

    name = "diwan.ui"
    label = "ui"
