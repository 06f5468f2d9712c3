"""Django application of the module."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Registers the acts, the guard and the papers of reports."""

    name = "diwan.modules.reports"
    label = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the workflow of reports names; models must be loaded before."""
        # Imported here since models are complete only when the applications are loaded.
        from diwan.modules.reports import acts, handlers, papers, proof, quiet, registry  # noqa: F401  they register
        from diwan.modules.reports.screens import entrances, ways_in  # noqa: F401  they register themselves
