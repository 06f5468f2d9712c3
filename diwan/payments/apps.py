"""Django application of the package."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Registers the package with Django under its short label."""

    name = "diwan.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
