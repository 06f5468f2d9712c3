"""Django application of the package."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Register handlers of events."""
        from diwan.jobs import handlers  # noqa: F401  models must be loaded before handlers are
