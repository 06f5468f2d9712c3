"""Django application of the package."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Registers the package with Django under its short label, and its permission."""

    name = "diwan.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the permission, whoever else imports it or does not."""
        from diwan.webhooks import registry  # noqa: F401  declares itself
