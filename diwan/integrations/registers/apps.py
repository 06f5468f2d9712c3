"""Django application of the adapter."""

from django.apps import AppConfig


class RegistersIntegrationConfig(AppConfig):
    """Registers the adapter with Django under its short label."""

    name = "diwan.integrations.registers"
    label = "integrations_registers"
