"""Django application of the module."""

from django.apps import AppConfig


class StoresConfig(AppConfig):
    """Registers the module with Django, and what the supplies of employees add to the engine."""

    name = "diwan.modules.stores"
    label = "stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the guard and the act; models must be loaded before."""
        # Imported here since models are complete only when the applications are loaded.
        from diwan.modules.stores import acts  # noqa: F401  it registers itself
        from diwan.modules.stores.screens import parts  # noqa: F401  it registers what the desk shows
