"""Django application of the package."""

from django.apps import AppConfig


class SandboxConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.sandbox"
    label = "sandbox"
