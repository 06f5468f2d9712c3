"""When the demo's commands refuse to work."""

from django.conf import settings

from diwan.cases.models import Case
from diwan.demo.models import DemoMark
from diwan.kit.errors import N_, DiwanError
from diwan.people.models import Account


class NotInProduction(DiwanError):
    """Production knows no demo people."""

    code = "demo.not_in_production"
    message = N_(
        "This installation is set up for production. Demo data can neither be loaded nor removed here."
    )


class NotADemo(DiwanError):
    """The database was not filled by `diwan demo load`."""

    code = "demo.not_a_demo"
    message = N_("This database was not filled by the demo, so nothing was removed.")


class NotEmpty(DiwanError):
    """The database holds people or cases of somebody else."""

    code = "demo.not_empty"
    message = N_(
        "This database already holds people or cases that are not the demo's. Demo data was not loaded."
    )


class CatalogueMissing(DiwanError):
    """The demo needs the catalogue."""

    code = "demo.catalogue_missing"
    message = N_("Load the catalogue of services first: diwan catalogue load")


def refuse_production() -> None:
    """Raise NotInProduction where no demo may be."""
    if settings.DIWAN.profile == "production":
        raise NotInProduction


def demo_mark() -> DemoMark:
    """The mark of this database; NotADemo without one."""
    mark = DemoMark.objects.first()
    if mark is None:
        raise NotADemo
    return mark


def refuse_foreign_data() -> None:
    """Raise NotEmpty when an unmarked database holds people or cases."""
    if not DemoMark.objects.exists() and (Account.objects.exists() or Case.objects.exists()):
        raise NotEmpty
