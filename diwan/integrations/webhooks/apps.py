"""Django application of the adapter."""

from django.apps import AppConfig


class WebhooksIntegrationConfig(AppConfig):
    """Registers the adapter with Django under its short label."""

    name = "diwan.integrations.webhooks"
    label = "integrations_webhooks"
