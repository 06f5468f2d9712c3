"""Django application of the package."""

from django.apps import AppConfig


class SigninConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.web.signin"
    label = "signin"
