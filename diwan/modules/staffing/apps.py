"""Django application of the module."""

from django.apps import AppConfig


class StaffingConfig(AppConfig):
    """Registers the module with Django, and what the leave of employees adds to the engine."""

    name = "diwan.modules.staffing"
    label = "staffing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register acts, answers and lists; models must be loaded before."""
        # Imported here since models are complete only when the applications are loaded.
        from diwan.modules.staffing import acts, colleagues  # noqa: F401  they register themselves
        from diwan.modules.staffing.screens import parts  # noqa: F401  it registers what the desk shows
