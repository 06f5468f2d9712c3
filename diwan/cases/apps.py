"""Django application of the package."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the package with Django, its automatic acts, and who may touch the papers of drafts and cases."""

    name = "diwan.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register acts, follow-ups, notices and owners of files; models must be loaded before."""
        from diwan.cases import checks, notices, papers, rulings  # noqa: F401  they register themselves
        from diwan.cases.actions import open_child, open_follow_ups  # noqa: F401  they register themselves
