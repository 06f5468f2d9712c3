"""Django application of the package."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Registers the module with Django, what it does when cases end, and what its messages say."""

    name = "diwan.modules.ratings"
    label = "ratings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register handlers and texts; models must be loaded before."""
        # Imported here since models are complete only when the applications are loaded.
        from diwan.modules.ratings import handlers, telling  # noqa: F401  they register themselves
