"""Django application of the package."""

from django.apps import AppConfig


class MiningConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.mining"
    label = "mining"

    def ready(self) -> None:
        """Declare the permission."""
        # Imported here since what is declared must be known once the applications are loaded.
        from diwan.mining import registry  # noqa: F401  it declares itself
