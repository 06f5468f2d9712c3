"""Django application of the adapter."""

from django.apps import AppConfig


class PaymentsIntegrationConfig(AppConfig):
    """Registers the adapter with Django under its short label."""

    name = "diwan.integrations.payments"
    label = "integrations_payments"
