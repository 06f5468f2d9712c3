"""Django application of the adapter."""

from django.apps import AppConfig


class SmsIntegrationConfig(AppConfig):
    """Registers the adapter with Django under its short label."""

    name = "diwan.integrations.sms"
    label = "integrations_sms"
