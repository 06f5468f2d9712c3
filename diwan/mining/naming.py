"""What roles and other lanes are called."""

from django.utils.translation import gettext as _

from diwan.bpmn.drawing import SYSTEM
from diwan.catalogue.queries import lookup
from diwan.kit import clock


def role_names(language: str) -> dict[str, str]:
    """Names by role code, and of the lanes that are no role."""
    names = {row.code: getattr(row.name, language) for row in lookup("roles", clock.today())}
    others = {
        "applicant": _("The applicant"), "party": _("The other party"), "outside": _("Outside bodies"),
        SYSTEM: _("By itself"),
    }  # fmt: skip
    return {**names, **others}
