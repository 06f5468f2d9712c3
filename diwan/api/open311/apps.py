"""Django application of the package."""

from django.apps import AppConfig


class Open311Config(AppConfig):
    """Registers the package with Django; its addresses stand in `routes.py`."""

    name = "diwan.api.open311"
    label = "open311"
    default_auto_field = "django.db.models.BigAutoField"
