"""Django application of the adapter."""

from django.apps import AppConfig


class MailIntegrationConfig(AppConfig):
    """Registers the adapter with Django under its short label."""

    name = "diwan.integrations.mail"
    label = "integrations_mail"
