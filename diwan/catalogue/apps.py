"""Django application of the package."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the package with Django under its short label, and its packages with the signer."""

    name = "diwan.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what of the catalogue the seal may be set under; models must be loaded before."""
        from diwan.catalogue import bundle  # noqa: F401  it registers itself
