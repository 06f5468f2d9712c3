"""Django application of the package."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Registers the package with Django, its answers to checks, and what an issued licence brings about."""

    name = "diwan.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register answers to internal checks and results; models must be loaded before."""
        # Imported here since models are complete only when the applications are loaded.
        from diwan.cases.registry import on_issued
        from diwan.registers import consequences, objections, queries, site  # noqa: F401  they register what they do
        from diwan.registers.actions import enter_licence

        on_issued("licence")(enter_licence)
        on_issued("certificate")(enter_licence)
