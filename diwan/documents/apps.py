"""Django application of the package."""

from django.apps import AppConfig
from django.conf import settings

from diwan.documents.checking import CHECKER


class DocumentsConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bound the judging of strangers' files as the settings say."""
        config = settings.DIWAN
        CHECKER.limit(
            at_once=config.verify_at_once, seconds=config.verify_milliseconds / 1000,
            memory=config.verify_memory_mb * 1024 * 1024,
        )  # fmt: skip
