"""Django application of the package."""

from django.apps import AppConfig


class DossierConfig(AppConfig):
    """Registers the package with Django, and its permission."""

    name = "diwan.modules.dossier"
    label = "dossier"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the permission, so that a role can hold it."""
        # Imported here since nothing else of the package is loaded before its addresses are.
        from diwan.modules.dossier import registry  # noqa: F401
