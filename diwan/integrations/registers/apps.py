"""Django application of the adapter."""

from django.apps import AppConfig


class RegistersIntegrationConfig(AppConfig):
    """Registers the adapter and its event handler."""

    name = "diwan.integrations.registers"
    label = "integrations_registers"

    def ready(self) -> None:
        from diwan.integrations.registers import outside  # noqa: F401  models must be loaded before handlers are
