"""Django application of the package."""

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.web.counter"
    label = "counter"

    def ready(self) -> None:
        """Let signed consents be kept as papers of a slip."""
        from diwan.web.counter import papers  # noqa: F401  models exist only after the applications are loaded
